"""The video of a result beside its time lines, joined by one cursor."""

from pathlib import Path
from typing import Any

import numpy as np

from balance.app.films import film_url
from balance.model.recording import FloatArray, Recording
from balance.model.results import Assessment
from balance.reporting.charts import courses
from balance.reporting.words import wording

MOST_POINTS = 600
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


def show_replay(film: Path, assessment: Assessment, recording: Recording) -> None:
    """Show the video and its lines."""
    import streamlit as st

    global _mounted
    if _mounted is None:
        _mounted = st.components.v2.component("balance_player", js=LOADER)
    _mounted(data=replay_data(film, assessment, recording), key=f"player-{film}")


def replay_data(
    film: Path, assessment: Assessment, recording: Recording
) -> dict[str, Any]:
    """Everything the player draws, as JSON values."""
    time_s = recording.pose.time_s
    heights = courses.foot_heights(recording)
    feet = {f"{side} foot": height for side, height in heights.items()}
    lines = [_line("Height of the feet, % of leg length", time_s, feet)]
    if any(wording.is_set(trial) for trial in assessment.trials):
        depth = {"hips": courses.depth_course(recording)}
        lines.append(_line("How deep, % of leg length", time_s, depth))
    return {
        "film": film_url(film),
        "from_s": float(time_s[0]),
        "to_s": float(time_s[-1]),
        "lines": [line for line in lines if line["series"]],
        "trials": [{"start_s": t.start_s, "end_s": t.end_s} for t in assessment.trials],
        "moments": moments(assessment),
    }


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
    title: str, time_s: FloatArray, values: dict[str, FloatArray]
) -> dict[str, Any]:
    step = max(1, len(time_s) // MOST_POINTS)
    seen = {n: v[::step] for n, v in values.items() if np.isfinite(v).any()}
    every = np.concatenate([v[np.isfinite(v)] for v in seen.values()] or [np.zeros(1)])
    return {
        "title": title,
        "low": float(min(every.min(), 0.0)),
        "high": float(max(every.max(), 10.0)),
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
