"""Ten thousand trials: a page under a second, a whole export under half a minute."""

import pytest
from stored_results import assessment_of, stance

from benchmarks.history import measure_history


def test_speed_is_measured_for_every_question() -> None:
    timings = measure_history(assessment_of(stance()), trials=12)
    assert list(timings) == [
        "a person's page",
        "all as CSV",
        "all as Parquet",
        "all as JSON",
    ]


@pytest.mark.slow
def test_ten_thousand_trials_are_quick() -> None:
    timings = measure_history(assessment_of(stance()))
    print({what: str(timing) for what, timing in timings.items()})
    assert timings.pop("a person's page").cpu_s < 1.0
    assert all(timing.cpu_s < 30.0 for timing in timings.values())
