"""Who of the people in the image is the one to measure.

Somebody looks at the whole frame about twice a second and finds everybody in it
(a `PersonScan`). From these scans the people are told apart over time, and the subject
is chosen: the whole body in view, doing the test, most central. Never the largest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from balance.model.errors import InputError
from balance.model.landmarks import Landmark

FloatArray = NDArray[np.float64]

TORSO = [
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
]
HIPS = [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]
ANKLES = [Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE]
ENDS = [Landmark.NOSE, *TORSO, *ANKLES]

# Two findings are the same body when their landmarks lie this close, on average, as
# a share of the body's height in the image.
SAME_BODY = 0.12
# A person moves at most so far between two looks, in body heights: half a second of a
# fast walk, or of a fast squat that brings the trunk down by a third and halves the
# height, and what the landmarks add.
REACH = 0.7
# A person may be out of sight so long and still be the same one, in seconds.
HIDDEN_S = 3.0
# After longer, only who appears within so many body heights is the same one.
RETURN_REACH = 1.0
# Seen less often than this share of the best-seen person, one is a passer-by.
PASSER_BY = 0.5
# A foot is up when the ankles differ by this share of the body's height; with an
# upright camera both feet of a stander stay below it (FINDINGS: 9 % of leg length).
FOOT_UP = 0.05
# Down in a squat: the body's height shrinks to this share of its usual one.
CROUCHED = 0.85
# A foot up or a squat in this share of the looks is a test, not a stumble.
DOES_THE_TEST = 0.15


@dataclass(frozen=True, eq=False)
class Body:
    """One person in one frame: (33, 2) px and (33,) visibility.

    ``leg_edges_px`` (2, rows, 2) is the outline of the legs, None where not asked.
    ``inferred``: found in the frame itself, not interpolated between two others.
    """

    xy_px: FloatArray
    visibility: FloatArray
    leg_edges_px: FloatArray | None = None
    inferred: bool = True

    @property
    def height_px(self) -> float:
        """Extent of the landmarks from top to bottom."""
        return float(np.ptp(self.xy_px[:, 1])) or 1.0

    @property
    def middle_px(self) -> FloatArray:
        """Middle of the trunk, (2,)."""
        return np.asarray(self.xy_px[TORSO].mean(axis=0))

    def moved(self, right_px: float) -> "Body":
        """Return the same body in an image that has so much more on its left."""
        if not right_px:
            return self
        step, edges = np.array([right_px, 0.0]), self.leg_edges_px
        return Body(
            self.xy_px + step,
            self.visibility,
            None if edges is None else edges + right_px,
        )

    def enlarged(self, times: float) -> "Body":
        """Return the same body in a frame so many times as large."""
        if times == 1:
            return self
        edges = None if self.leg_edges_px is None else times * self.leg_edges_px
        return Body(times * self.xy_px, self.visibility, edges)

    def mixed(self, other: "Body", share: float) -> "Body":
        """Mix the landmarks with those of ``other``; the outline is the nearer one's.

        Where only one of the two has an outline, it is that.
        """
        near, far = (self, other) if share < 0.5 else (other, self)
        edges = near.leg_edges_px
        return Body(
            (1 - share) * self.xy_px + share * other.xy_px,
            (1 - share) * self.visibility + share * other.visibility,
            far.leg_edges_px if edges is None else edges,
            (self.inferred and share < 1) or (other.inferred and share > 0),
        )

    def is_whole(self, size_px: tuple[int, int]) -> bool:
        """Whether head, trunk and ankles lie inside the image."""
        points = self.xy_px[ENDS]
        return bool(np.all((points >= 0) & (points < np.asarray(size_px))))


@dataclass(frozen=True, eq=False)
class PersonScan:
    """Everybody who was seen in one frame."""

    time_s: float
    bodies: tuple[Body, ...]


@dataclass(eq=False)
class PersonTrack:
    """One person over the looks: ``seen`` maps a look's number to the body."""

    seen: dict[int, Body] = field(default_factory=dict)

    @property
    def last(self) -> Body:
        """The body as it was seen last."""
        return self.seen[max(self.seen)]


def distinct(bodies: Sequence[Body]) -> tuple[Body, ...]:
    """Drop repeated findings of one body; the first one stays."""
    kept: list[Body] = []
    for body in bodies:
        if all(apart(body, other) > SAME_BODY for other in kept):
            kept.append(body)
    return tuple(kept)


def apart(one: Body, other: Body) -> float:
    """Mean distance of the landmarks, in heights of the larger body."""
    distance = np.linalg.norm(one.xy_px - other.xy_px, axis=1).mean()
    return float(distance / max(one.height_px, other.height_px))


def follow_people(scans: Sequence[PersonScan]) -> list[PersonTrack]:
    """Tell the people apart over time, each look's nearest to the last one's."""
    tracks: list[PersonTrack] = []
    for number, scan in enumerate(scans):
        free = list(scan.bodies)
        alive = [
            track
            for track in tracks
            if scan.time_s - scans[max(track.seen)].time_s <= HIDDEN_S
        ]
        for track, body in _nearest_pairs(alive, free):
            track.seen[number] = body
            free.remove(body)
        tracks.extend(PersonTrack({number: body}) for body in free)
    return _rejoined(tracks)


