"""How the feet stand: apart, side by side, semi-tandem, tandem, or on one leg.

Told from a front view only, by where one foot lies seen from the other: sideways in
leg lengths, and ahead in the length of the person's own foot as it shows in the
frame, so that the camera's height and distance cancel. Where the view does not show
it, the reading says so instead of guessing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balance.analysis.body.geometry import facing
from balance.analysis.signals import fill_gaps, median, runs, seen, smooth_at_own_times
from balance.model.codes import TrialKind
from balance.model.landmarks import Side
from balance.model.recording import PoseSequence

FloatArray = NDArray[np.float64]

# Touching feet put the ankles 9 to 11 cm apart, 0.11 to 0.13 of a leg; feet on one
# line 0. The limits lie half-way between those, and between touching and hip-wide
# (0.2). Own geometry, checked on rendered people.
ON_ONE_LINE = 0.055
TOUCHING = 0.16
# A foot half its length ahead shows as only 0.2 to 0.3 of it, because the landmarks
# of the hidden foot are drawn towards the other; level feet stay below 0.08.
LEVEL = 0.08
AHEAD = 0.15
# Below this share of a leg the feet point at the lens and "ahead" does not show.
SHORTEST_FOOT = 0.05
# Beyond this share of a leg the feet point sideways: a side view.
SIDEWAYS_FOOT = 0.15
# A raised thigh or shank is foreshortened to this share of the other one's, and its
# ankle stands this much of a leg higher.
FORESHORTENED = 0.8
RAISED = 0.05
# A foot this much of a leg higher is raised whatever the leg looks like; in tandem the
# rear foot stands up to 0.3 higher in the image (camera at 1.4 m, 2.2 m away).
CLEARLY_RAISED = 0.35
# A foot that moves more than this share of a leg within half a second steps.
STEP = 0.03
STEP_WINDOW_S = 0.25
SMOOTH_HZ = 2.0
SHORTEST_S = 1.0


@dataclass(frozen=True, slots=True)
class StanceReading:
    """What the feet do; ``kind`` None where it cannot be told, and why.

    ``front`` the foot ahead, or on one leg the stance leg; None where there is none
    or it does not show.
    """

    kind: TrialKind | None
    because: str
    front: Side | None = None


@dataclass(frozen=True, slots=True)
class StanceSpan:
    """A time in which both feet stay where they are, and how they stand.

    ``start_seen``/``end_seen`` False: the span begins or ends with the recording.
    ``edge_s``: how far off start and end may be.
    """

    start_s: float
    end_s: float
    start_seen: bool
    end_seen: bool
    reading: StanceReading
    edge_s: float = STEP_WINDOW_S

    @property
    def hold_s(self) -> float:
        """Seconds that the feet stayed."""
        return self.end_s - self.start_s


def find_two_leg_stances(pose: PoseSequence) -> tuple[StanceSpan, ...]:
    """Cut a recording where a foot moves, and read each piece of a second or more."""
    if len(pose) < 8:
        return ()
    still = foot_stays(pose, Side.LEFT) & foot_stays(pose, Side.RIGHT)
    spans = []
    for run in runs(still):
        start_s, end_s = float(pose.time_s[run.start]), float(pose.time_s[run.stop - 1])
        if end_s - start_s < SHORTEST_S:
            continue
        start_seen = bool(start_s > pose.time_s[0] + 2 * STEP_WINDOW_S)
        end_seen = bool(end_s < pose.time_s[-1] - 2 * STEP_WINDOW_S)
        # A foot counts as moving half a window before and after it does.
        start_s -= STEP_WINDOW_S if start_seen else 0.0
        end_s += STEP_WINDOW_S if end_seen else 0.0
        reading = read_stance(pose, run)
        spans.append(StanceSpan(start_s, end_s, start_seen, end_seen, reading))
    return tuple(spans)


def why_not_read(pose: PoseSequence) -> str | None:
    """Say why no stance could be told for the longest time; None where all were."""
    feet = [_foot(pose, side) for side in Side]
    if seen(np.concatenate(feet, axis=1)).mean() < 0.5:
        return "the feet were not seen"
    unread = [span for span in find_two_leg_stances(pose) if span.reading.kind is None]
    longest = max(unread, key=lambda span: span.hold_s, default=None)
    return longest.reading.because if longest else None


def read_stance(pose: PoseSequence, span: slice) -> StanceReading:
    """Read how the feet stand over a span of frames."""
    leg_px = _leg_px(pose, span)
    if not np.isfinite(leg_px):
        return StanceReading(None, "the legs were not seen")
    raised = _raised(pose, span, leg_px)
    if raised is not None:
        words = f"the {raised.value} foot is raised"
        return StanceReading(TrialKind.SINGLE_LEG_STANCE, words, raised.other)
    left, right = (_foot(pose, side)[span] for side in Side)
    offset = np.nanmedian(left - right, axis=0) / leg_px
    foot = np.nanmedian(_foot_direction(pose)[span], axis=0) / leg_px
    if not (np.isfinite(offset).all() and np.isfinite(foot).all()):
        return StanceReading(None, "the feet were not seen")
    if abs(foot[0]) > SIDEWAYS_FOOT:
        return StanceReading(None, "the feet are seen from the side")
    return _from_offsets(offset, foot, median(facing(pose)[span]))


def _from_offsets(offset: FloatArray, foot: FloatArray, looks: float) -> StanceReading:
    """Decide from the left foot's place seen from the right one, in leg lengths."""
    shows_ahead = abs(foot[1]) >= SHORTEST_FOOT
    ahead = offset[1] / foot[1] if shows_ahead else float("nan")
    # What lies ahead also shifts sideways where the feet do not point at the lens.
    apart = (offset[0] - (ahead * foot[0] if shows_ahead else 0.0)) * looks
    front = None
    if shows_ahead and abs(ahead) >= LEVEL:
        front = Side.LEFT if ahead > 0 else Side.RIGHT
    if apart <= ON_ONE_LINE:
        return StanceReading(TrialKind.TANDEM_STANCE, "the feet are on one line", front)
    if not shows_ahead:
        if apart > TOUCHING:
            return StanceReading(TrialKind.TWO_LEG_STANCE, "the feet stand apart")
        return StanceReading(None, "from this height no foot shows to be ahead")
    if abs(ahead) >= AHEAD and apart <= TOUCHING:
        words = f"the {front.value if front else ''} foot is half a foot ahead"
        return StanceReading(TrialKind.SEMI_TANDEM_STANCE, words, front)
    if apart > TOUCHING:
        return StanceReading(TrialKind.TWO_LEG_STANCE, "the feet stand apart")
    if abs(ahead) < LEVEL:
        words = "the feet are level and touch"
        return StanceReading(TrialKind.SIDE_BY_SIDE_STANCE, words)
    return StanceReading(None, "one foot is a little ahead, not clearly half a foot")


