"""Page: how it works, how true it is, what it must not be used for."""

from balance.app import look
from balance.pipeline.validation.accuracy import Accuracy, load_accuracy
from balance.pipeline.validation.benchmark_table import Figure
from balance.reference.loader import load_safety, published_sources
from balance.reporting.pages.methods import METHOD_SOURCES
from balance.reporting.words import wording
from balance.reporting.words.measure_words import measure_words

STEPS = """
1. **Your camera records you** at up to 1280 × 720. In the browser a small program finds
   33 points of your body in every frame. From these the *live* view tells you what to
   do, and when the clock starts and stops.
2. **The video is measured afterwards**, as any video file is: the points without any
   smoothing, true seconds from the video's own clock, and the movement of your hips
   followed by the texture of your clothes to fractions of a pixel.
3. **Each number comes with an interval** that holds the true value 95 times in 100.
   What cannot be told is called *cannot tell*, never guessed.
"""
TERMS = """
- **Hold**: seconds from foot-off to foot-down. Where the end was not seen, or the test
  was capped, it is shown as ≥.
- **Sway**: side-to-side (mediolateral, ML) movement of the pelvis, its mean removed,
  resampled to 25 Hz, low-passed with a 4th-order zero-phase Butterworth filter. One
  camera in front cannot see forward and backward.
- **2D knee valgus** (frontal plane projection angle, FPPA): + means the knee moves
  towards the midline. It is an appearance in the image, not the joint's own angle.
- **Compensations**: trunk lean, knee valgus, heel lift, each with a threshold whose
  source is named.
- **Real change**: more than the minimum detectable change: the person's own as soon as
  enough visits are known, the published one before that.
"""
NOT_FOR = (
    "Not to decide about treatment, about returning to sport or work, or about "
    "driving, and not instead of being seen by somebody after a fall."
)
PRIVACY = """
- **Nothing leaves this computer**: no image, no number, no usage statistics.
- Results and videos from the webcam are kept in a private folder of this computer,
  beside the history, until you delete them on the page Result; uploads are deleted as
  soon as they are measured.
- The camera is on only while the test view is open.
- Only what you keep under *People* stays: numbers and the places of the joints, no
  image. You can take all of it with you and have it deleted there.
"""
# What is shown on top, in the figures' own names and in plain words.
SHOWN = {
    "hold_s": "How long you stood on one leg",
    "foot_off_s": "The moment the foot left the floor",
    "foot_down_s": "The moment it came down",
    "sway_ml_rms_mm": "Sway from side to side",
    "sway_ml_speed_mm_s": "Sway, mean speed",
    "repetitions": "Number of squats",
    "fppa_deg, square": "Knee inwards in a squat, as the camera sees it",
    "fppa_frontal_deg, square": "Knee inwards in a squat, camera taken out",
    "knee_flexion_deg, square": "Depth of a squat, recorded from the front",
    "knee_flexion_deg, side": "Depth of a squat, recorded from the side",
    "knee_valgus, square": "Did the knee move inwards?",
}
PATH_TERMS = {
    "r": "pelvis path, 1 − r with the truth",
    "residual_mm": "pelvis path, residual in mm",
}
SOURCES = {
    "Method": METHOD_SOURCES,
    "Typical times": published_sources("norms.toml"),
    "Squats": published_sources("squat_thresholds.toml"),
    "Real change": published_sources("change.toml"),
    "Protocols": published_sources("protocols.toml"),
    "Safety": published_sources("safety.toml"),
}


def show() -> None:
    """Show methods, accuracy, sources, limits and privacy."""
    import streamlit as st

    look.heading("How it works", "A camera, true seconds, and honest numbers.")
    st.markdown(STEPS)
    st.header("How exact is it?", anchor=False)
    _accuracy(load_accuracy())
    st.header("What it must not be used for", anchor=False)
    st.markdown(f"- {NOT_FOR}")
    for statement in load_safety().disclaimers:
        st.markdown(f"- {statement.text}")
    st.header("Privacy", anchor=False)
    st.markdown(PRIVACY)
    with st.expander("Words that clinicians use"):
        st.markdown(TERMS)
    with st.expander("Sources"):
        for title, sources in SOURCES.items():
            st.markdown(f"**{title}**")
            st.markdown("\n".join(f"- {source}" for source in sources))


def _accuracy(found: Accuracy) -> None:
    """Say what was measured, on whom and when; the whole table one click below."""
    import streamlit as st

    rows = [(words, found.of(name)) for name, words in SHOWN.items()]
    st.table([_row(words, figure) for words, figure in rows if figure])
    st.caption(
        f"Measured on {found.measured_on} by version {found.version}: "
        f"{len(found.clips)} recordings of {found.people} rendered people whose true "
        "movement is known exactly; some stands were recorded again in worse light, "
        "compressed, shaken, at half the frames or through a browser. Nobody real "
        "is among them: hip points of real people and wide clothes may differ. "
        "`balance benchmark` prints it again, `balance selftest` checks this computer."
    )
    st.markdown(
        "The seconds shown *live* are meant to be within 0.3 s and are rough on a slow "
        "computer; the page says so then. The result is measured from the video."
    )
    with st.expander("For clinicians: all figures, and the recordings"):
        st.table([_row(_term(one), one) for one in found.figures if one.given])
        st.caption(", ".join(found.clips))


def _row(words: str, figure: Figure) -> dict[str, str]:
    unit = wording.UNIT_SIGNS.get(figure.unit, figure.unit)
    return {
        "What": words,
        "Usually off by": _off(figure.median, unit),
        "At worst": _off(figure.worst, unit),
        "95 % interval held the truth": (
            "" if figure.covered is None else f"{figure.covered} of {figure.bounded}"
        ),
        "Given": _counts(figure),
    }


def _counts(figure: Figure) -> str:
    if figure.right is not None:
        unsaid = figure.asked - figure.given
        told = f"right in {figure.right} of {figure.given}"
        return f"{told}, cannot tell in {unsaid}" if unsaid else told
    return f"{figure.given} of {figure.asked}"


def _off(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    if not value:
        return "exact"
    if value < 0.005:
        number = "under 0.01"
    else:
        number = wording.say_number(value, 2 if value < 1 else 1)
    return f"{number}{unit}" if unit in ("°", "%") else f"{number} {unit}".strip()


def _term(figure: Figure) -> str:
    name, _, view = figure.measure.partition(", ")
    term = PATH_TERMS.get(name) or measure_words(name)[1]
    return f"{term}, camera {view}" if view else term