def _rejoined(tracks: Sequence[PersonTrack]) -> list[PersonTrack]:
    """Join a person who comes back after a longer absence to the one who left.

    Somebody who is seen together with a person is somebody else for good.
    """
    people: list[PersonTrack] = []
    for track in tracks:
        first = min(track.seen)
        gone = [p for p in people if max(p.seen) < first]
        distances = [_distance(p.last, track.seen[first]) for p in gone]
        if distances and min(distances) <= RETURN_REACH:
            gone[int(np.argmin(distances))].seen.update(track.seen)
        else:
            people.append(PersonTrack(dict(track.seen)))
    return people


def _nearest_pairs(
    tracks: Sequence[PersonTrack], bodies: Sequence[Body]
) -> list[tuple[PersonTrack, Body]]:
    """Pair people and bodies with the least sum of ways, none beyond reach."""
    from scipy.optimize import linear_sum_assignment

    if not tracks or not bodies:
        return []
    distance = np.array([[_distance(t.last, b) for b in bodies] for t in tracks])
    rows, columns = linear_sum_assignment(np.minimum(distance, 10 * REACH))
    return [
        (tracks[int(r)], bodies[int(c)])
        for r, c in zip(rows, columns, strict=True)
        if distance[r, c] <= REACH
    ]


def _distance(one: Body, other: Body) -> float:
    """How far the trunk moved, in body heights, and how much the size changed."""
    height = max(one.height_px, other.height_px)
    moved = float(np.linalg.norm(one.middle_px - other.middle_px)) / height
    # A squat halves the height; a person twice as tall is somebody else.
    return moved + 0.2 * abs(float(np.log2(one.height_px / other.height_px)))


def choose_subject(
    tracks: Sequence[PersonTrack], size_px: tuple[int, int], by_hand: str | None = None
) -> PersonTrack:
    """Choose whom to measure.

    Parameters
    ----------
    tracks
        At least one person.
    size_px
        Width and height of the image.
    by_hand
        ``left``, ``centre``, ``right`` as the frame shows them, or a number
        counted from the left, from 1.

    Raises
    ------
    InputError
        If the person asked for is not there.
    """
    people = _residents(tracks, size_px)
    if by_hand is not None:
        return _named(people, size_px, by_hand)
    doing = [p for p in people if _test_share(p) >= DOES_THE_TEST]
    return min(doing or people, key=lambda p: _off_centre(p, size_px))


def _residents(
    tracks: Sequence[PersonTrack], size_px: tuple[int, int]
) -> list[PersonTrack]:
    """Leave out passers-by and those who are never seen whole."""

    def whole(track: PersonTrack) -> int:
        return sum(body.is_whole(size_px) for body in track.seen.values())

    most = max(whole(track) for track in tracks)
    if most == 0:
        longest = max(len(track.seen) for track in tracks)
        return [t for t in tracks if len(t.seen) >= PASSER_BY * longest]
    return [t for t in tracks if whole(t) >= PASSER_BY * most]


def _named(
    people: Sequence[PersonTrack], size_px: tuple[int, int], by_hand: str
) -> PersonTrack:
    from_left = sorted(people, key=lambda p: _middle_x(p))
    if by_hand in ("centre", "center"):
        return min(people, key=lambda p: _off_centre(p, size_px))
    places = {"left": 0, "right": -1}
    if by_hand in places:
        return from_left[places[by_hand]]
    if not by_hand.isdecimal() or by_hand == "0":
        raise InputError(
            f"--person must be left, centre, right or a number from 1, not {by_hand!r}."
        )
    if int(by_hand) > len(from_left):
        raise InputError(
            f"--person {by_hand} was asked for, but only {len(from_left)} can be "
            f"followed in the video; count from the left of the frame."
        )
    return from_left[int(by_hand) - 1]


def _middle_x(track: PersonTrack) -> float:
    return float(np.median([body.middle_px[0] for body in track.seen.values()]))


def _off_centre(track: PersonTrack, size_px: tuple[int, int]) -> float:
    return abs(_middle_x(track) / size_px[0] - 0.5)


def _test_share(track: PersonTrack) -> float:
    """Share of the looks with a foot up or in a squat, standing in one place."""
    bodies = [track.seen[number] for number in sorted(track.seen)]
    usual = float(np.quantile([body.height_px for body in bodies], 0.8))
    doing = 0
    for before, body in zip(bodies[:1] + bodies, bodies, strict=False):
        ankles = body.xy_px[ANKLES, 1]
        up = abs(ankles[0] - ankles[1]) > FOOT_UP * usual
        crouched = body.height_px < CROUCHED * usual
        moved = abs(float(body.middle_px[0] - before.middle_px[0])) > 0.1 * usual
        doing += (up or crouched) and not moved
    return doing / len(bodies)
