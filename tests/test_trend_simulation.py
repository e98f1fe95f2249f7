"""False alarms a year and the power to see a lasting change, by simulation."""

import numpy as np
import pytest

from balance.history.trends.change_reference import load_change_rule
from balance.history.trends.trend_simulation import SCATTERS, calibrate, simulate, table


@pytest.mark.slow
def test_one_in_twenty_a_year_is_told_of_luck_and_four_in_five_of_a_change() -> None:
    rows = simulate(people=300)
    print(table(rows))
    for row in rows:
        if row.question.startswith("false"):
            assert row.share_pct <= 5.0, row
        else:
            assert row.share_pct >= 80.0, row


@pytest.mark.slow
def test_the_limit_is_the_calibrated_one() -> None:
    assert load_change_rule().limit == pytest.approx(calibrate(4000), rel=0.35)


def test_the_table_has_a_line_for_every_question() -> None:
    rows = simulate(people=1)
    assert len(table(rows).splitlines()) == len(rows) + 1


def test_the_simulated_best_of_three_has_its_stated_level_and_scatter() -> None:
    rng = np.random.default_rng(5)
    for scatter in SCATTERS[:2]:
        values = scatter.best_of_three(np.full((1, 1), 22.0), 8_000, rng)
        assert values.mean() == pytest.approx(22.0, abs=0.3)
        assert values.std() == pytest.approx(scatter.visit_sd_s, rel=0.03)
