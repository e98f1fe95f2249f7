"""Time stamps become strictly increasing; good ones are never touched."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance.video.frame_times import steady


def repaired(stamps: list[float | None]) -> list[float]:
    return [time_s for time_s, _, _ in steady(((s, None) for s in stamps), 1.0)]


@pytest.mark.parametrize(
    ("stamps", "expected"),
    [
        pytest.param([0, 1, 5, 6], [0, 1, 5, 6], id="uneven but good"),
        pytest.param([0, None, 2], [0, 1, 2], id="one missing"),
        pytest.param([0, 1, 1, 3], [0, 1, 2, 3], id="one standing still"),
        pytest.param([None, None, 4], [2, 3, 4], id="missing at the start"),
        pytest.param([0, 1, None, None], [0, 1, 2, 3], id="missing at the end"),
        pytest.param([None, None], [0, 1], id="none at all"),
        pytest.param(
            [10, 11, 0, 1, 2, 3, 4, 5],
            [10, 11, 12, 13, 14, 15, 16, 17],
            id="clock set back",
        ),
    ],
)
def test_repair(stamps: list[float | None], expected: list[float]) -> None:
    np.testing.assert_allclose(repaired(stamps), expected)


@given(st.lists(st.none() | st.floats(0, 1e4), max_size=40))
def test_times_always_increase_and_no_frame_is_lost(
    stamps: list[float | None],
) -> None:
    times = repaired(stamps)
    assert len(times) == len(stamps)
    assert all(b >= a for a, b in itertools.pairwise(times))


@given(st.lists(st.floats(0, 1e4), unique=True, max_size=40))
def test_good_times_pass_untouched(stamps: list[float]) -> None:
    assert repaired(list(sorted(stamps))) == sorted(stamps)
