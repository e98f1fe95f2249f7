"""Learn what tells the camera's yaw from squats: ``balance/data/camera_yaw.toml``.

    python scripts/learning/learn_camera_yaw.py tests/rendered FOLDER…

A folder holds recordings of squats on two legs, ``NAME.npz``, and their truth,
``NAME.json``, as ``tests/rendered`` does: person, ``yaw_deg``, and the squats with
their ``t_bottom``. Recordings of the same motion through several (virtual) cameras
share their person. Every person counts the same. Each recording is taken twice,
with the camera tilted by about a degree, since a tilt moves several signs at once.

Prints the data file; to standard error, for each folder, the mean and the worst error
and the coverage where all was learned without the person.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from balance.analysis.body.camera_yaw import levelled
from balance.analysis.body.squat_yaw import Middles, Sign, signs_of_yaw, weigh
from balance.analysis.events.repetitions import SquatRepetition, SquatSet
from balance.analysis.measures.squat import bottom_rows
from balance.analysis.measures.squat_view import joint_middles, see_squats
from balance.model.codes import TrialKind
from balance.model.files import read_recording
from balance.model.recording import FloatArray, PoseSequence
from balance.reference.camera_yaw import YawModel

NAMES = (
    "feet",
    "floor",
    "hips_level",
    "shoulders_level",
    "lean",
    "shoulders",
    "hips",
    "knees",
)
MOST_YAW_DEG = 22.0
TILT_SD_DEG, TILTS = 1.0, 2
# Errors of whole people are not normally distributed; with these about 90 of
# 100 intervals hold the yaw of people who were left out, in every folder.
WIDENED, FREEDOM = 1.25, 3.0


@dataclass(frozen=True)
class Seen:
    """The signs of one recording, tilted once, and the true yaw."""

    folder: str
    person: str
    yaw_deg: float
    signs: dict[str, Sign]

    @property
    def sine(self) -> float:
        """Sine of the true yaw."""
        return float(np.sin(np.radians(self.yaw_deg)))


def main(folders: Sequence[Path]) -> None:
    """Print what is learned from folders, and how it does without each person."""
    seen = [one for folder in folders for one in read(folder)]
    people = sorted({one.person for one in seen})
    left_out: dict[str, list[tuple[float, bool]]] = {}
    for person in people:
        model = learn([one for one in seen if one.person != person])
        for one in seen:
            if one.person == person:
                yaw = weigh(one.signs, model)
                error = yaw.deg - one.yaw_deg
                held = abs(error) <= 1.96 * yaw.sd_deg
                left_out.setdefault(one.folder, []).append((error, held))
    for folder, errors in left_out.items():
        size = np.abs([error for error, _ in errors])
        share = np.mean([held for _, held in errors])
        text = f"{folder}: {len(size)} cases, {size.mean():.1f} deg mean, "
        text += f"{size.max():.1f} worst, {100 * share:.0f} % inside"
        print(text, file=sys.stderr)
    source = (
        "Own measurement, `python scripts/learning/learn_camera_yaw.py`: squats on two legs of "
        f"{len(people)} people, every person counting the same: real marker motion "
        "(UI-PRMD, OpenCap, Nimble and others) through virtual cameras turned by up "
        "to 20 degrees, and rendered people"
    )
    print(as_toml(learn(seen), source))


def read(folder: Path) -> Iterator[Seen]:
    """Signs of every recording of a folder that shows squats on two legs."""
    random = np.random.default_rng(0)
    for path in sorted(folder.glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        squats, yaw = truth.get("squats"), float(truth.get("yaw_deg", 99))
        single = (
            truth.get("stance") or truth.get("squat_kind", "squat_set") != "squat_set"
        )
        if not squats or single or abs(yaw) > MOST_YAW_DEG:
            continue
        recording = read_recording(path.with_suffix(".npz"))
        view = see_squats(recording.pose, recording.leg_edges_px, _set(squats))
        middles = joint_middles(view) if view else None
        if view is None or middles is None:
            continue
        bottom = np.zeros(len(view.pose), bool)
        for repetition in _set(squats).repetitions:
            bottom[bottom_rows(view.pose, repetition)] = True
        person = truth.get("person")
        for tilt in random.normal(0, TILT_SD_DEG, TILTS):
            pose, turned = _tilted(view.pose, tilt), _turned(middles, tilt)
            signs = signs_of_yaw(pose, view.standing, bottom, view.facing, turned)
            if set(NAMES) <= set(signs):
                name = person if isinstance(person, str) else truth["body"]
                yield Seen(folder.name, name, yaw, signs)


def _set(squats: Sequence[dict[str, float]]) -> SquatSet:
    """Return the true squats as a set; unknown ends lie a second away."""
    found = tuple(
        SquatRepetition(
            squat.get("t_start") or squat["t_bottom"] - 1,
            squat["t_bottom"],
            squat.get("t_end") or squat["t_bottom"] + 1,
            0.3,
        )
        for squat in squats
    )
    return SquatSet(TrialKind.SQUAT_SET, None, found, found[0].start_s, found[-1].end_s)


def _tilted(pose: PoseSequence, tilt_deg: float) -> PoseSequence:
    middle = np.array(pose.size_px) / 2
    return replace(pose, xy_px=levelled(pose.xy_px - middle, -tilt_deg) + middle)


def _turned(middles: Middles, tilt_deg: float) -> Middles:
    def turn(path: FloatArray) -> FloatArray:
        return levelled(path, -tilt_deg)

    return replace(
        middles,
        shoulders=turn(middles.shoulders),
        hips=turn(middles.hips),
        knees=turn(middles.knees),
        ankles=turn(middles.ankles),
    )


def learn(seen: Sequence[Seen]) -> YawModel:
    """Least squares for the size of each sign; the rest is its error."""
    count = Counter(one.person for one in seen)
    weight = np.array([1 / count[one.person] for one in seen])
    root = np.sqrt(weight)
    sine = np.array([one.sine for one in seen])
    by_sine, rest = [], []
    for name in NAMES:
        size = np.array([one.signs[name].by for one in seen]) * sine[:, None]
        value = np.array([one.signs[name].seen for one in seen])
        fit = np.linalg.lstsq(size * root[:, None], value * root, rcond=None)[0]
        by_sine.append(tuple(float(part) for part in fit))
        rest.append(value - size @ fit)
    spread = (np.array(rest) * weight) @ np.array(rest).T / weight.sum()
    covariance = tuple(tuple(float(part) for part in row) for row in spread)
    return YawModel(NAMES, tuple(by_sine), covariance, WIDENED, FREEDOM, "")


def as_toml(model: YawModel, source: str) -> str:
    """Return the data file's text."""
    rows = [
        "# What tells a turned camera from people who squat, and its errors: shapes in",
        "# balance/reference/camera_yaw.py, lengths in leg lengths.",
        "",
        "[model]",
        f"names = {json.dumps(model.names)}",
        "by_sine = [",
        *(f"  [{', '.join(f'{part:.4f}' for part in row)}]," for row in model.by_sine),
        "]",
        "covariance = [",
        *(
            f"  [{', '.join(f'{part:.4e}' for part in row)}],"
            for row in model.covariance
        ),
        "]",
        f"widened = {model.widened}",
        f"freedom = {model.freedom}",
        f'source = "{source}"',
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
