"""Examples to learn bending repetitions from: videos, scripts, recordings."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from training_floor import on_the_floor
from training_movements import KINDS, SHARES, builds, scripted
from training_recordings import (
    FloatArray,
    Motion,
    doubted,
    held,
    knee_flexion,
    random_camera,
    record,
    varied,
)

from balance.analysis.body.leg_swaps import OTHER_SIDE
from balance.analysis.events.bending import Bend, body_courses, find_bends
from balance.analysis.events.repetition_features import (
    bottom_rows,
    features,
    on_one_leg,
    posture_features,
)
from balance.reference.repetition_model import BendKind

SCRIPTED_PREFIX = "scripted_"
# Movements that are scripted; how many of them lead down to the floor.
SCRIPTED = (*KINDS, "floor")
FLOOR_SHARE = 0.1
# A found bottom this far from a squat's true one belongs to it.
BOTTOM_WITHIN_S = 0.5


@dataclass(frozen=True, eq=False)
class Row:
    """One repetition: what was measured, what it was, whose; ``flexion`` in deg.

    ``posture`` is what knee flexion is read from, ``bent`` the same at other moments
    with their true flexion.
    """

    measured: dict[str, float]
    kind: BendKind
    person: str
    recording: str
    posture: dict[str, float]
    flexion: float
    bent: tuple[tuple[dict[str, float], float], ...] = ()
    yaw_deg: float = 0.0
    simple: bool = True  # virtual video of an ordinary course: counts for steadiness

    @property
    def whose(self) -> str:
        """The person, scripted or not: leave out both."""
        return self.person.removeprefix(SCRIPTED_PREFIX)


def kind_of(activity: str) -> BendKind:
    """Tell what a motion file's ``activity`` says was done."""
    words = activity.lower()
    if "no squats" in words or "are cut off" in words:
        return BendKind.OTHER
    if words in ("hinge", "jump"):
        return BendKind.OTHER
    if "squat" in words:
        return BendKind.SQUAT
    if words == "sit" or ("sit" in words and "down" in words):
        return BendKind.SIT_TO_STAND
    return BendKind.LUNGE if "lunge" in words else BendKind.OTHER


def motion_rows(motions: Sequence[Motion], recordings: int, seed: int) -> Iterator[Row]:
    """Record each motion; those with bending knees twice as often."""
    for number, motion in enumerate(motions):
        kind = kind_of(motion.activity)
        often = recordings if kind is BendKind.OTHER else 2 * recordings
        for take in range(often):
            rng = np.random.default_rng([seed, number, take])
            one = motion
            if kind is BendKind.SQUAT and rng.random() < 0.35:
                one = held(one, rng)
            if take % 4:
                one = varied(one, rng)
            name = f"{motion.person}:{number}:{take}"
            yield from _recording_rows(one, kind, name, rng, cut=rng.random() < 0.3)


def scripted_rows(
    motions: Sequence[Motion], recordings: int, seed: int
) -> Iterator[Row]:
    """Record scripted movements on the builds of recorded people."""
    people = builds(list(motions))
    shares = [*(np.array(SHARES) * (1 - FLOOR_SHARE)), FLOOR_SHARE]
    for take in range(recordings):
        rng = np.random.default_rng([seed, take])
        script = str(rng.choice(SCRIPTED, p=shares))
        build = people[take % len(people)]
        make = on_the_floor if script == "floor" else partial(scripted, script)
        motion = make(build, rng)
        if len(motion.time_s) < 40:
            continue
        name = f"{SCRIPTED_PREFIX}{script}:{take}"
        for row in _recording_rows(motion, kind_of(script), name, rng, cut=False):
            yield replace(row, person=SCRIPTED_PREFIX + row.person, simple=False)


