"""Left against right: the difference with its interval, and whether there is one."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from balance.history.trends.change import DetectableChange, Series, within_sd
from balance.model.codes import Answer


@dataclass(frozen=True, slots=True)
class SideDifference:
    """Left minus right. ``low`` or ``high`` is None where a cap hides that end.

    ``answer``: yes, there is a difference; no, none that could be detected; or it
    cannot be told.
    """

    difference: float
    low: float | None
    high: float | None
    unit: str
    answer: Answer
    text: str


def compare_sides(
    left: Series, right: Series, unit: str, detectable: DetectableChange | None = None
) -> SideDifference | None:
    """Compare the trials of one visit, 95 %.

    With two or more trials a side their own scatter makes the interval; with one, the
    minimum detectable change does. None where a side was not done.
    """
    if not len(left) or not len(right):
        return None
    difference = float(left.value.mean() - right.value.mean())
    half = _half_width(left, right, detectable)
    return _conclude(difference, half, left, right, unit)


def compare_sides_over_visits(
    left: Series, right: Series, unit: str
) -> SideDifference | None:
    """Compare visit by visit: ``left`` and ``right`` hold the same visits in order.

    What varies from day to day for both legs alike drops out of the differences.
    """
    if len(left) != len(right):
        raise ValueError("left and right must hold the same visits")
    if not len(left):
        return None
    differences = left.value - right.value
    half = None
    if len(differences) >= 3:
        error = float(differences.std(ddof=1)) / np.sqrt(len(differences))
        half = float(stats.t.ppf(0.975, len(differences) - 1)) * float(error)
    return _conclude(float(differences.mean()), half, left, right, unit)


def _half_width(
    left: Series, right: Series, detectable: DetectableChange | None
) -> float | None:
    sd, freedom, _ = within_sd((left, right))
    if freedom >= 2:
        half = float(stats.t.ppf(0.975, freedom)) * sd
        return half * float(np.sqrt(1 / len(left) + 1 / len(right)))
    if detectable is not None and detectable.value is not None:
        # A minimum detectable change is the 95 % half-width of one visit minus one.
        return detectable.value
    return None


def _conclude(
    difference: float, half: float | None, left: Series, right: Series, unit: str
) -> SideDifference:
    low = None if half is None or right.censored.any() else difference - half
    high = None if half is None or left.censored.any() else difference + half
    if (low is not None and low > 0) or (high is not None and high < 0):
        answer = Answer.YES
    elif low is None or high is None:
        answer = Answer.CANNOT_TELL
    else:
        answer = Answer.NO
    text = _sentence(difference, low, high, unit, answer)
    return SideDifference(difference, low, high, unit, answer, text)


def _sentence(
    difference: float,
    low: float | None,
    high: float | None,
    unit: str,
    answer: Answer,
) -> str:
    longer = "left" if difference > 0 else "right"
    if answer is Answer.YES:
        ends = " to ".join(
            "open" if end is None else f"{end:+.1f}" for end in (low, high)
        )
        return (
            f"The {longer} leg is ahead: left minus right {difference:+.1f} {unit} "
            f"(95 % interval {ends})."
        )
    if answer is Answer.NO:
        return (
            "No difference you could detect: left minus right "
            f"{difference:+.1f} {unit} (95 % interval {low:+.1f} to {high:+.1f})."
        )
    return (
        f"Left minus right reads {difference:+.1f} {unit}; whether that is a "
        "difference cannot be told."
    )
