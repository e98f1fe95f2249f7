"""Page: how it works, how true it is, what it must not be used for."""

from balance.reference import load_norms, load_safety
from balance.ui import look

STEPS = """
1. **Your camera films you** at up to 1280 × 720. In the browser a small program finds
   33 points of your body in every picture and tells you what to do. It also says when
   the clock starts and stops. That is the *live* view.
2. **The film is measured afterwards**, as any video file is: the points without any
   smoothing, true seconds from the film's own clock, and the movement of your hips
   followed by the texture of your clothes to fractions of a pixel.
3. **Each number comes with an interval** that holds the true value 95 times in 100.
   What cannot be told is called *cannot tell*, never guessed.
"""
TERMS = """
- **Hold**: seconds from foot-off to foot-down. Where the end was not seen, or the test
  was capped, it is shown as ≥.
- **Sway**: side-to-side (mediolateral, ML) movement of the pelvis. One camera in front
  cannot see forward and backward.
- **2D knee valgus** (frontal plane projection angle, FPPA): + means the knee moves
  towards the midline.
- **Compensations**: trunk lean, knee valgus, heel lift, each with a threshold whose
  source is named.
"""
PRIVACY = """
Nothing leaves this computer: no picture, no number, no usage statistics. Films from the
webcam and uploads lie in a private temporary folder and are deleted when the program
stops; uploads as soon as they are measured. The camera is on only while the test view
is open.
"""


def show() -> None:
    """Show methods, accuracy, sources, limits and privacy."""
    import streamlit as st

    look.heading("How it works", "A camera, true seconds, and honest numbers.")
    st.markdown(STEPS)
    st.subheader("How exact is it?", anchor=False)
    _accuracy()
    st.subheader("What it must not be used for", anchor=False)
    for statement in load_safety().disclaimers:
        st.markdown(f"- {statement.text}")
    st.subheader("Privacy", anchor=False)
    st.markdown(PRIVACY)
    with st.expander("Words that clinicians use"):
        st.markdown(TERMS)
    with st.expander("Sources"):
        for source in dict.fromkeys(norm.source for norm in load_norms()):
            st.markdown(f"- {source}")
        gates = load_safety()
        for statement in (*gates.stop_rules, *gates.set_up):
            st.caption(f"“{statement.text}” – {statement.source}")


def _accuracy() -> None:
    """Say what is aimed at, and let this computer show what it reaches."""
    import streamlit as st

    st.table(
        [
            {"What": "Hold, measured from the film", "Goal": "within 0.10 s"},
            {"What": "Hold, shown live", "Goal": "within 0.3 s"},
            {"What": "Cue after the movement", "Goal": "within 0.15 s"},
        ]
    )
    st.caption(
        "Goals, checked against rendered people whose true movement is known. What "
        "this computer reaches: run `balance selftest`."
    )
