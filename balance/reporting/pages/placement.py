"""Where the camera stood at two visits, and a person's place among healthy people."""

from collections.abc import Iterable, Iterator, Sequence
from statistics import NormalDist, median

from balance.model.codes import TrialKind
from balance.model.results import Assessment, Measurement
from balance.reference.loader import load_squat_thresholds
from balance.reporting.words import wording

# A turn of the camera that moves a knee's angle by more than its usual error.
TURNED_DEG = 10.0
# Nearer or farther by this factor: what is one pixel changes by as much.
MOVED_FACTOR = 1.25


def camera_changes(
    before: Sequence[Assessment], after: Sequence[Assessment]
) -> list[str]:
    """Return a sentence for each test at which the camera stood elsewhere than before.

    Tests of two visits are compared by their kind: some are seen from the front,
    others from the side.
    """
    first, last = _by_kind(before), _by_kind(after)
    return [
        f"{wording.kind_title(kind, 'both')}: the camera {' and '.join(changed)} since "
        "the visit before. Part of a difference may come from that."
        for kind in first
        if kind in last and (changed := list(_changed(first[kind], last[kind])))
    ]


def _by_kind(assessments: Iterable[Assessment]) -> dict[TrialKind, list[Assessment]]:
    found: dict[TrialKind, list[Assessment]] = {}
    for one in assessments:
        for kind in dict.fromkeys(trial.kind for trial in one.trials):
            found.setdefault(kind, []).append(one)
    return found


def _changed(before: list[Assessment], after: list[Assessment]) -> Iterator[str]:
    yaws = [_yaw(before), _yaw(after)]
    if yaws[0] is not None and yaws[1] is not None:
        turned = yaws[1].value - yaws[0].value
        if abs(turned) >= TURNED_DEG and _apart(yaws[0], yaws[1]):
            yield f"was turned by {wording.say_number(abs(turned), 0)}°"
    fields = [_field_mm(before), _field_mm(after)]
    if fields[0] and fields[1]:
        factor = fields[1] / fields[0]
        if max(factor, 1 / factor) >= MOVED_FACTOR:
            yield "stood farther away" if factor > 1 else "stood nearer"


def _yaw(assessments: Iterable[Assessment]) -> Measurement | None:
    known = [one.camera.yaw_deg for one in assessments if one.camera.yaw_deg]
    known.sort(key=lambda yaw: yaw.value)
    return known[len(known) // 2] if known else None


def _apart(one: Measurement, other: Measurement) -> bool:
    """Whether two intervals do not meet."""
    low, high = sorted((one, other), key=lambda yaw: yaw.value)
    return low.high is not None and high.low is not None and low.high < high.low


def _field_mm(assessments: Iterable[Assessment]) -> float | None:
    """Return how much the image's longer side shows at the person, in mm."""
    seen = [
        one.scale.mm_per_px.value * max(one.source.width_px, one.source.height_px)
        for one in assessments
        if one.scale is not None
    ]
    return median(seen) if seen else None


def place_of(
    kind: TrialKind, side: str, measure: str, value: float, last: Sequence[Assessment]
) -> str:
    """Return a value's place among healthy people, "" where no source gives one.

    A knee has a percentile, since mean and SD are published; times to hold, which are
    skewed and cut off, have what is typical at the age.
    """
    if kind is TrialKind.SINGLE_LEG_SQUAT_SET and measure.startswith("fppa_frontal"):
        usual = load_squat_thresholds().usual["knee_valgus"]
        share = 100 * NormalDist(usual.mean, usual.sd).cdf(value)
        percent = min(max(round(share), 1), 99)
        return (
            f"Knee further inwards than that of about {percent} of 100 healthy people "
            f"({usual.source})."
        )
    norms = [
        trial.norm
        for one in last
        for trial in one.trials
        if measure == "hold_s" and (trial.kind, trial.side) == (kind, side)
    ]
    known = [norm for norm in norms if norm is not None]
    return f"{known[0].band} ({known[0].source})." if known else ""
