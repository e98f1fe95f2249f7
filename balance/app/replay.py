"""The video of a result beside its time lines, joined by one cursor."""

from pathlib import Path
from typing import Any

import numpy as np

from balance.app.videos import video_url
from balance.model.recording import FloatArray, Recording
from balance.model.results import Assessment
from balance.reporting.charts import courses
from balance.reporting.words import wording

MOST_POINTS = 600
# An axis of sway shows no less than this, so that a calm stand looks calm.
SWAY_RANGE = (-5.0, 5.0)
LOADER = """
const base = new URL("/balance/player/", location.origin).href;
const loading = import(base + "player.mjs");
export default function (args) {
  let left = false, leave = () => {};
  loading.then((module) => { if (!left) leave = module.mount(args, base); });
  return () => { left = true; leave(); };
}
"""

_mounted: Any = None


def show_replay(video: Path, assessment: Assessment, recording: Recording) -> None:
    """Show the video and its lines."""
    import streamlit as st

    global _mounted
    if _mounted is None:
        _mounted = st.components.v2.component("balance_player", js=LOADER)
    _mounted(data=replay_data(video, assessment, recording), key=f"player-{video}")


def replay_data(
    video: Path, assessment: Assessment, recording: Recording
) -> dict[str, Any]:
    """Everything the player draws, as JSON values."""
    time_s = recording.pose.time_s
    heights = courses.foot_heights(recording)
    feet = {f"{side} foot": height for side, height in heights.items()}
    lines = [_line("Height of the feet, % of leg length", time_s, feet)]
    if any(wording.is_set(trial) for trial in assessment.trials):
        depth = {"hips": courses.depth_course(recording)}
        lines.append(_line("How deep, % of leg length", time_s, depth))
    lines += _sway_lines(assessment, recording)
    return {
        "video": video_url(video),
        "from_s": float(time_s[0]),
        "to_s": float(time_s[-1]),
        "lines": [line for line in lines if line["series"]],
        "trials": [{"start_s": t.start_s, "end_s": t.end_s} for t in assessment.trials],
        "moments": moments(assessment),
    }


def _sway_lines(assessment: Assessment, recording: Recording) -> list[dict[str, Any]]:
    """Return the sway path of all stands as one line, with gaps between them."""
    found = [
        course
        for trial in assessment.trials
        if (course := courses.sway_course(recording, assessment, trial)) is not None
    ]
    if not found:
        return []
    gap = np.full(1, np.nan)
    time_s, pelvis, body = (
        np.concatenate([np.append(part, gap) for part in parts])
        for parts in (
            [one.time_s for one in found],
            [one.position for one in found],
            [one.centre_of_mass for one in found],
        )
    )
    title = f"Sway path of the pelvis, {found[0].unit}: up = to the left"
    series = {"pelvis": pelvis, "whole body": body}
    return [_line(title, _bridged(time_s), series, SWAY_RANGE)]


def _bridged(time_s: FloatArray) -> FloatArray:
    """Give the gaps between two stands the time of what stands before them."""
    before = np.maximum.accumulate(np.where(np.isfinite(time_s), time_s, -np.inf))
    return np.asarray(before, float)


def moments(assessment: Assessment) -> list[dict[str, Any]]:
    """Return what happened when, for the buttons that jump there."""
    told: list[dict[str, Any]] = []
    for trial in assessment.trials:
        title = wording.trial_title(trial)
        told.append({"time_s": trial.start_s, "words": f"{title}: start"})
        told.append({"time_s": trial.end_s, "words": wording.end_words(trial)})
        told += [
            {"time_s": event.time_s, "words": wording.EVENT_WORDS[event.code]}
            for event in trial.events
            if abs(event.time_s - trial.end_s) > 0.05
        ]
    return sorted(told, key=lambda moment: float(moment["time_s"]))


def _line(
    title: str,
    time_s: FloatArray,
    values: dict[str, FloatArray],
    at_least: tuple[float, float] = (0.0, 10.0),
) -> dict[str, Any]:
    """Return a panel of lines whose axis holds ``at_least`` (low, high)."""
    step = max(1, len(time_s) // MOST_POINTS)
    seen = {n: v[::step] for n, v in values.items() if np.isfinite(v).any()}
    every = np.concatenate([v[np.isfinite(v)] for v in seen.values()] or [np.zeros(1)])
    return {
        "title": title,
        "low": float(min(every.min(), at_least[0])),
        "high": float(max(every.max(), at_least[1])),
        "series": [
            {
                "name": name,
                "time_s": [round(float(t), 3) for t in time_s[::step]],
                "values": [_or_none(v) for v in course],
            }
            for name, course in seen.items()
        ],
    }


def _or_none(value: float) -> float | None:
    return round(float(value), 2) if np.isfinite(value) else None
