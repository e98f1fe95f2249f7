"""A video is cut by its own length alone, and every frame belongs to one segment."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from balance.video.segments import (
    GRID_S,
    RUN_IN_S,
    SHORTEST_CUT_S,
    WHOLE,
    cut_into_segments,
    share_of_next,
)


@pytest.mark.parametrize(
    ("end_s", "cuts_s"),
    [
        pytest.param(4.9, [], id="a short clip is not cut"),
        pytest.param(5.0, [3.0], id="one of 5 s is"),
        pytest.param(15.0, [8.0], id="the usual clip is shared by two cores"),
        pytest.param(30.0, [15.5], id="the half without a run-in is longer by it"),
        pytest.param(43.1, [11.5, 22.0, 32.5], id="cuts lie on the grid of looks"),
        pytest.param(None, [], id="a header without a length"),
        pytest.param(float("nan"), [], id="a header with a senseless length"),
    ],
)
def test_cuts(end_s: float | None, cuts_s: list[float]) -> None:
    pieces = cut_into_segments(0.0, end_s)
    assert [piece.start_s for piece in pieces] == [None, *cuts_s]
    assert [piece.end_s for piece in pieces] == [*cuts_s, None]


def test_a_part_in_the_middle_is_cut_like_a_whole() -> None:
    first, second = cut_into_segments(100.0, 120.0)
    assert first.end_s == second.start_s == 110.5
    assert second.read_from_s == 110.5 - RUN_IN_S
    assert first.read_from_s is None


@given(st.floats(0, 1e4), st.floats(0.1, 4e3))
def test_every_time_is_in_exactly_one_piece(start_s: float, length_s: float) -> None:
    time_s = np.linspace(start_s, start_s + length_s, 200)
    held = [
        piece.holds(time_s) for piece in cut_into_segments(start_s, start_s + length_s)
    ]
    assert (np.sum(held, axis=0) == 1).all()


@pytest.mark.parametrize(
    ("length_s", "count"), [(5, 2), (39, 2), (46, 4), (300, 12), (1200, 24)]
)
def test_longer_videos_have_more_and_longer_pieces(length_s: float, count: int) -> None:
    assert len(cut_into_segments(0.0, length_s)) == count


@given(st.floats(SHORTEST_CUT_S, 4e3))
@example(81.0)  # seven warm-ups: 8.6 %, the most of all longer ones
def test_warm_ups_are_a_small_part_of_the_work(length_s: float) -> None:
    pieces = cut_into_segments(0.0, length_s)
    assert len(pieces) % 2 == 0
    share = (len(pieces) - 1) * RUN_IN_S / length_s
    assert share <= (0.2 if length_s < 15 else 0.087)


@given(st.floats(SHORTEST_CUT_S, 4e3))
def test_every_piece_is_as_much_work(length_s: float) -> None:
    first, *others, last = cut_into_segments(0.0, length_s)
    ends = [*(piece.end_s for piece in others), length_s]
    starts = [piece.read_from_s for piece in (*others, last)]
    work_s = np.array([first.end_s, *np.subtract(ends, starts)])
    assert np.ptp(work_s) <= 2 * GRID_S


def test_the_next_piece_is_faded_in() -> None:
    share = share_of_next(np.array([9.0, 9.5, 9.75, 10.0]), cut_s=10.0)
    np.testing.assert_allclose(share, [0, 0, 0.5, 1])


def test_an_uncut_video_holds_everything() -> None:
    assert WHOLE[0].holds(np.array([-5.0, 0.0, 1e9])).all()
