"""Ten thousand trials: a page under a second, a whole export under half a minute."""

import pytest
from stored_results import assessment_of, stance

from balance.export.json_export import write_json
from balance.export.tables import write_csv, write_parquet
from balance.history.speed import measure_speed

EXPORTS = {"csv": write_csv, "parquet": write_parquet, "json": write_json}


def test_speed_is_measured_for_every_question() -> None:
    seconds = measure_speed(assessment_of(stance()), EXPORTS, trials=12)
    assert set(seconds) == {"page", "csv", "parquet", "json"}


@pytest.mark.slow
def test_ten_thousand_trials_are_quick() -> None:
    seconds = measure_speed(assessment_of(stance()), EXPORTS, trials=10_000)
    print(seconds)
    assert seconds.pop("page").processor_s < 1.0
    assert all(taken.processor_s < 30.0 for taken in seconds.values())