def _recording_rows(
    motion: Motion, kind: BendKind, name: str, rng: np.random.Generator, *, cut: bool
) -> Iterator[Row]:
    camera = random_camera(rng, all_round=kind is BendKind.OTHER)
    xy, contact = record(motion, camera, rng), doubted(motion.contact, rng)
    flexion, time = knee_flexion(motion.joints), motion.time_s
    if cut:
        first = int(rng.uniform(0, 0.3) * len(time))
        last = int(rng.uniform(0.7, 1.0) * len(time))
        if last - first > 45:
            rows = slice(first, last)
            time, xy, contact, flexion = (
                time[rows],
                xy[rows],
                contact[rows],
                flexion[rows],
            )
    for bend in find_bends(body_courses(time, xy, contact)):
        at = int(np.argmin(np.abs(time - bend.bottom_s)))
        true = float(flexion[max(at - 4, 0) : at + 5].max())
        if not _is_clear(kind, true, bend, motion.bottoms_s):
            continue
        bent = _bent(bend, time, flexion, rng) if kind is BendKind.SQUAT else ()
        measured = features(bend)
        yaw = camera.yaw_deg
        yield Row(measured, kind, motion.person, name, measured, true, bent, yaw)


def _is_clear(
    kind: BendKind, flexion: float, bend: Bend, bottoms_s: Sequence[float]
) -> bool:
    """Whether a bend is an example of its motion's kind."""
    if kind is BendKind.SQUAT:
        off = [abs(bend.bottom_s - one) for one in bottoms_s]
        return min(off, default=9.0) <= BOTTOM_WITHIN_S and flexion > 28
    return kind is BendKind.OTHER or flexion >= 40


def _bent(
    bend: Bend, time: FloatArray, flexion: FloatArray, rng: np.random.Generator
) -> tuple[tuple[dict[str, float], float], ...]:
    """Two other moments of a repetition, with their knee flexion."""
    out = []
    for at in rng.integers(bend.start, bend.end + 1, 2):
        row = int(np.argmin(np.abs(time - bend.course.time_s[at])))
        true = float(flexion[max(row - 2, 0) : row + 3].mean())
        if true > 22:
            last = min(int(at) + 3, len(bend.course.height))
            rows = np.arange(max(int(at) - 2, 0), last)
            out.append((posture_features(bend, rows), true))
    return tuple(out)


@dataclass(frozen=True, eq=False)
class Taken:
    """A recording of a rendered person with its truth."""

    name: str
    person: str
    kind: BendKind
    time_s: FloatArray
    xy_px: FloatArray
    contact: FloatArray
    bottoms: tuple[tuple[float, float], ...]  # time, knee flexion
    stance: int | None = None
    width_px: float = 720.0


def rendered(folder: Path) -> Iterator[Taken]:
    """Squats among the recordings of ``tests/rendered``."""
    for path in sorted(folder.glob("*squat*.npz")):
        truth = json.loads(path.with_suffix(".json").read_text())
        with np.load(path, allow_pickle=False) as data:
            time, xy = data["time_s"].astype(float), data["xy_px"].astype(float)
        contact, stance = np.ones((len(time), 2)), None
        if truth.get("stance"):
            stance = int(truth["stance"] == "right")
            down_s = truth["foot_down_s"] or np.inf
            contact[(time > truth["foot_off_s"]) & (time < down_s), 1 - stance] = 0
        bottoms = tuple(
            (one["t_bottom"], _mean_flexion(one)) for one in truth["squats"]
        )
        kind = BendKind.SQUAT if stance is None else BendKind.SINGLE_LEG_SQUAT
        whose = f"rendered_{truth['person']}"
        yield Taken(path.stem, whose, kind, time, xy, contact, bottoms, stance)


def _mean_flexion(
    squat: dict[str, float], legs: Sequence[str] = ("left", "right")
) -> float:
    names = [f"{leg}_knee_flexion" for leg in legs]
    return float(np.mean([squat[one] for one in names if one in squat]))