def _raised(pose: PoseSequence, span: slice, leg_px: float) -> Side | None:
    """Side of the raised foot, by its foreshortened thigh or shank; None if neither."""
    lengths = {side: _segments(pose, side, span) for side in Side}
    for side in Side:
        mine, other = lengths[side], lengths[side.other]
        ankles = [
            median(pose.point(s.landmark("ankle"))[span, 1]) for s in (side, side.other)
        ]
        higher = (ankles[1] - ankles[0]) / leg_px
        bent = higher > RAISED and np.nanmin(mine / other) < FORESHORTENED
        if bent or higher > CLEARLY_RAISED:
            return side
    return None


def _segments(pose: PoseSequence, side: Side, span: slice) -> FloatArray:
    """Median length of thigh and shank in the image, px."""
    hip, knee, ankle = (
        pose.point(side.landmark(joint))[span] for joint in ("hip", "knee", "ankle")
    )
    thigh = np.linalg.norm(knee - hip, axis=1)
    shank = np.linalg.norm(ankle - knee, axis=1)
    return np.array([median(thigh), median(shank)])


def foot_stays(pose: PoseSequence, side: Side) -> NDArray[np.bool_]:
    """(T,) True where a foot does not move within half a second round the frame."""
    foot = fill_gaps(pose.time_s, _foot(pose, side), 0.3)
    smooth = smooth_at_own_times(pose.time_s, foot, SMOOTH_HZ)
    spread = _range_within(pose.time_s, smooth, STEP_WINDOW_S)
    return np.asarray(spread < STEP * _leg_px(pose))


def _range_within(time_s: FloatArray, xy: FloatArray, half_s: float) -> FloatArray:
    """(T,) greatest spread in x or y within ``half_s`` of each frame; NaN unseen."""
    first = np.searchsorted(time_s, time_s - half_s)
    last = np.searchsorted(time_s, time_s + half_s, side="right")
    spread = [np.ptp(xy[a:b], axis=0).max() for a, b in zip(first, last, strict=True)]
    return np.array(spread)


def _foot(pose: PoseSequence, side: Side) -> FloatArray:
    """(T, 2) px middle of ankle, heel and toe."""
    joints = ("ankle", "heel", "foot_index")
    return np.asarray(
        np.mean([pose.point(side.landmark(joint)) for joint in joints], axis=0)
    )


def _foot_direction(pose: PoseSequence) -> FloatArray:
    """(T, 2) px from heel to toe, mean of both feet."""
    vectors = [
        pose.point(side.landmark("foot_index")) - pose.point(side.landmark("heel"))
        for side in Side
    ]
    return np.asarray(np.mean(vectors, axis=0))


def _leg_px(pose: PoseSequence, span: slice = slice(None)) -> float:
    """Length of the longer leg in the image, px; NaN where no leg was seen."""
    lengths = [
        np.linalg.norm(
            pose.point(side.landmark("ankle"))[span]
            - pose.point(side.landmark("hip"))[span],
            axis=1,
        )
        for side in Side
    ]
    known = [values[seen(values[:, None])] for values in lengths]
    medians = [median(values) for values in known if len(values)]
    return max(medians, default=float("nan"))
