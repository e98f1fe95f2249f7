"""Heel raises: how many, how high against the first, how fast, how alike both legs.

From the front the heel hides behind the foot and its landmark hardly moves, but the
whole body rises with it. So the rise of hips and shoulders above the toes is followed;
in a squat the knees stay behind, and a hop takes the toes along. Heights are shares of
the first raise, which needs no scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from balance.analysis.body.geometry import midpoint
from balance.analysis.events.stance_type import read_stance
from balance.analysis.signals import (
    fill_gaps,
    median,
    seen,
    smooth_at_own_times,
    white_noise_sd,
)
from balance.model.codes import EndReason, FindingCode, Severity, TrialKind
from balance.model.landmarks import Side
from balance.model.recording import PoseSequence
from balance.model.results import Finding, Measurement, Repetition, Trial

FloatArray = NDArray[np.float64]

# A raise shows from 2 % of the leg on (about 17 mm at the hip); standing sway and
# breathing stay below 1 %.
SMALLEST_RISE = 0.02
# Faster than any raise to the beat (0.5 Hz) by far, slower than landmark jitter.
SMOOTH_HZ = 3.0
# Heels of a foot's length cannot lift the body further than this share of the leg.
LARGEST_RISE = 0.14
# In a raise the standing knee goes up with the body (0.5 to 0.7 of what hips and
# shoulders show, which lean towards the camera as well); in a squat it gives at most
# 0.43, on rendered people seen from the front and turned.
LEAST_FROM_KNEE = 0.47
# In a hop the toes rise with the body, in a step they go somewhere else.
MOST_FROM_TOES = 0.5
STEP = 0.05
SHORTEST_S, LONGEST_S = 0.4, 8.0
# A pause longer than this between two tops begins a new set.
LONGEST_PAUSE_S = 6.0
FEWEST = 2
# Nobody who was not asked for raises is said to do them on less: arms and dance lift
# hips and shoulders twice by up to 3 % of the leg, raises of rendered people by 6 %.
FEWEST_UNASKED, RISE_UNASKED = 3, 0.045
# How long before and after a set tells at which level the person stands.
BESIDE_S = 2.0
EDGE = 0.15  # of a raise: where it starts and ends
# Error of a height against the first raise, in points of 100 (standard deviation),
# measured on rendered people with known heels: see tests.
HEIGHT_SD_POINTS = 4.0


@dataclass(frozen=True, slots=True)
class HeelRaise:
    """One raise: ``rise`` in leg lengths, with the noise of reading it.

    ``knees``: the rise of the left and of the right knee.
    """

    start_s: float
    top_s: float
    end_s: float
    rise: float
    rise_sd: float
    knees: tuple[float, float]


def heel_raise_trials(pose: PoseSequence, *, asked: bool = True) -> tuple[Trial, ...]:
    """Return the sets of heel raises of a recording, each a trial.

    Where they were not asked for, only sets that nothing else can be mistaken for.
    """
    sets = find_heel_raises(pose)
    return tuple(_trial(pose, raises) for raises in sets if asked or _is_plain(raises))


def _is_plain(raises: Sequence["HeelRaise"]) -> bool:
    rise = median([one.rise for one in raises])
    return len(raises) >= FEWEST_UNASKED and rise >= RISE_UNASKED


def find_heel_raises(pose: PoseSequence) -> tuple[tuple[HeelRaise, ...], ...]:
    """Return every set of two or more raises, in order."""
    if len(pose) < 16:
        return ()
    body = _Body(pose)
    sets: list[list[HeelRaise]] = []
    for raised in _peaks(body):
        if sets and raised.top_s - sets[-1][-1].top_s <= LONGEST_PAUSE_S:
            sets[-1].append(raised)
        else:
            sets.append([raised])
    return tuple(
        tuple(raises)
        for raises in sets
        if len(raises) >= FEWEST and _begins_or_ends_low(body, raises)
    )


def _peaks(body: "_Body") -> list[HeelRaise]:
    from scipy.signal import find_peaks

    known = np.isfinite(body.rise)
    if not known.any():
        return []
    height = np.where(known, body.rise, np.nanmin(body.rise))
    tops, _ = find_peaks(height, prominence=SMALLEST_RISE)
    raises = []
    for k, top in enumerate(tops):
        before = int(tops[k - 1]) if k else 0
        after = int(tops[k + 1]) if k + 1 < len(tops) else len(height) - 1
        left = before + int(np.argmin(height[before : top + 1]))
        right = int(top) + int(np.argmin(height[top : after + 1]))
        left = _foot_of_slope(height, left, int(top))
        right = _foot_of_slope(height, right, int(top))
        raised = body.read(left, int(top), right)
        if raised is not None:
            raises.append(raised)
    return raises


def _begins_or_ends_low(body: "_Body", raises: Sequence[HeelRaise]) -> bool:
    """Whether the person stood low beside the set: squats begin and end at the top."""
    sides = (
        (raises[0].start_s - BESIDE_S, raises[0].start_s),
        (raises[-1].end_s, raises[-1].end_s + BESIDE_S),
    )
    highest = []
    for first_s, last_s in sides:
        level = body.rise[(body.time_s >= first_s) & (body.time_s <= last_s)]
        level = level[np.isfinite(level)]
        if len(level) >= 3:
            highest.append(float(np.percentile(level, 90)))
    tops = np.interp([r.top_s for r in raises], body.time_s, body.rise)
    limit = median(tops) - 0.3 * median([r.rise for r in raises])
    return not highest or min(highest) < limit


@dataclass(frozen=True, eq=False)
class _Body:
    """Heights over the toes in leg lengths, and where the standing toes are.

    Most recordings show no raise at all, so what only tells one raise from something
    else is worked out when it is asked for.
    """

    pose: PoseSequence

    @property
    def time_s(self) -> FloatArray:
        return self.pose.time_s

    @cached_property
    def rise(self) -> FloatArray:
        """(T,) of hips and shoulders over the lower foot."""
        return self._share(self._body)

    @cached_property
    def toes(self) -> FloatArray:
        """(T, 2) place of the standing toes."""
        left = self._on_left[:, None]
        return self._share(left * self._toes[0] + (1 - left) * self._toes[1])

    @cached_property
    def knees(self) -> tuple[FloatArray, FloatArray]:
        """(T,) each: left and right knee over the lower foot."""
        left, right = self._knees
        return self._share(left), self._share(right)

    @cached_property
    def standing_knee(self) -> FloatArray:
        """(T,) of the knee over the foot that carries the weight."""
        left, right = self._knees
        return self._share(self._on_left * left + (1 - self._on_left) * right)

    @cached_property
    def noise(self) -> float:
        """Standard deviation of ``rise`` from frame to frame."""
        return white_noise_sd(self._body / self._leg_px)

    @cached_property
    def _toes(self) -> FloatArray:
        toes = np.stack([self.pose.point(s.landmark("foot_index")) for s in Side])
        # Feet below the image are invented by the pose model.
        toes[:, (toes[..., 1] > self.pose.size_px[1]).any(axis=0)] = np.nan
        return toes

    @cached_property
    def _floor(self) -> FloatArray:
        """(T,) the standing foot is the lower one in the image."""
        return np.asarray(np.fmax(self._toes[0, :, 1], self._toes[1, :, 1]))

    @cached_property
    def _leg_px(self) -> float:
        if not np.isfinite(self._floor).any():
            return 1.0
        return median(self._floor - midpoint(self.pose, "hip")[:, 1])

    @cached_property
    def _on_left(self) -> FloatArray:
        """(T,) share of the left foot in standing; level feet share evenly."""
        lower = (self._toes[0, :, 1] - self._toes[1, :, 1]) / self._leg_px
        return np.clip(0.5 + lower / 0.1, 0.0, 1.0)

    @cached_property
    def _body(self) -> FloatArray:
        parts = [midpoint(self.pose, joint)[:, 1] for joint in ("hip", "shoulder")]
        return np.asarray(self._floor - (parts[0] + parts[1]) / 2)

    @cached_property
    def _knees(self) -> tuple[FloatArray, FloatArray]:
        left, right = (
            self._floor - self.pose.point(side.landmark("knee"))[:, 1] for side in Side
        )
        return left, right

    def _share(self, values: FloatArray) -> FloatArray:
        """Give px in leg lengths, short gaps bridged, smooth."""
        bridged = fill_gaps(self.time_s, values / self._leg_px, 0.3)
        return smooth_at_own_times(self.time_s, bridged, SMOOTH_HZ)

    def read(self, left: int, top: int, right: int) -> HeelRaise | None:
        """Measure one raise between its two lows; None when it is something else."""

        def gain(values: FloatArray) -> float:
            return float(values[top] - (values[left] + values[right]) / 2)

        rise = gain(self.rise)
        if not SMALLEST_RISE <= rise <= LARGEST_RISE:
            return None
        knee, toes = gain(self.standing_knee), -gain(self.toes[:, 1])
        if not np.isfinite([knee, toes]).all():
            return None
        stepped = np.ptp(self.toes[[left, top, right], 0]) > STEP
        if knee < LEAST_FROM_KNEE * rise or toes > MOST_FROM_TOES * rise or stepped:
            return None
        start, end = self._edges(left, top, right)
        if not SHORTEST_S <= end - start <= LONGEST_S:
            return None
        # Three readings, each a mean over the filter's memory; 1.5: top and two lows.
        noise = float(np.nan_to_num(self.noise)) * float(np.sqrt(1.5))
        knees = (gain(self.knees[0]), gain(self.knees[1]))
        return HeelRaise(start, self._middle(left, top, right), end, rise, noise, knees)

    def _middle(self, left: int, top: int, right: int) -> float:
        """Return the middle of the time spent in the upper tenth of the raise."""
        base = (self.rise[left] + self.rise[right]) / 2
        high = self.rise >= self.rise[top] - 0.1 * (self.rise[top] - base)
        around = np.flatnonzero(~high[left : right + 1]) + left
        first = around[around < top].max(initial=left) + 1
        last = around[around > top].min(initial=right) - 1
        return float(self.time_s[first] + self.time_s[last]) / 2

    def _edges(self, left: int, top: int, right: int) -> tuple[float, float]:
        """Find when the rise passes ``EDGE`` on its way up and down."""
        up = self.rise[left : top + 1]
        down = self.rise[top : right + 1]
        up_level = up[0] + EDGE * (up[-1] - up[0])
        down_level = down[-1] + EDGE * (down[0] - down[-1])
        start = left + int(np.argmax(up >= up_level))
        low = np.flatnonzero(down <= down_level)
        end = top + (int(low[0]) if len(low) else len(down) - 1)
        return float(self.time_s[start]), float(self.time_s[end])


def _foot_of_slope(height: FloatArray, low: int, top: int) -> int:
    """Walk from a low towards the top while it is flat, to where the slope begins."""
    level = height[low] + 0.1 * (height[top] - height[low])
    step = 1 if top > low else -1
    while low != top and height[low + step] <= level:
        low += step
    return low


def _trial(pose: PoseSequence, raises: Sequence[HeelRaise]) -> Trial:
    start_s, end_s = raises[0].start_s, raises[-1].end_s
    inside = np.flatnonzero((pose.time_s >= start_s) & (pose.time_s <= end_s))
    stance = read_stance(pose, slice(int(inside[0]), int(inside[-1]) + 1))
    one_leg = stance.kind == TrialKind.SINGLE_LEG_STANCE and stance.front is not None
    side = stance.front.value if one_leg and stance.front else "both"
    measures = _set_measures(raises)
    measures["symmetry_pct"] = None if one_leg else _symmetry(raises)
    return Trial(
        kind=TrialKind.HEEL_RAISE_SET,
        side=side,
        start_s=start_s,
        end_s=end_s,
        start_seen=bool(start_s > pose.time_s[0] + 0.3),
        end_seen=bool(end_s < pose.time_s[-1] - 0.3),
        end_reason=EndReason.SET_END,
        measures=measures,
        repetitions=tuple(_repetition(raised, raises[0]) for raised in raises),
        findings=_findings(pose, one_leg),
    )


def _findings(pose: PoseSequence, one_leg: bool) -> tuple[Finding, ...]:
    heels = [pose.point(side.landmark("heel")) for side in Side]
    if seen(np.concatenate(heels, axis=1)).mean() < 0.5:
        text = "The heels were hidden; the raises were counted by the body's rise."
        code = FindingCode.NOT_VISIBLE_FROM_THIS_VIEW
        return (Finding(code, Severity.INFO, text),)
    if one_leg:
        text = "On one leg the two sides are compared between sets, not within one."
        return (Finding(FindingCode.NOT_VISIBLE_FROM_THIS_VIEW, Severity.INFO, text),)
    return ()


def _set_measures(raises: Sequence[HeelRaise]) -> dict[str, Measurement | None]:
    count = len(raises)
    heights = [_against_first(raised, raises[0]) for raised in raises[1:]]
    lowest = min(heights, key=lambda height: height.value)
    tops = np.array([raised.top_s for raised in raises])
    spacing = np.diff(tops)
    per_min = 60.0 / spacing
    spread = float(np.std(per_min, ddof=1)) if len(per_min) > 1 else 0.0
    error = spread / float(np.sqrt(len(per_min)))
    return {
        "repetitions": Measurement(count, "count", count, count),
        "height_last_pct_first": heights[-1],
        "height_worst_pct_first": lowest,
        "tempo_per_min": Measurement.with_sd(float(np.mean(per_min)), error, "1/min"),
        "tempo_sd_per_min": Measurement(spread, "1/min", None, None),
    }


def _symmetry(raises: Sequence[HeelRaise]) -> Measurement | None:
    """Lower knee's rise as a share of the higher one's, over the set, in %."""
    knees = np.array([raised.knees for raised in raises])
    means = knees.mean(axis=0)
    if means.max() <= 0:
        return None
    ratios = 100 * knees.min(axis=1) / knees.max(axis=1)
    value = float(100 * means.min() / means.max())
    sd = float(np.std(ratios, ddof=1) / np.sqrt(len(ratios))) if len(ratios) > 1 else 0
    found = Measurement.with_sd(value, float(np.hypot(sd, HEIGHT_SD_POINTS)), "%")
    # The lower side is never above the higher one.
    return replace(found, high=min(found.high or 100.0, 100.0))


def _against_first(raised: HeelRaise, first: HeelRaise) -> Measurement:
    value = 100.0 * raised.rise / first.rise
    noise = 100 * np.hypot(raised.rise_sd, first.rise_sd) / first.rise
    return Measurement.with_sd(value, float(np.hypot(noise, HEIGHT_SD_POINTS)), "%")


def _repetition(raised: HeelRaise, first: HeelRaise) -> Repetition:
    height = None if raised is first else _against_first(raised, first)
    return Repetition(
        raised.start_s,
        raised.top_s,
        raised.end_s,
        {
            "rise_pct_leg": Measurement.with_sd(
                100 * raised.rise, 100 * raised.rise_sd, "%", at_s=raised.top_s
            ),
            "height_pct_first": height or Measurement(100.0, "%", 100.0, 100.0),
            "rise_s": Measurement(raised.top_s - raised.start_s, "s", None, None),
            "lower_s": Measurement(raised.end_s - raised.top_s, "s", None, None),
        },
    )