def moves(labels: Path, folder: Path) -> Iterator[Taken]:
    """Real motion on rendered bodies, as analysed: ``folder/<stem>/landmarks.npz``."""
    for one in json.loads(labels.read_text()):
        path = folder / Path(one["file"]).stem / "landmarks.npz"
        if not path.exists():
            continue
        expect = one["expect"]
        with np.load(path, allow_pickle=False) as data:
            time, xy = data["time_s"].astype(float), data["xy_px"].astype(float)
        rate = expect["contact"]["rate_hz"]
        feet = np.array([expect["contact"][s] for s in ("left", "right")], float).T
        contact = feet[np.clip((time * rate).astype(int), 0, len(feet) - 1)]
        flexion = expect.get("knee_flexion_deg") or []
        bottoms = tuple(zip(expect["bottoms_s"] or [], flexion, strict=False))
        person = "_".join(one["motion"].split("_")[:2])
        kind = kind_of(expect["activity"])
        yield Taken(path.parent.name, person, kind, time, xy, contact, bottoms)


def moved(folder: Path) -> Iterator[Taken]:
    """Recordings of ``tests/moves``; scripted ones count for a body."""
    for path in sorted(folder.glob("*.npz")):
        truth = json.loads(path.with_suffix(".json").read_text())
        with np.load(path, allow_pickle=False) as data:
            time, xy = data["time_s"].astype(float), data["xy_px"].astype(float)
        feet = np.array(
            [list(map(int, truth["contact"][s])) for s in ("left", "right")], float
        ).T
        at = np.clip((time * truth["rate_hz"]).astype(int), 0, len(feet) - 1)
        stance, legs, kind = None, ("left", "right"), kind_of(truth["activity"])
        if truth["squat_kind"] == "single_leg_squat_set":
            kind = BendKind.SINGLE_LEG_SQUAT
            stance = int(feet[:, 1].mean() > feet[:, 0].mean())
            legs = (legs[stance],)
        bottoms = tuple(
            (one["t_bottom"], _mean_flexion(one, legs)) for one in truth["squats"]
        )
        person, width = _mover(truth), float(truth["size_px"][0])
        yield Taken(path.stem, person, kind, time, xy, feet[at], bottoms, stance, width)


def _mover(truth: dict[str, str]) -> str:
    name = truth["mover"]
    if name == "script":
        return f"rendered_{truth['body']}"
    return {"s": "opencap_s4", "s4": "opencap_s4", "e1": "opencap_e1"}.get(name, name)


def taken_rows(recordings: Iterable[Taken], takes: int, seed: int) -> Iterator[Row]:
    """Each recording as it is, mirrored, quicker and slower, with more noise."""
    for number, one in enumerate(recordings):
        for take in range(takes):
            rng = np.random.default_rng([seed, number, take])
            yield from _taken_rows(one, take, rng)


def _taken_rows(one: Taken, take: int, rng: np.random.Generator) -> Iterator[Row]:
    xy, contact, stance = one.xy_px, one.contact, one.stance
    slower = 1.0 if take == 0 else float(np.exp(rng.normal(0, 0.3)))
    if take:
        xy = xy + rng.normal(0, 1, xy.shape)
    if take % 2:
        xy = xy[:, OTHER_SIDE] * [-1, 1] + [one.width_px, 0]
        contact = contact[:, ::-1]
        stance = None if stance is None else 1 - stance
    courses = body_courses(one.time_s * slower, xy, doubted(contact, rng))
    for bend in find_bends(courses):
        measured, kind = features(bend), one.kind
        off = [abs(bend.bottom_s - at * slower) for at, _ in one.bottoms]
        nearest = int(np.argmin(off)) if off else -1
        if kind in (BendKind.SQUAT, BendKind.SINGLE_LEG_SQUAT):
            if not off or off[nearest] > 0.35:
                if kind is BendKind.SQUAT or not off or off[nearest] < 0.6:
                    continue
                kind = BendKind.OTHER  # the leg is raised or set down
        elif kind is not BendKind.OTHER and measured["lifted"] < 45:
            continue
        flexion = one.bottoms[nearest][1] if off else 0.0
        on_leg = bend if stance is None else on_one_leg(bend, stance)
        posture = posture_features(on_leg, bottom_rows(on_leg))
        name = f"{one.name}:{take}"
        yield Row(measured, kind, one.person, name, posture, flexion, simple=False)
