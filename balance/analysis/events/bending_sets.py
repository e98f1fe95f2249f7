"""Sets of bending repetitions: what kind of movement, and how far the knees bent."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from balance.analysis.contact.decode import Contact
from balance.analysis.events.bending import Bend, body_courses, find_bends, mirrored
from balance.analysis.events.repetition_features import (
    bottom_rows,
    features,
    on_one_leg,
    posture_features,
)
from balance.analysis.signals import cheapest_path
from balance.model.recording import FloatArray, IntArray, Recording
from balance.reference.repetition_model import KINDS, BendKind, RepetitionModel

# A kind is said from this chance on; below it the set is undecided.
SAID_FROM = 0.6
# Repetitions further apart than this belong to different sets.
SET_PAUSE_S = 10.0
# Cost (nats) of another kind from one repetition to the next; nobody goes from squats
# to sitting down and back.
CHANGE_COST, SEAT_CHANGE_COST = 1.5, 5.0
# One repetition so unlike its set belongs to none.
LEAST_CHANCE = 0.02
# Asked of a squat: knees bend by at least this much.
LEAST_FLEXION_DEG = 30.0
# On one leg the knee gives by up to 35 degrees without anybody squatting.
LEAST_FLEXION_ONE_LEG_DEG = 40.0
# Less flexion than this share of the set's greatest is a shift of weight, not a trial.
LEAST_SHARE = 0.33
# From so many repetitions on, how alike their depths are tells a chair from free air;
# it moves the odds by so much (nats) at most.
REPETITIONS_FOR_STEADY, MOST_BY_STEADY = 4, 0.7
FLOOR = 1e-3


@dataclass(frozen=True, eq=False)
class BendingRepetition:
    """One repetition: what it was and how far the knees bent.

    ``knee_flexion_deg`` is the mean of both legs, on one leg that of the stance leg;
    ``flexion_low_deg`` to ``flexion_high_deg`` hold it with a chance of 95 %.
    """

    bend: Bend
    start_s: float
    bottom_s: float
    end_s: float
    chances: dict[BendKind, float]
    knee_flexion_deg: float
    flexion_low_deg: float
    flexion_high_deg: float


@dataclass(frozen=True, eq=False)
class BendingSet:
    """Neighbouring repetitions of one kind.

    ``kind`` is ``UNDECIDED`` where no kind reaches the chance asked for; ``chances``
    then tell between what. ``side`` is the stance leg (0 left, 1 right) of a
    single-leg set, otherwise None.
    """

    kind: BendKind
    side: int | None
    chances: dict[BendKind, float]
    repetitions: tuple[BendingRepetition, ...]


def recording_bends(
    recording: Recording, contact: Contact, model: RepetitionModel
) -> tuple[BendingSet, ...]:
    """Every set of bending repetitions of a cleaned recording, shot by shot."""
    pose, scene = recording.pose, recording.scene
    touching = np.stack([contact.touching(0), contact.touching(1)], axis=1)
    xy_px = pose.xy_px - np.nan_to_num(scene.camera_shift_px)[:, None]
    starts = [0, *np.flatnonzero(scene.scene_cut).tolist(), len(pose)]
    return tuple(
        one
        for first, stop in pairwise(sorted(set(starts)))
        for one in find_sets(
            pose.time_s[first:stop], xy_px[first:stop], touching[first:stop], model
        )
    )


def find_sets(
    time_s: FloatArray,
    xy_px: FloatArray,
    contact: FloatArray | None,
    model: RepetitionModel,
) -> tuple[BendingSet, ...]:
    """Find every set of bending repetitions, of whatever kind.

    Parameters
    ----------
    time_s
        (T,) time stamps.
    xy_px
        (T, 33, 2) px, NaN where not seen.
    contact
        (T, 2) chance that the left and the right foot is on the floor.
    """
    bends = find_bends(body_courses(time_s, xy_px, contact))
    chances, flexion = _seen_both_ways(bends, model)
    if len(bends):
        one_leg = chances.argmax(axis=1) == KINDS.index(BendKind.SINGLE_LEG_SQUAT)
        least = np.where(one_leg, LEAST_FLEXION_ONE_LEG_DEG, LEAST_FLEXION_DEG)
        none = (flexion[:, 0] < least) | [bend.head_stays for bend in bends]
        chances[none] = np.eye(len(KINDS))[KINDS.index(BendKind.OTHER)]
    repetitions = [
        _repetition(bend, chance, *angle)
        for bend, chance, angle in zip(bends, chances, flexion, strict=True)
    ]
    sets = []
    for group in _groups(repetitions):
        sets += _sets(group, model)
    return tuple(sorted(sets, key=lambda one: one.repetitions[0].start_s))


def _seen_both_ways(
    bends: tuple[Bend, ...], model: RepetitionModel
) -> tuple[FloatArray, FloatArray]:
    """(N, 5) chances and (N, 2) flexion with its SD, the same in a mirror.

    What is learned of few people differs between left and right; the mean does not.
    """
    ways = [list(bends), [mirrored(one) for one in bends]]
    chances = np.mean([model.chances(list(map(features, way))) for way in ways], axis=0)
    flexion = [
        model.knee_flexion(
            [_bottom_posture(*one) for one in zip(way, chances, strict=True)]
        )
        for way in ways
    ]
    return chances, np.mean(flexion, axis=0)


def _bottom_posture(bend: Bend, chance: FloatArray) -> dict[str, float]:
    if KINDS[int(np.argmax(chance))] is BendKind.SINGLE_LEG_SQUAT:
        bend = on_one_leg(bend, _stance_side(bend))
    return posture_features(bend, bottom_rows(bend))


def _stance_side(bend: Bend) -> int:
    contact = bend.course.contact[bend.start : bend.end + 1].mean(axis=0)
    return int(contact[1] > contact[0])


def _repetition(
    bend: Bend, chance: FloatArray, angle: float, sd: float
) -> BendingRepetition:
    return BendingRepetition(
        bend,
        bend.start_s,
        bend.bottom_s,
        bend.end_s,
        dict(zip(KINDS, map(float, chance), strict=True)),
        float(angle),
        float(max(angle - 1.96 * sd, 0.0)),
        float(angle + 1.96 * sd),
    )


def _groups(
    repetitions: list[BendingRepetition],
) -> list[list[BendingRepetition]]:
    groups: list[list[BendingRepetition]] = []
    for one in repetitions:
        if not groups or one.start_s - groups[-1][-1].end_s > SET_PAUSE_S:
            groups.append([])
        groups[-1].append(one)
    return groups


def _sets(group: list[BendingRepetition], model: RepetitionModel) -> list[BendingSet]:
    """Split repetitions where their kind changes; say of each part what it is.

    Dips of another kind between squats (a step, a shift of weight) do not part a set.
    """
    logs = np.log([[max(one.chances[k], FLOOR) for k in KINDS] for one in group])
    path = _decode(logs)
    own = np.take_along_axis(logs, path[:, None], axis=1)[:, 0]
    other = KINDS.index(BendKind.OTHER)
    used = np.flatnonzero((path != other) & (own > np.log(LEAST_CHANCE)))
    rest = np.flatnonzero(path == other)
    parts = np.split(used, np.flatnonzero(np.diff(path[used])) + 1)
    return [
        _set([group[k] for k in part], logs[part], model)
        for part in [*parts, rest]
        if len(part)
    ]


def _change_costs() -> FloatArray:
    costs = CHANGE_COST * (1 - np.eye(len(KINDS)))
    squat, seat = KINDS.index(BendKind.SQUAT), KINDS.index(BendKind.SIT_TO_STAND)
    costs[squat, seat] = costs[seat, squat] = SEAT_CHANGE_COST
    return np.asarray(costs)


def _decode(logs: FloatArray) -> IntArray:
    """(N,) most likely kind of each repetition where changes are rare."""
    return cheapest_path(-logs[0], _change_costs() - logs[1:, None, :])


def _set(
    part: list[BendingRepetition], logs: FloatArray, model: RepetitionModel
) -> BendingSet:
    # What speaks for a kind (view, build, habit) is the same in all repetitions of a
    # person: the mean, not the sum, of the logarithms.
    mean = logs.mean(axis=0)
    squat, seat = KINDS.index(BendKind.SQUAT), KINDS.index(BendKind.SIT_TO_STAND)
    steady = _by_steadiness([one.bend.drop for one in part], model.steadiness)
    mean[squat] += steady / 2
    mean[seat] -= steady / 2
    chance = np.exp(mean - mean.max())
    chance /= chance.sum()
    best = int(chance.argmax())
    kind = KINDS[best] if chance[best] >= SAID_FROM else BendKind.UNDECIDED
    deepest = max(one.knee_flexion_deg for one in part)
    kept = tuple(one for one in part if one.knee_flexion_deg >= LEAST_SHARE * deepest)
    single = kind is BendKind.SINGLE_LEG_SQUAT
    side = _stance_side(kept[0].bend) if single else None
    chances = dict(zip(KINDS, map(float, chance), strict=True))
    return BendingSet(kind, side, chances, kept)


def _by_steadiness(drops: list[float], steadiness: FloatArray) -> float:
    """Log odds of squats against a seat: hips come down to a seat at one height.

    ``steadiness`` (2, 2): mean and standard deviation of the logarithm of the spread
    of ``drops`` of squats and of chair stands.
    """
    if len(drops) < REPETITIONS_FOR_STEADY:
        return 0.0
    spread = np.log(max(float(np.std(drops, ddof=1)), 1e-3))
    mean, sd = steadiness.T
    logs = -0.5 * ((spread - mean) / sd) ** 2 - np.log(sd)
    return float(np.clip(logs[0] - logs[1], -MOST_BY_STEADY, MOST_BY_STEADY))
