"""One trial of a result: stills, answers, score, numbers, corrections."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from balance.app import look
from balance.model.codes import Answer, EndReason, EventCode, TrialKind
from balance.model.corrections import (
    ADDED,
    REMOVED,
    Correction,
    EventTarget,
    JudgementTarget,
    Target,
    TrialField,
)
from balance.model.errors import BalanceError
from balance.model.landmarks import Side
from balance.model.results import Assessment, Finding, Trial
from balance.reporting.pages import report_view
from balance.reporting.pages.score_view import ScoreView, scored
from balance.reporting.video import stills
from balance.reporting.video.stills import DrawnStills, drawn_at
from balance.reporting.words import wording

FRAME_QUALITY = 80  # of a frame beside a correction, as JPEG
# Marks on the time line, and no errors that could be taken away.
NOTES = (EventCode.TOUCHDOWN, EventCode.TRUNK_LEAN_PEAK)
# What counts in a trial whose errors are counted.
ERRORS = (
    EventCode.EYES_OPENED,
    EventCode.HANDS_OFF_HIPS,
    EventCode.STEP_STUMBLE_FALL,
    EventCode.HIP_BEYOND_30_DEG,
    EventCode.FOREFOOT_OR_HEEL_LIFTED,
    EventCode.OUT_OF_POSITION,
)


@dataclass(frozen=True, eq=False)
class Result:
    """A result to look at, on disk or in the history.

    ``key`` tells it from the others of a page; ``correct`` keeps a correction where
    the result came from.
    """

    key: str
    assessment: Assessment
    stills: DrawnStills
    correct: Callable[[Correction], object]
    # Takes the last correction back; None where there is none, or it cannot be.
    undo: Callable[[], object] | None = None
    # The video whose frames stand beside a correction; None where none was kept.
    video: Path | None = None


def show_trial(shown: Result, position: int) -> None:
    """Show the trial of a number, from 1, below a heading of its own."""
    import streamlit as st

    trial = shown.assessment.trials[position - 1]
    st.header(wording.trial_title(trial), anchor=False)
    st.markdown(_span(trial))
    look.stills(_stills(shown, trial))
    for judgement in trial.judgements:
        told = report_view.answered(judgement)
        look.answer(told.shape, told.question, told.word, told.because)
    score = scored(trial)
    if score is not None:
        _score(score)
    # Keys, so that they stay open while what stands above them changes.
    key = f"{shown.key}-{position}"
    with st.expander(
        f"For clinicians: {wording.trial_term(trial)}, all numbers", key=f"all-{key}"
    ):
        _numbers(trial, list(shown.assessment.findings))
    with st.expander("Is something not right? Correct it here", key=f"wrong-{key}"):
        _offer_corrections(shown, trial, position)


def _span(trial: Trial) -> str:
    said = [f"From {trial.start_s:.1f} s to {trial.end_s:.1f} s of the video."]
    said.append(wording.end_words(trial))
    if not trial.start_seen:
        said.append("The start was not seen.")
    if not trial.end_seen:
        said.append("The end was not seen.")
    return " ".join(said)


def _stills(shown: Result, trial: Trial) -> list[dict[str, str]]:
    title = wording.trial_title(trial)
    found = [
        (moment.caption, drawn_at(shown.stills, moment.time_s))
        for moment in stills.moments(trial)
    ]
    return [
        {"uri": uri, "caption": caption, "alt": f"{title}: {caption}"}
        for caption, uri in found
        if uri
    ]


def _score(score: ScoreView) -> None:
    import streamlit as st

    if score.missing:
        missing = " and ".join(score.missing)
        st.markdown(f"**No score:** {missing} could not be told well enough.")
        return

    st.markdown(f"**Score: {score.low}–{score.high} of {score.out_of}**")
    st.caption(
        "From low to high: what could not be told widens it. The weights are this "
        "project's own and have not been validated."
    )
    if not score.reasons:
        st.markdown("No point was lost.")
        return
    st.table(
        [
            {
                "Points lost": f"up to {reason.points_lost:g}",
                "Because": reason.because,
                "Source": reason.source,
            }
            for reason in score.reasons
        ]
    )


def _numbers(trial: Trial, findings: list[Finding]) -> None:
    import streamlit as st

    _table(report_view.measure_rows(trial.measures, trial, findings))
    if trial.signal is not None:
        window, signal = trial.signal.window_s, trial.signal
        st.caption(
            f"Sway from {window[0]:.2f} to {window[1]:.2f} s at {signal.rate_hz:g} Hz, "
            f"low-pass {signal.cutoff_hz:g} Hz."
        )
    for number, repetition in enumerate(trial.repetitions, 1):
        bottom = f"{wording.bottom_words(trial)} at {repetition.bottom_s:.2f} s"
        st.markdown(f"**Number {number}**, {bottom}")
        _table(report_view.measure_rows(repetition.measures, trial, findings))
    for event in trial.events:
        st.markdown(f"- {event.time_s:.1f} s: {wording.EVENT_WORDS[event.code]}")
    for judgement in trial.judgements:
        told = report_view.answered(judgement)
        source = f" Source: {told.source}" if told.source else ""
        st.caption(f"{told.term}: {told.word}. {told.because}.{source}")


def _table(rows: list[report_view.Row]) -> None:
    """Show what was measured; what was not, in a line for each reason."""
    import streamlit as st

    if not rows:
        return
    st.table(
        [
            {
                "Measure": _named(row),
                "Value": f"{row.said.value}{row.said.joined_unit}",
                "95 % interval": row.said.interval,
            }
            for row in rows
            if row.said
        ]
    )
    missing: dict[str, list[str]] = {}
    for row in rows:
        if row.said is None:
            missing.setdefault(row.reason, []).append(row.plain or row.name)
    for reason, names in missing.items():
        st.caption(f"Not given: {'; '.join(names)}. {look.plain(reason)}")


def _named(row: report_view.Row) -> str:
    return f"{row.plain} ({row.term})" if row.plain else row.name


# -- corrections -------------------------------------------------------------------


def _offer_corrections(shown: Result, trial: Trial, position: int) -> None:
    """Let a person say what was not so; the record keeps who, when and what it was."""
    import streamlit as st

    key = f"{shown.key}-{position}"
    if corrected := report_view.corrections(trial):
        lines = "".join(f"  \n{look.plain(line)}" for line in corrected)
        st.success(f"**Corrected, and measured anew.**{lines}")
    may_undo = shown.undo is not None and trial.overruled
    if may_undo and st.button("Undo the last correction", key=f"undo-{key}"):
        assert shown.undo is not None
        shown.undo()
        st.toast("Undone: everything is as it was before.")
        st.rerun()
    by = st.text_input("Your initials", key=f"by-{key}", max_chars=40)
    st.caption(
        "They are kept with the correction. A moved start or end, or another leg, is "
        "measured anew from the recording: time, sway, lean, score and tables."
    )
    corrections = [(what, becomes, by) for what, becomes in _events(trial, key, by)]
    went_on_s = _next_end(shown.assessment, trial)
    if went_on_s is not None and st.button(
        f"It did not end at {trial.end_s:.1f} s: join it with what follows",
        key=f"join-{key}",
        disabled=not by.strip(),
    ):
        corrections.append((TrialField.END, f"{went_on_s:g}", by))
    chosen = st.selectbox(
        "Or correct", _correctable(trial), None, format_func=wording.target_words,
        key=f"what-{key}",
    )  # fmt: skip
    if chosen is not None:
        becomes = _becomes(shown, trial, chosen, key)
        if st.button("Correct it", key=f"correct-{key}", disabled=not by.strip()):
            corrections.append((chosen, becomes, by))
    for one in corrections:
        _correct(shown, position, *one)


def _next_end(assessment: Assessment, trial: Trial) -> float | None:
    """Return the end of the next trial of the same kind on the same leg."""
    later = [
        other.end_s
        for other in assessment.trials
        if other.kind is trial.kind
        and other.side == trial.side
        and other.start_s >= trial.end_s
    ]
    return min(later, default=None)


def _events(trial: Trial, key: str, by: str) -> list[tuple[Target, str]]:
    """Let each event be taken out, and in a count of errors one be added."""
    import streamlit as st

    pressed: list[tuple[Target, str]] = []
    for event in trial.events:
        if event.code in NOTES:
            continue
        label = f"{wording.EVENT_WORDS[event.code]} at {event.time_s:.1f} s"
        what = EventTarget(event.code, event.time_s)
        if st.button(f"Not so: {label}", key=f"{what}-{key}", disabled=not by):
            pressed.append((what, REMOVED))
    if trial.measures.get("errors") is not None:
        missed = _missed(trial, key)
        if st.button("Add this error", key=f"add-{key}", disabled=not by.strip()):
            pressed.append((missed, ADDED))
    return pressed


def _missed(trial: Trial, key: str) -> EventTarget:
    """Ask for an error that the camera did not see, such as open eyes."""
    import streamlit as st

    which, when = st.columns(2)
    error = which.selectbox(
        "Or an error that was missed",
        ERRORS,
        format_func=wording.EVENT_WORDS.__getitem__,
        key=f"missed-{key}",
    )
    seconds = when.number_input(
        "At which second of the video",
        trial.start_s,
        trial.end_s,
        step=0.1,
        format="%.1f",
        key=f"missed-at-{key}",
    )
    return EventTarget(error, seconds)


def _correctable(trial: Trial) -> list[Target]:
    judged = [JudgementTarget(judgement.code) for judgement in trial.judgements]
    stand = trial.kind is TrialKind.SINGLE_LEG_STANCE
    split = [TrialField.SPLIT] if stand else []
    sides = [TrialField.SIDE] if trial.side != "both" else []
    times = [TrialField.START, TrialField.END, TrialField.END_REASON]
    return [*judged, *times, *split, *sides]


def _becomes(shown: Result, trial: Trial, what: Target, key: str) -> str:
    """Ask what it should be; the answer as the record writes it."""
    import streamlit as st

    place = f"becomes-{what}-{key}"
    if what in (TrialField.START, TrialField.END, TrialField.SPLIT):
        now = {
            TrialField.START: trial.start_s,
            TrialField.END: trial.end_s,
            TrialField.SPLIT: (trial.start_s + trial.end_s) / 2,
        }[TrialField(what)]
        left, right = st.columns(2)
        seconds = left.number_input(
            "Seconds of the video", 0.0, None, now, step=0.1, format="%.2f", key=place
        )
        image = frame_at(shown.video, seconds)
        if image is not None:
            right.image(image, f"The video at {seconds:.2f} s")
        return f"{seconds:g}"
    if what is TrialField.SIDE:
        return str(st.selectbox("It was", list(Side), key=place))
    if what is TrialField.END_REASON:
        return str(
            st.selectbox(
                "It was",
                list(EndReason),
                format_func=lambda r: wording.end_words(replace(trial, end_reason=r)),
                key=place,
            )
        )
    return str(
        st.selectbox(
            "It was",
            list(Answer),
            format_func=wording.ANSWER_WORDS.__getitem__,
            key=place,
        )
    )


def frame_at(video: Path | None, time_s: float) -> bytes | None:
    """Return a video's frame at a moment as JPEG; None where there is none."""
    from balance.video.video import read_video

    if video is None or not video.is_file():
        return None
    try:
        with read_video(
            video, from_s=max(0.0, time_s - 0.1), to_s=time_s + 0.1
        ) as found:
            kept = stills.collect_stills(found, [time_s])
    except BalanceError:
        return None
    return stills.as_jpeg(kept[time_s], FRAME_QUALITY) if time_s in kept else None


def _correct(shown: Result, position: int, what: Target, becomes: str, by: str) -> None:
    import streamlit as st

    at = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        shown.correct(Correction(position, what, becomes, by, at))
    except BalanceError as error:
        st.error(look.plain(error))
        return
    st.toast("Corrected; everything that follows from it was measured anew.")
    st.rerun()
