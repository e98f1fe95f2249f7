"""How wrong sway can be: learned on people whose true path is known.

What is measured of a video differs from the truth for two reasons. Noise of the
tracking is measured in each video by itself, and what is surely noise is taken out of
what it inflates; where there is more of it, small quick motion gets lost as well. What
remains goes with the motion (the hips' level is known to some centimetres, so
the motion read there is some per cent too large or too small; cloth; a camera not
quite square) or is there without any (a floor). Both were learned from people with
a known path and are kept as data, ``data/error_model.toml``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from balance.analysis.signals import low_pass_gain
from balance.model.results import SDS_95


def noise_after_low_pass(sd: float, frame_rate_hz: float, cutoff_hz: float) -> float:
    """Return the standard deviation that noise keeps through the low-pass.

    Noise from frame to frame spreads evenly up to half the frame rate; the filter
    lets through what lies below the cut-off.
    """
    return sd * _kept(frame_rate_hz, cutoff_hz)


def noise_speed(
    sd: float, frame_rate_hz: float, cutoff_hz: float, rate_hz: float
) -> float:
    """Return the standard deviation of the speed that the same noise makes."""
    return sd * _kept(frame_rate_hz, cutoff_hz, rate_hz)


@lru_cache(64)
def _kept(
    frame_rate_hz: float, cutoff_hz: float, rate_hz: float | None = None
) -> float:
    """Share of noise that passes the low-pass; at a rate, of its speed at that rate.

    Kept: the same few are asked for several times in each trial.
    """
    frequency = np.linspace(0.0, frame_rate_hz / 2, 513)
    density = low_pass_gain(frequency, cutoff_hz) ** 2 / (frame_rate_hz / 2)
    if rate_hz is not None:
        # A step from sample to sample multiplies amplitude by 2 sin(π f / rate).
        density = density * (2 * np.sin(np.pi * frequency / rate_hz) * rate_hz) ** 2
    return float(np.sqrt(np.trapezoid(density, frequency)))


def without_noise(value: float, noise: float) -> float:
    """Root mean square of a signal, given that of signal and noise together."""
    return float(np.sqrt(max(value**2 - noise**2, 0.0)))


@dataclass(frozen=True, slots=True)
class Scored:
    """An error in standard deviations as they were stated, and whose it is."""

    person: str
    in_sds: float


def learn_scale(scored: Sequence[Scored]) -> float:
    """Return by what stated SDs must be multiplied to hold a new person's truth.

    Persons count alike, however many values they have. The wider of two: what normally
    distributed errors need, widened by Student's t for few people; and what most people
    needed, for with some few people everything goes wrong at once, which their mean
    square does not tell.
    """
    from scipy import stats  # here, because importing it costs 0.4 s

    errors: dict[str, list[float]] = {}
    for one in scored:
        errors.setdefault(one.person, []).append(one.in_sds)
    squares = [np.mean(np.square(own)) for own in errors.values()]
    widened = stats.t.ppf(0.975, len(errors)) / SDS_95
    return max(
        float(np.sqrt(np.mean(squares)) * widened),
        _held_by_most(list(errors.values())) / SDS_95,
    )


def _held_by_most(errors: Sequence[Sequence[float]]) -> float:
    """Return the size of error that a new person's stays below in 95 of 100 cases.

    ``errors`` are those of each person. A conformal quantile: the new person counts as
    much as each one known and may be worse than all. Below 19 people that alone is over
    5 %, and the largest error known is the most that can be told. Needs no distribution
    (Lee, Barber & Willett, arXiv:2306.06342, on values that come in groups).
    """
    size = np.abs(np.concatenate(errors))
    weight = np.concatenate([np.full(len(own), 1 / len(own)) for own in errors])
    order = np.argsort(size)
    reached = np.cumsum(weight[order]) / (len(errors) + 1)
    enough = int(np.searchsorted(reached, 0.95 - 1e-9))
    return float(size[order[min(enough, len(size) - 1)]])


def left_out_coverage(scored: Sequence[Scored], others: Sequence[Scored]) -> float:
    """Share of truths inside intervals whose scale was learned without that person.

    ``others`` are those learned from; who is among ``scored`` is left out of them.
    """
    scales = {
        person: learn_scale([one for one in others if one.person != person])
        for person in {one.person for one in scored}
    }
    return float(
        np.mean([abs(one.in_sds) <= SDS_95 * scales[one.person] for one in scored])
    )


def interval_score(low: float, high: float, truth: float) -> float:
    """Width of a 95 % interval plus 40 times by how much it misses; low is good.

    Gneiting & Raftery (2007), J Am Stat Assoc 102:359-378.
    """
    missed = max(low - truth, truth - high, 0.0)
    return high - low + 2 / 0.05 * missed
