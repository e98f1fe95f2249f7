"""The first card of a result: verdict, each leg among its age, change, what to do."""

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from balance.app.state import Offer, SessionState
from balance.model.codes import Answer, JudgementCode, TrialKind
from balance.model.results import Assessment, Trial
from balance.reporting.words import wording

if TYPE_CHECKING:
    from balance.reporting.pages.report_view import Card

LEGS = ("left", "right")
SHOWN_S = 45.0  # the longest hold of the norms
BELOW = {
    Answer.YES: "below the lower limit for this age.",
    Answer.NO: "not below the lower limit for this age.",
    Answer.CANNOT_TELL: "close to the lower limit for this age.",
}


def best_holds(assessments: Sequence[Assessment]) -> dict[str, Trial]:
    """Return the best stand of each leg, the left one first."""
    stands = [
        trial
        for one in assessments
        for trial in one.trials
        if trial.kind is TrialKind.SINGLE_LEG_STANCE and trial.measures.get("hold_s")
    ]
    return {
        leg: max(mine, key=_seconds)
        for leg in LEGS
        if (mine := [trial for trial in stands if trial.side == leg])
    }


def show_verdict(assessments: Sequence[Assessment]) -> None:
    """Show the verdict in words and shape, and a bar for each leg."""
    import streamlit as st

    best = best_holds(assessments)
    if not best:
        return
    lines = [f'<p class="verdict">{escape(line)}</p>' for line in verdict(best)]
    bars = "".join(_bar(leg, trial) for leg, trial in best.items())
    st.html(f'<section class="card first">{"".join(lines)}{bars}</section>')


def verdict(best: dict[str, Trial]) -> list[str]:
    """Say of each leg whether it held as long as is usual at that age."""
    lines = []
    for leg, trial in best.items():
        for judgement in trial.judgements:
            if judgement.code is JudgementCode.HOLD_BELOW_AGE_BAND:
                shape = wording.ANSWER_SHAPES[judgement.answer]
                said = BELOW[judgement.answer]
                lines.append(f"{shape} {leg.capitalize()} leg: {said}")
    return lines or ["○ Not compared with your age: tell age and eyes below."]


def _seconds(trial: Trial) -> float:
    hold = trial.measures["hold_s"]
    return hold.value if hold is not None else 0.0


def _bar(leg: str, trial: Trial) -> str:
    """One leg's seconds as a bar, with the typical time of the age as a mark."""
    seconds = _seconds(trial)
    typical = trial.norm.typical_s if trial.norm is not None else None
    words = f"{leg.capitalize()} leg, {seconds:.1f} seconds"
    mark = ""
    if typical is not None:
        words += f"; typical at this age {typical:.1f}"
        mark = f'<i class="mark-typical" style="left:{_share(typical):.1f}%"></i>'
    number = f"{leg.capitalize()} {seconds:.1f} s"
    told = f"<span>typical {typical:.1f} s</span>" if typical is not None else ""
    return (
        f'<div class="bar-line"><b>{number}</b>{told}</div>'
        f'<div class="bar {leg}" role="img" aria-label="{escape(words)}">'
        f'<i style="width:{_share(seconds):.1f}%"></i>{mark}</div>'
    )


def _share(seconds: float) -> float:
    return 100.0 * min(max(seconds / SHOWN_S, 0.0), 1.0)


def ordered(cards: Sequence["Card"]) -> list["Card"]:
    """Return the cards with the left leg on the left."""
    place = {"left": 0, "right": 1}
    return sorted(cards, key=lambda card: place.get(card.side, 2))


def show_change(offer: Offer) -> None:
    """Say what has changed since the last visit, where the person is kept."""
    import streamlit as st

    from balance.history.pages import person_page
    from balance.history.store import open_store
    from balance.reporting.pages.visit_report import question_title

    codes = {job.person for job in offer.jobs if job.saved}
    if len(codes) != 1:
        return
    with open_store() as store:
        trends = person_page(store, codes.pop()).trends
    for question, trend in trends.items():
        if question.measure == "hold_s":
            st.markdown(f"**{question_title(question)}.** {trend.text}")


def show_next(here: SessionState) -> None:
    """Offer what to do with it."""
    import streamlit as st

    if "training" in here.pages and st.button("Train this", key="train-this"):
        st.switch_page(here.pages["training"])


def ask_facts(
    offer: Offer, shown: Assessment, told: Callable[[Path, float | None, str], object]
) -> None:
    """Let age and eyes be told on the result; each answer changes it at once.

    ``told`` takes a result's folder, the age in years and the eyes.
    """
    import streamlit as st

    age, eyes = shown.person.age_years, shown.conditions.eyes
    if not best_holds([shown]) or not offer.folders:
        return
    key = offer.folders[0].name

    def tell() -> None:
        years, seen = st.session_state[f"age-{key}"], st.session_state[f"eyes-{key}"]
        for folder in offer.folders:
            told(folder, years, seen)

    unknown = age is None or eyes == "unknown"
    with st.expander("Age and eyes", expanded=unknown, key=f"facts-{key}"):
        left, right = st.columns(2)
        left.number_input(
            "Age in years",
            5,
            110,
            None if age is None else int(age),
            key=f"age-{key}",
            on_change=tell,
        )
        choices = ("unknown", "open", "closed")
        right.selectbox(
            "Eyes", choices, choices.index(eyes), key=f"eyes-{key}", on_change=tell
        )
