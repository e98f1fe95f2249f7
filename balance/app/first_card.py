"""The first card of a result: verdict, each leg among its age, change, what to do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from balance.app.look import day_in_words
from balance.app.outcome import same_trial
from balance.app.state import Offer
from balance.model.codes import Answer, JudgementCode, TrialKind
from balance.model.results import Assessment, Trial
from balance.reporting.words import wording

if TYPE_CHECKING:
    from balance.reporting.pages.report_view import Card

LEGS = ("left", "right")
SHOWN_S = 45.0  # the longest hold of the norms
# Whether a hold is below the lower limit of its age, as people say it.
VERDICTS = {
    Answer.YES: ("!", "shorter than usual at this age."),
    Answer.NO: ("✓", "as usual at this age."),
    Answer.CANNOT_TELL: ("?", "close to the limit of this age, too close to tell."),
}
NOT_COMPARED = "○ Not compared with your age: tell age and eyes below."


def asked_for(assessment: Assessment, seen: Mapping[str, Any]) -> Assessment:
    """Return a try's result with the stand that was asked for, not the wrong leg's.

    ``seen`` is what the live test saw of it; all of a video that nobody asked for.
    """
    stand = seen.get("kind") == TrialKind.SINGLE_LEG_STANCE
    if not stand or seen.get("side") not in LEGS:
        return assessment
    trial = same_trial(assessment, seen)
    return replace(assessment, trials=() if trial is None else (trial,))


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
    """Show the verdict in words and shape, and the best of each leg, left first."""
    import streamlit as st

    best = best_holds(assessments)
    if not best:
        return
    lines = [f'<p class="verdict">{escape(line)}</p>' for line in verdict(best)]
    legs = "".join(_leg(leg, best.get(leg)) for leg in LEGS)
    st.html(
        f'<section class="card first">{"".join(lines)}'
        f'<div class="legs">{legs}</div></section>'
    )


def verdict(best: dict[str, Trial]) -> list[str]:
    """Say of each leg whether it held as long as is usual at that age."""
    said = {
        leg: VERDICTS[judgement.answer]
        for leg, trial in best.items()
        for judgement in trial.judgements
        if judgement.code is JudgementCode.HOLD_BELOW_AGE_BAND
    }
    if len(said) == len(LEGS) and len(set(said.values())) == 1:
        shape, words = said[LEGS[0]]
        return [f"{shape} Both legs: {words}"]
    return [
        f"{shape} {leg.title()} leg: {words}" for leg, (shape, words) in said.items()
    ] or [NOT_COMPARED]


def _seconds(trial: Trial) -> float:
    hold = trial.measures["hold_s"]
    return hold.value if hold is not None else 0.0


def _leg(leg: str, trial: Trial | None) -> str:
    """One leg's best time, as a number and as a bar with the typical time marked."""
    title = f"<h2>{leg.title()} leg</h2>"
    if trial is None:
        none = '<div class="number">–</div><p class="why">Not tried.</p>'
        return f"<div>{title}{none}</div>"
    seconds = _seconds(trial)
    hold = trial.measures["hold_s"]
    assert hold is not None
    number = wording.say_in(trial, "hold_s", hold).value
    typical = trial.norm.typical_s if trial.norm is not None else None
    words, mark, below = f"{leg.title()} leg, {seconds:.1f} seconds", "", ""
    if typical is not None:
        words += f"; typical at this age {typical:.1f}"
        mark = f'<i class="mark-typical" style="left:{_share(typical):.1f}%"></i>'
        below = f'<p class="why">Typical at this age: {typical:.1f} s</p>'
    number = escape(number).replace("≥", "<small>at least</small>")
    return (
        f'<div>{title}<div class="number">{number} <small>seconds</small></div>'
        f'<div class="bar {leg}" role="img" aria-label="{escape(words)}">'
        f'<i style="width:{_share(seconds):.1f}%"></i>{mark}</div>{below}</div>'
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
    holds = {q: trend for q, trend in trends.items() if q.measure == "hold_s"}
    before = {q: trend for q, trend in holds.items() if len(trend.visits) > 1}
    if before:
        st.header("Since last time", anchor=False)
    elif holds:
        st.markdown("The first result that is kept. Next time the change stands here.")
    for question, trend in before.items():
        last = trend.visits[-2]
        least = "at least " if last.best_censored else ""
        said, _, source = trend.text.partition(" (")
        st.markdown(
            f"**{question_title(question)}.** Last time ({day_in_words(last.on)}): "
            f"{least}{last.best:.1f} s. {said.rstrip('.')}."
        )
        if source:
            st.caption(source.removesuffix(".").removesuffix(")"))


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
