"""How long thigh and shank are: so long that the knees bend as they are told to.

Standing shows a leg shorter than it is: knees are never quite straight, and hips and
ankles have their own bias. How far the knees bend at the bottom is known from the whole
posture; of all lengths one gives that bend in space.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from balance.analysis.body.leg_depth import bend_between, place_leg
from balance.analysis.measures.leg_lines import LegLine
from balance.analysis.measures.squat_view import SquatView
from balance.model.landmarks import Side
from balance.model.recording import FloatArray, IntArray
from balance.model.results import SDS_95, Measurement

# Lengths looked at, in lengths as seen in standing; nobody's lie outside.
LENGTHS = np.linspace(0.95, 1.16, 22)


def fit_lengths(
    view: SquatView, bottoms: Sequence[tuple[IntArray, Measurement | None]]
) -> Mapping[Side, LegLine]:
    """Legs with their ``longer`` and its SD.

    ``bottoms`` holds the frames and the knee flexion (mean of the legs seen) of each
    repetition; without one the legs stay as they are.
    """
    found = [
        _length(view, rows, flexion)
        for rows, flexion in bottoms
        if flexion is not None and flexion.low is not None and flexion.high is not None
    ]
    known = np.array([one for one in found if np.isfinite(one).all()])
    if not len(known):
        return view.legs
    longer, sd = np.median(known, axis=0)
    return {
        side: replace(leg, longer=float(longer), longer_sd=float(sd))
        for side, leg in view.legs.items()
    }


def _length(
    view: SquatView, rows: IntArray, flexion: Measurement
) -> tuple[float, float]:
    """Length that gives this bend, and its SD, by the bend's own."""
    assert flexion.low is not None
    assert flexion.high is not None
    bends = np.mean([_bends(view, side, rows) for side in view.sides], axis=0)
    bend_interval = [flexion.low, flexion.value, flexion.high]
    low, best, high = np.interp(bend_interval, np.maximum.accumulate(bends), LENGTHS)
    return float(best), float((high - low) / (2 * SDS_95))


def _bends(view: SquatView, side: Side, rows: IntArray) -> FloatArray:
    """Bend at the bottom for each of ``LENGTHS``, in degrees."""
    leg, lengths = view.legs[side], LENGTHS[:, None]
    chain = np.broadcast_to(leg.chain[rows], (len(LENGTHS), len(rows), 3, 2))
    place = place_leg(
        chain, lengths * leg.thigh_px, lengths * leg.shank_px, view.camera, view.facing
    )
    return np.asarray(np.nanmedian(bend_between(place), axis=1))
