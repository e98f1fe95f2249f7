"""One trial on the screen: seen live, how far the measurement is, its result."""

from collections.abc import Mapping
from typing import Any

from balance.app import look
from balance.app.measuring import Job
from balance.app.state import SessionState
from balance.live.words import ENDINGS
from balance.model.codes import EndReason, TrialKind
from balance.model.results import Assessment, Trial
from balance.reporting.words import wording

# Live and final are two measurements of one thing; farther apart than this is said.
APART_S = 0.5


def show_outcome(here: SessionState, job: Job) -> None:
    """Show one trial: its number first, then where it comes from."""
    import streamlit as st

    seen: dict[str, Any] = job.about.get("trial") or {}
    if job.is_open:
        _show_live(job, seen)
        return
    if job.state == "failed" or job.folder is None:
        _show_live(job, seen)
        show = st.info if job.state == "cancelled" else st.error
        show(look.plain(job.sentence))
        return
    from balance.model.files import read_assessment

    assessment = read_assessment(job.folder / "assessment.json")
    trial = same_trial(assessment, seen)
    if trial is None:
        _show_live(job, seen)
        st.warning(look.plain(wording.nothing_measured(assessment)))
        return
    _show_measured(job, trial, seen)
    _learn(here, job, trial, seen)


def same_trial(assessment: Assessment, seen: Mapping[str, Any]) -> Trial | None:
    """Return the trial that the live test saw: the longest of its kind on that leg."""
    side, kind = seen.get("side"), seen.get("kind")
    on_leg = [t for t in assessment.trials if side in (None, "", "both", t.side)]
    same = [t for t in on_leg if t.kind == kind] or on_leg
    return max(same, key=lambda t: t.end_s - t.start_s, default=None)


def _show_live(job: Job, seen: dict[str, Any]) -> None:
    if not seen:
        return
    stand = seen["kind"] == TrialKind.SINGLE_LEG_STANCE
    look.number_card(
        _title(job, seen["side"]),
        f"{seen['hold_s']:.1f}" if stand else str(seen["repetitions"]),
        "seconds" if stand else "squats",
        "As seen live; the video is being measured.",
        ENDINGS.get(EndReason(seen["end_reason"]), ""),
    )


def _show_measured(job: Job, trial: Trial, seen: dict[str, Any]) -> None:
    import streamlit as st

    hold = trial.measures.get("hold_s")
    if wording.is_set(trial) or hold is None:
        value, unit = str(len(trial.repetitions)), wording.counted(trial)
        source = "Counted in the video."
    else:
        said = wording.say_in(trial, "hold_s", hold)
        value, unit = said.value, "seconds"
        source = f"Measured from the video; {look.sure(said.interval)}."
    why = wording.end_words(trial)
    look.number_card(_title(job, trial.side), value, unit, source, why)
    if beside := beside_live(trial, seen):
        st.caption(beside)


def beside_live(trial: Trial, seen: Mapping[str, Any]) -> str:
    """Say what the live view had made of a trial, and which of the two counts."""
    if seen.get("kind") != trial.kind:
        return ""
    if wording.is_set(trial):
        live = seen["repetitions"]
        text, differs = f"Live it was {live}.", live != len(trial.repetitions)
        why = "misses some when the computer is busy"
    else:
        hold = trial.measures.get("hold_s")
        text = f"Live it was {seen['hold_s']:.1f} s."
        differs = hold is not None and abs(hold.value - seen["hold_s"]) > APART_S
        why = "may miss a quick touch"
    return (
        f"{text} What counts is measured from the video; the live view {why}."
        if differs
        else text
    )


def _title(job: Job, side: str) -> str:
    leg = {"left": "Left leg", "right": "Right leg"}.get(side, "Both legs")
    return f"{job.name} · {leg}"


def _learn(here: SessionState, job: Job, trial: Trial, seen: dict[str, Any]) -> None:
    """Ten steady seconds with open eyes open the way to the harder tests."""
    hold = trial.measures.get("hold_s")
    stand = trial.kind is TrialKind.SINGLE_LEG_STANCE and seen
    if stand and hold is not None and job.setup.conditions.eyes == "open":
        here.learn_hold(trial.side, hold.value)
