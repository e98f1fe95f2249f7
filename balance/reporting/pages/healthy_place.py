"""Where a knee lies among healthy people: a small image for the report."""

from collections.abc import Iterator
from dataclasses import dataclass

from balance.model.codes import TrialKind
from balance.model.landmarks import Side
from balance.model.results import Measurement, Trial
from balance.reference.loader import load_squat_thresholds
from balance.reporting.words import wording

# Ends of the scale in degrees, + = inwards; so much covers knees far out and far in.
FROM_DEG, TO_DEG = -30.0, 40.0
# Healthy people between these, about 95 of 100.
SDS = 2.0


@dataclass(frozen=True, slots=True)
class HealthyPlace:
    """Places on a scale, in % of its width: healthy people, a value, its interval."""

    label: str
    said: str
    band_from: float
    band_width: float
    from_: float
    width: float
    at: float
    source: str


def healthy_places(trial: Trial) -> list[HealthyPlace]:
    """Return each knee of a single-leg squat set among healthy people's."""
    if trial.kind is not TrialKind.SINGLE_LEG_SQUAT_SET:
        return []  # the published values are of single-leg squats
    return list(_places(trial))


def _places(trial: Trial) -> Iterator[HealthyPlace]:
    usual = load_squat_thresholds().usual["knee_valgus"]
    low, high = usual.mean - SDS * usual.sd, usual.mean + SDS * usual.sd
    for side in Side:
        knee = trial.measures.get(f"fppa_frontal_{side}_deg_mean")
        if knee is None or knee.low is None or knee.high is None:
            continue
        yield HealthyPlace(
            label=f"{side.value.capitalize()} knee among healthy people",
            said=_said(knee, low, high),
            band_from=_share(low),
            band_width=_share(high) - _share(low),
            from_=_share(knee.low),
            width=_share(knee.high) - _share(knee.low),
            at=_share(knee.value),
            source=usual.source,
        )


def _said(knee: Measurement, low: float, high: float) -> str:
    number, low_said, high_said = (
        wording.say_number(one, 0) for one in (knee.value, low, high)
    )
    return f"{number}° inwards; 95 of 100 healthy people: {low_said} to {high_said}°"


def _share(degrees: float) -> float:
    share = (min(max(degrees, FROM_DEG), TO_DEG) - FROM_DEG) / (TO_DEG - FROM_DEG)
    return round(100 * share, 1)
