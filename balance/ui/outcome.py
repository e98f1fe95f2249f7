"""One try on the screen: what was seen live, how far the measurement is, its result."""

from typing import Any

from balance.codes import EndReason, TrialKind
from balance.live.words import ENDINGS
from balance.reporting.wording import nothing_measured
from balance.results import Assessment, Trial
from balance.ui import look
from balance.ui.measuring import Job
from balance.ui.state import Visit

# Live and final are two measurements of one thing; farther apart than this is said.
APART_S = 0.5


def show_outcome(here: Visit, job: Job) -> None:
    """Show one try: its number first, then where it comes from."""
    import streamlit as st

    seen: dict[str, Any] = job.about.get("trial") or {}
    if job.is_open:
        _show_live(job, seen)
        text = job.doing or "Waiting for its turn"
        st.progress(job.share, f"Measuring from the film: {text} …")
        return
    if job.state == "failed" or job.folder is None:
        _show_live(job, seen)
        st.error(job.sentence)
        return
    from balance.contract import read_assessment

    assessment = read_assessment(job.folder / "assessment.json")
    trial = longest(assessment, seen.get("side"))
    if trial is None:
        _show_live(job, seen)
        st.warning(nothing_measured(assessment))
        return
    _show_measured(job, trial, seen)
    _learn(here, job, trial, seen)


def longest(assessment: Assessment, side: str | None) -> Trial | None:
    """Return the trial that the live test saw: the longest on that leg."""
    same = [t for t in assessment.trials if side in (None, "", "both", t.side)]
    return max(same, key=lambda t: t.end_s - t.start_s, default=None)


def _show_live(job: Job, seen: dict[str, Any]) -> None:
    if not seen:
        return
    stand = seen["kind"] == TrialKind.SINGLE_LEG_STANCE
    look.number_card(
        _title(job, seen["side"]),
        f"{seen['hold_s']:.1f}" if stand else str(seen["repetitions"]),
        "seconds" if stand else "squats",
        "As seen live; the film is being measured.",
        ENDINGS.get(EndReason(seen["end_reason"]), ""),
    )


def _show_measured(job: Job, trial: Trial, seen: dict[str, Any]) -> None:
    import streamlit as st

    from balance.reporting import wording

    hold = trial.measures.get("hold_s")
    if wording.is_set(trial) or hold is None:
        value, unit = str(len(trial.repetitions)), wording.counted(trial)
        interval = ""
    else:
        said = wording.say(hold)
        value, unit = said.value, "seconds"
        interval = f"Measured from the film; 95 % sure: {said.interval} s."
    why = wording.end_words(trial)
    look.number_card(_title(job, trial.side), value, unit, interval, why)
    if hold is not None and seen and not wording.is_set(trial):
        apart = abs(hold.value - seen["hold_s"])
        text = f"Live it was {seen['hold_s']:.1f} s."
        if apart > APART_S:
            text += " The film is exact; the live view may miss a quick touch."
        st.caption(text)


def _title(job: Job, side: str) -> str:
    leg = {"left": "Left leg", "right": "Right leg"}.get(side, "Both legs")
    return f"{job.name} · {leg}"


def _learn(here: Visit, job: Job, trial: Trial, seen: dict[str, Any]) -> None:
    """Ten steady seconds with open eyes open the way to the harder tests."""
    hold = trial.measures.get("hold_s")
    stand = trial.kind is TrialKind.SINGLE_LEG_STANCE and seen
    if stand and hold is not None and job.setup.conditions.eyes == "open":
        here.learn_hold(trial.side, hold.value)
