"""Learn how wrong sway is from recordings with a known path: ``error_model.toml``.

    python scripts/learn_sway_errors.py tests/rendered

Prints for each measure the share of the value, the floor and the multiple of the
video's own noise that make the errors of the recordings likeliest, beside what the
scale and the camera's yaw add to each. Every person counts the same, however many
recordings there are of them. The last columns are the coverage, the median width and
the mean interval score where all of it is learned again without the person.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import optimize, stats

from balance.analysis.error_model import interval_score
from balance.analysis.measures.sway import (
    CENTRE_OF_MASS,
    PELVIS,
    frequency_name,
    mm_name,
)
from balance.model.files import read_recording
from balance.pipeline.analyze import assess_recording
from balance.pipeline.validation.benchmark import compare
from balance.reference.standards import load_sway_errors
from balance.reference.thresholds import MeasureError

# With fewer frames per second, quick sway itself is taken for noise, and the noise says
# nothing of the errors: their intervals are wider than they need be.
SLOWEST_HZ = 20.0
MEASURES = ("rms", "range", "path", "speed", "mean_frequency")
LIMIT = float(stats.norm.ppf(0.975))


@dataclass(frozen=True)
class Seen:
    """One value and the truth, % of height as the model has it.

    ``own_sd`` is what the scale and the yaw add; ``noise`` the video's own.
    """

    person: str
    value: float
    truth: float
    noise: float
    own_sd: float


# Cloth and skin follow the pelvis no better than this share: own estimate, so that no
# interval vanishes in a video without noise.
LEAST_SHARE = 0.03


def main(folder: Path) -> None:
    """Print what is learned from a folder."""
    errors = load_sway_errors()
    for path, table in (
        (PELVIS, errors.video),
        (CENTRE_OF_MASS, errors.centre_of_mass),
    ):
        for what in MEASURES:
            seen = list(_seen(folder, path, what, table[what]))
            error = learned(seen)
            print(f"{path} {what:15}{_told(error)} | {_left_out(seen)}")


def _seen(folder: Path, path: str, what: str, now: MeasureError):  # type: ignore[no-untyped-def]
    is_frequency = what == "mean_frequency"
    name = frequency_name(path) if is_frequency else mm_name(path, what)
    for row, noise_mm, height_mm in _rows(folder):
        if row.measure != name or row.measured is None:
            continue
        unit = 1.0 if is_frequency else 100 / height_mm
        value, noise = row.measured.value * unit, noise_mm * 100 / height_mm
        # The lower end may have been cut off at zero.
        stated = (row.measured.high - row.measured.value) * unit / LIMIT
        own = np.sqrt(max(stated**2 - now.sd(value, noise=noise) ** 2, 0.0))
        yield Seen(row.person, value, row.truth * unit, noise, float(own))


def _rows(folder: Path):  # type: ignore[no-untyped-def]
    if folder not in _known:
        _known[folder] = list(_read(folder))
    return _known[folder]


_known: dict = {}


def _read(folder: Path):  # type: ignore[no-untyped-def]
    noise_name = mm_name(PELVIS, "noise")
    for truth in sorted(folder.glob("*stand*.json")):
        recording = read_recording(truth.with_suffix(".npz"))
        if recording.pose.rate_hz < SLOWEST_HZ:
            continue
        rows = compare(truth)
        rms = [row.measured for row in rows if row.measure == mm_name(PELVIS, "rms")]
        for trial in assess_recording(recording).trials:
            if rms and trial.measures.get(mm_name(PELVIS, "rms")) == rms[0]:
                noise = trial.measures[noise_name]
                for row in rows:
                    yield row, noise.value, recording.person.height_mm


def learned(seen: Sequence[Seen]) -> MeasureError:
    """Return the likeliest error, widened by Student's t for so few people."""
    people = [one.person for one in seen]
    count = {person: people.count(person) for person in people}
    weight = np.array([1 / count[person] for person in people])
    value, truth, noise, own = np.array(
        [(one.value, one.truth, one.noise, one.own_sd) for one in seen]
    ).T

    def unlikely(logs: np.ndarray) -> float:
        share, floor, by_noise = np.exp(2 * np.clip(logs, -20, 20))
        by_value = np.maximum(share, LEAST_SHARE**2) * value**2
        variance = by_value + floor + by_noise * noise**2 + own**2
        wrong = (value - truth) ** 2 / variance
        return float((weight * (np.log(variance) + wrong)).sum())

    middle = float(np.median(value))
    starts = [
        np.log([0.05, share * middle, by_noise])
        for share in (0.003, 0.03)
        for by_noise in (1.0, 10.0)
    ]
    best = min(
        (optimize.minimize(unlikely, start, method="Nelder-Mead") for start in starts),
        key=lambda found: found.fun,
    )
    share, floor, by_noise = np.exp(np.clip(best.x, -20, 20))
    widened = float(stats.t.ppf(0.975, len(count)) / LIMIT)
    return MeasureError(
        widened * max(share, LEAST_SHARE), widened * floor, widened * by_noise
    )


def sd_of(one: Seen, error: MeasureError) -> float:
    """Return the SD of a value, what the scale and the yaw add included."""
    return float(np.hypot(error.sd(one.value, noise=one.noise), one.own_sd))


def _left_out(seen: Sequence[Seen]) -> str:
    inside, width, score = [], [], []
    for person in sorted({one.person for one in seen}):
        error = learned([one for one in seen if one.person != person])
        for one in seen:
            if one.person == person:
                half = LIMIT * sd_of(one, error)
                low, high = max(one.value - half, 0.0), one.value + half
                inside.append(low <= one.truth <= high)
                width.append(high - low)
                score.append(interval_score(low, high, one.truth))
    return (
        f"{len(seen)} values, left out: held {100 * np.mean(inside):.0f}%, "
        f"width {np.median(width):.3f}, score {np.mean(score):.3f}"
    )


def _told(error: MeasureError) -> str:
    return (
        f"relative_sd = {error.relative_sd:.3f}, floor = {error.floor:.3f}, "
        f"noise = {error.noise:.2f}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
