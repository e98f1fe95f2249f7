"""Recorded squats of rendered people beside their truth.

Beside each recording ``NAME.npz`` lies ``NAME.json``: person, ``yaw_deg`` of the
camera, ``stance`` (None on two legs), and for every squat of ``squats`` its times and
the angles at its bottom. Errors are kept apart by how far the camera is turned,
because that decides what it can see.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from balance.model.codes import SQUAT_SETS, Answer
from balance.model.files import read_recording
from balance.model.results import Measurement, Repetition, Trial
from balance.pipeline.analyze import assess_recording
from balance.pipeline.validation.benchmark_table import Row, as_answer

# How the camera saw the person, by the yaw up to which it is called so.
VIEWS = {"square": 5.0, "turned": 20.0, "oblique": 60.0, "side": 180.0}
# A found repetition is a true one where its bottom is so near.
SAME_S = 0.6
# A knee's frontal angle that has to be called valgus, and one that must not.
CAVES_IN_DEG, STRAIGHT_DEG = 14.0, 4.0
LIFTED_MM = 10.0
COURSE = ("knee_flexion", "fppa_2d")


@dataclass(frozen=True, eq=False)
class _Clip:
    """One clip's truth and what was found in it."""

    name: str
    truth: dict[str, Any]
    trials: Sequence[Trial]

    @property
    def sides(self) -> list[str]:
        stance = self.truth["stance"]
        return [stance] if stance else ["left", "right"]

    @property
    def view(self) -> str:
        """How the camera saw the person."""
        turned = abs(self.yaw)
        return next(name for name, most in VIEWS.items() if turned <= most)

    @property
    def yaw(self) -> float:
        return float(self.truth["yaw_deg"])

    def seen(self, measure: str) -> str:
        """Return a measure's name with the view in which it was taken."""
        return f"{measure}, {self.view}"

    def row(self, measure: str, measured: Measurement | None, truth: float) -> Row:
        return Row(self.name, self.truth["person"], measure, measured, truth)

    def found(self, squat: dict[str, Any]) -> Repetition | None:
        """Return the repetition that was found nearest to a true one."""
        found = [rep for trial in self.trials for rep in trial.repetitions]
        away = {abs(rep.bottom_s - squat["t_bottom"]): rep for rep in found}
        return away[min(away)] if away and min(away) < SAME_S else None


def compare_squats(path: Path) -> list[Row]:
    """Compare one recording of squats; ``path`` is that of its truth."""
    truth = json.loads(path.read_text(encoding="utf-8"))
    assessment = assess_recording(read_recording(path.with_suffix(".npz")))
    trials = [trial for trial in assessment.trials if trial.kind in SQUAT_SETS]
    clip = _Clip(path.stem, truth, trials)
    count = sum(len(trial.repetitions) for trial in trials)
    rows = [
        clip.row("repetitions", _plain(count), len(truth["squats"])),
        clip.row(clip.seen("yaw_deg"), assessment.camera.yaw_deg, clip.yaw),
    ]
    for squat in truth["squats"]:
        rows += _repetition(clip, squat, clip.found(squat))
    return [*rows, *_answers(clip)]


def _plain(value: float) -> Measurement:
    return Measurement(value, "", None, None)


def _repetition(
    clip: _Clip, squat: dict[str, Any], found: Repetition | None
) -> Iterator[Row]:
    """Rows of one true squat; what was not found was not given."""
    bottom = None if found is None else _plain(found.bottom_s)
    yield clip.row("bottom_s", bottom, squat["t_bottom"])
    measures = {} if found is None else found.measures
    for name, truth in _true_measures(clip, squat).items():
        pooled = name.replace("_left", "").replace("_right", "")
        yield clip.row(clip.seen(pooled), measures.get(name), truth)
    if found is not None:
        yield from _course(clip, squat, found)


def _course(clip: _Clip, squat: dict[str, Any], found: Repetition) -> Iterator[Row]:
    """Rows of the knees' angles over the way down, held against the same depth."""
    time, course = np.array(clip.truth["time_s"]), clip.truth["course"]
    down = (time >= squat["t_start"]) & (time <= squat["t_bottom"])
    for curve in found.curves:
        if "frontal" in curve.measure:
            continue  # the course holds the projected angle
        side = curve.measure.split("_")[1]
        true = {key: np.array(course[f"{side}_{key}"])[down] for key in COURSE}
        for point in curve.points:
            if point.at <= true["knee_flexion"].max():
                truth = float(
                    np.interp(point.at, true["knee_flexion"], true["fppa_2d"])
                )
                got = Measurement(point.value, "deg", point.low, point.high)
                yield clip.row(clip.seen("fppa_deg on the way down"), got, truth)


def _true_measures(clip: _Clip, squat: dict[str, Any]) -> dict[str, float]:
    """Return the truth of what this view shows, by the names of the measures."""
    sides, stance = clip.sides, clip.truth["stance"]
    flexion = float(np.mean([squat[f"{side}_knee_flexion"] for side in sides]))
    true = {"knee_flexion_deg": flexion}
    true["trunk_lean_forward_deg"] = squat["trunk_lean_forward"]
    if clip.view == "side":
        near = "left" if clip.yaw > 0 else "right"
        return true | {f"heel_lift_{near}_mm": squat[f"{near}_heel_lift_mm"]}
    to_stance = -1.0 if stance == "right" else 1.0
    true["trunk_lean_deg"] = to_stance * squat["trunk_lean_left"]
    # Obliquity is + where the left is higher, pelvic drop where the swing side (on
    # two legs the left) is lower.
    higher = squat["pelvic_obliquity"] - squat["pelvic_obliquity_standing"]
    true["pelvic_drop_deg"] = higher if stance == "left" else -higher
    for side in sides:
        true[f"fppa_{side}_deg"] = squat[f"{side}_fppa_2d"]
        true[f"fppa_raw_{side}_deg"] = squat[f"{side}_fppa_2d"]
        true[f"fppa_frontal_{side}_deg"] = squat[f"{side}_fppa_frontal"]
        true[f"hip_adduction_{side}_deg"] = squat[f"{side}_hip_adduction"]
    return true


def _answers(clip: _Clip) -> Iterator[Row]:
    """Rows of the questions with a clear true answer; 1 = yes."""
    given = {one.code.value: one.answer for t in clip.trials for one in t.judgements}
    for side in clip.sides:
        angles = [squat[f"{side}_fppa_frontal"] for squat in clip.truth["squats"]]
        angle = float(np.mean(angles))
        if not STRAIGHT_DEG < angle < CAVES_IN_DEG:
            answer = given.get(f"knee_valgus_{side}", Answer.CANNOT_TELL)
            truth = float(angle >= CAVES_IN_DEG)
            yield clip.row(clip.seen("knee_valgus"), as_answer(answer), truth)
    if clip.view == "side":
        near = "left" if clip.yaw > 0 else "right"
        lift = max(squat[f"{near}_heel_lift_mm"] for squat in clip.truth["squats"])
        answer = given.get(f"heel_lift_{near}", Answer.CANNOT_TELL)
        yield clip.row(
            clip.seen("heel_lift"), as_answer(answer), float(lift > LIFTED_MM)
        )
