"""What came of a named test: step by step as seen live, then measured and scored."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from balance.analysis.protocols.run import (
    Run,
    failed_stage,
    next_step,
    standings,
    stop,
    why_over,
)
from balance.app import look
from balance.app.measuring import Job
from balance.app.state import SessionState
from balance.live import LiveTest, Phase, ProtocolAgenda
from balance.model.codes import Answer, EndReason, EventCode
from balance.model.corrections import ADDED, Correction, EventTarget, TrialField

if TYPE_CHECKING:
    from balance.analysis.protocols.score import ProtocolScore

PAGE = "protocols"
SIGNS = {True: "✓", False: "✗", None: "○"}
ANSWERS = {Answer.YES: "✓", Answer.NO: "✗", Answer.CANNOT_TELL: "?"}
BY = "told after the test"
WAITING = (
    "Step back until your whole body is in the image. A voice tells you what to do; "
    "you need not touch anything. Whoever helps may press the buttons. Nothing you "
    "video leaves this computer."
)


def run_of(here: SessionState) -> Run:
    """Return the run as it stands, with what was told of it."""
    test = here.live.test
    assert test is not None
    agenda = test.agenda
    assert isinstance(agenda, ProtocolAgenda)
    run = agenda.so_far(here.told_of(test.done))
    over = test.phase is Phase.FINISHED and next_step(run) is not None
    return stop(run, "Stopped before the end.") if over else run


def ask_unseen(here: SessionState) -> None:
    """Ask for what no camera sees, once the test is over."""
    import streamlit as st

    test = here.live.test
    assert test is not None
    done = dict(enumerate(test.done))
    run = run_of(here)
    closed = [i for i, trial in done.items() if _eyes_closed(run, trial.stage)]
    if not done:
        here.answered = True
        return

    def name(index: int) -> str:
        leg = "" if done[index].side == "both" else f", {done[index].side}"
        return f"{done[index].title}{leg}"

    with st.form("unseen"):
        st.markdown("**What the camera cannot see**")
        known = _noted(test, EndReason.HAND_SUPPORT)
        hands = st.multiselect(
            "Where did a hand hold on to something? Leave it empty if nowhere.",
            list(done),
            known,
            format_func=name,
        )
        eyes: list[int] = []
        if closed and not run.protocol.error_types:
            eyes = st.multiselect(
                "Where did the eyes open? Leave it empty if nowhere.",
                closed,
                _noted(test, EndReason.EYES_OPENED),
                format_func=name,
            )
        if st.form_submit_button("That is right", type="primary"):
            here.told = {
                **dict.fromkeys(eyes, EndReason.EYES_OPENED),
                **dict.fromkeys(hands, EndReason.HAND_SUPPORT),
            }
            here.answered = True
            st.rerun()


def _noted(test: LiveTest, reason: EndReason) -> list[int]:
    return [i for i, trial in enumerate(test.done) if trial.end_reason == reason]


def _eyes_closed(run: Run, stage: str) -> bool:
    return run.protocol.stage(stage).eyes == "closed"


def progress(here: SessionState) -> None:
    """Show how far it is; the page comes anew with each trial and each result."""
    import streamlit as st

    view = here.live.view
    if view is None:
        return
    over = view.phase is Phase.FINISHED
    run = run_of(here)
    jobs = here.tries(PAGE)[here.first_try :]
    if not view.done:
        st.caption(WAITING)
    if over and here.answered:
        _outcome(here, run, jobs)
    else:
        _as_seen_live(run, run.protocol.title)
    _videos(here, jobs)


def _as_seen_live(run: Run, title: str) -> None:
    rows = [
        (SIGNS[one.passed], _with_leg(one.title, one.leg), one.words)
        for one in standings(run)
    ]
    look.rows(title, rows)


def _as_measured(score: "ProtocolScore") -> None:
    from balance.reporting.words.protocol_score import scored_lines, symmetry_lines

    rows = []
    for one in score.stages:
        name = _with_leg(one.stage.title, one.leg)
        said = one.because.removeprefix(f"{one.stage.title}: ")
        rows.append((ANSWERS[one.passed], name, said))
        rows += [("", *line) for line in scored_lines(score.protocol, one)]
    look.rows(
        f"{score.protocol.title}: measured from the videos",
        rows,
        more=symmetry_lines(score),
    )


def _with_leg(title: str, leg: str) -> str:
    return title if leg == "both" else f"{title}, {leg}"


def _outcome(here: SessionState, run: Run, jobs: list[Job]) -> None:
    """Say what it gave: measured from the videos where they are ready, else as live."""
    import streamlit as st

    score = None if any(job.is_open for job in jobs) else _scored(here, run, jobs)
    if score is None:
        _as_seen_live(run, f"{run.protocol.title}: as seen live")
        st.caption("The videos are being measured; what counts is what they show.")
        failed = failed_stage(run)
    else:
        _as_measured(score)
        failed = score.ended_at
        _total(score)
    ended = f"Ended at the first position not held: {failed.title}." if failed else ""
    st.markdown(f"**{ended or why_over(run) or ''}**")
    if score is not None:
        from balance.reporting.words.protocol_norms import published_lines

        age, sex = here.person.age_years, here.person.sex
        for line in published_lines(score, age, sex):
            st.markdown(f"- {line}")
    _unseen_positions(here)
    st.caption(f"Source: {run.protocol.source}")


def _unseen_positions(here: SessionState) -> None:
    """Say where the view did not show that the feet stood as asked."""
    import streamlit as st

    test = here.live.test
    done = test.done if test is not None else []
    titles = [trial.title for trial in done if not trial.position_seen]
    if titles:
        names = ", ".join(dict.fromkeys(titles))
        st.info(f"The camera did not see how the feet stood: {names}.")


def _total(score: "ProtocolScore") -> None:
    import streamlit as st

    if not score.protocol.error_types:
        return
    if score.total is None:
        st.markdown("No total: a position is missing.")
        return
    sign = "" if score.total.high is not None else "≥ "
    look.number_card(
        "All positions together",
        f"{sign}{score.total.value:.0f}",
        "errors",
        "",
        "The camera does not see the eyes, so there may have been more. An error that "
        "was none, or one that was missed, is put right on the page Result.",
    )


def _scored(here: SessionState, run: Run, jobs: list[Job]) -> "ProtocolScore | None":
    """Score the videos of this run; read again only when a result has changed."""
    from balance.analysis.protocols.score import Take, score_stages
    from balance.model.files import read_assessment, read_recording

    for job in jobs:
        _note(here, job)
    folders = {job.folder: job for job in jobs if job.folder is not None}
    if not folders:
        return None
    changed = tuple(
        (folder, (folder / "assessment.json").stat().st_mtime_ns) for folder in folders
    )
    if here.score is None or here.score[0] != changed:
        takes: dict[str, list[Take]] = {}
        for folder, job in folders.items():
            take = Take(
                read_recording(folder / "landmarks.npz"),
                read_assessment(folder / "assessment.json"),
            )
            takes.setdefault(_seen(job).get("stage", ""), []).append(take)
        here.score = (changed, score_stages(run.protocol, takes))
    score: ProtocolScore = here.score[1]
    return score


def _note(here: SessionState, job: Job) -> None:
    """Write what was told of a trial into its measured result, once."""
    from balance.app.outcome import same_trial
    from balance.model.files import read_assessment
    from balance.reporting.pages.corrected import correct_result

    test, seen = here.live.test, _seen(job)
    if test is None or job.folder is None or job.about.get("noted"):
        return
    job.about["noted"] = True
    assessment = read_assessment(job.folder / "assessment.json")
    trial = same_trial(assessment, seen)
    if trial is None:
        return
    position = 1 + assessment.trials.index(trial)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    index = [one.start_s for one in test.done].index(seen["start_s"])
    if index in here.told:
        reason = here.told[index].value
        noted = Correction(position, TrialField.END_REASON, reason, BY, at)
        correct_result(job.folder, noted)
    for opened_s in seen.get("eyes_opened_s", ()):
        second = min(trial.start_s + opened_s, trial.end_s)
        what = EventTarget(EventCode.EYES_OPENED, second)
        noted = Correction(position, what, ADDED, BY, at)
        correct_result(job.folder, noted)


def _seen(job: Job) -> Mapping[str, Any]:
    trial: Mapping[str, Any] = job.about.get("trial") or {}
    return trial


def _videos(here: SessionState, jobs: list[Job]) -> None:
    """Offer each video with its result, newest first."""
    import streamlit as st

    for job in reversed(jobs):
        if job.is_open:
            st.caption(f"“{look.plain(job.name)}” is being measured from its video.")
        elif job.folder is None:
            st.error(look.plain(f"{job.name}: {job.sentence}"))
        elif st.button(f"See “{look.plain(job.name)}” again", key=f"video-{job.key}"):
            here.shown = (job.folder,)
            st.switch_page(here.pages["result"])
