"""A foot that stands, then moves: the moment is found between the frames."""

import numpy as np
import pytest

from balance.analysis.events.onset import refine_event

LEG_PX = 170.0


def lifted(time_s, at_s, speed_px_s=70.0, bend_px_s2=100.0):
    """(T, 2) px of a foot that stands at (300, 400) and leaves at ``at_s``."""
    gone_s = np.clip(time_s - at_s, 0, None)
    rise = speed_px_s * gone_s + bend_px_s2 * gone_s**2
    return np.column_stack([300 + 0.2 * rise, 400 - rise])


@pytest.mark.parametrize("rate_hz", [15.0, 24.0, 30.0, 60.0])
@pytest.mark.parametrize("part", [0.0, 0.3, 0.6, 0.9])
@pytest.mark.parametrize("lifts", [True, False])
def test_moment_between_two_frames(rate_hz, part, lifts):
    time_s = np.arange(round(4 * rate_hz)) / rate_hz
    at_s = 2.0 + part / rate_hz
    foot = lifted(time_s, at_s) if lifts else lifted(-time_s, -at_s)
    found = refine_event(time_s, foot, 2.05, LEG_PX, lifts=lifts)
    assert found is not None
    assert found[0] == pytest.approx(at_s, abs=0.35 / rate_hz)
    assert 0 < found[1] <= 1 / rate_hz


@pytest.mark.parametrize("rough_s", [1.7, 2.0, 2.3])
def test_the_rough_time_may_be_off(rough_s):
    time_s = np.arange(120) / 30
    found = refine_event(time_s, lifted(time_s, 2.0), rough_s, LEG_PX, lifts=True)
    assert found is not None
    assert found[0] == pytest.approx(2.0, abs=0.01)


def test_frames_may_be_lost_at_the_very_moment():
    time_s = np.delete(np.arange(120) / 30, range(56, 62))  # 0.2 s unseen
    found = refine_event(time_s, lifted(time_s, 2.0), 2.05, LEG_PX, lifts=True)
    assert found is not None
    assert found[0] == pytest.approx(2.0, abs=0.02)


def test_a_slow_camera_is_looked_back_upon_for_longer():
    # 15 frames per second, the rough time 0.27 s late: five of them stand, and only
    # three lie within half a second of it.
    time_s = np.arange(60) / 15
    found = refine_event(time_s, lifted(time_s, 1.93), 2.22, LEG_PX, lifts=True)
    assert found is not None
    assert found[0] == pytest.approx(1.93, abs=0.03)


def test_a_foot_that_turns_a_little_before_it_leaves_is_still_on_the_floor():
    time_s = np.arange(120) / 30
    foot = lifted(time_s, 2.0)
    # 1.5 px within half a second: 3 px/s, far below the 8.5 px/s that count as moving.
    foot[:, 0] += np.clip(3 * (time_s - 1.5), 0, 1.5)
    found = refine_event(time_s, foot, 2.1, LEG_PX, lifts=True)
    assert found is not None
    assert found[0] == pytest.approx(2.0, abs=0.02)


def test_noise_of_a_tenth_of_a_px_costs_hundredths_of_a_second():
    rng = np.random.default_rng(1)
    time_s = np.arange(120) / 30
    errors = []
    for _ in range(50):
        foot = lifted(time_s, 2.01) + rng.normal(0, 0.1, (120, 2))
        found = refine_event(time_s, foot, 2.1, LEG_PX, lifts=True)
        assert found is not None
        errors.append(found[0] - 2.01)
    assert np.abs(errors).max() < 0.03


def test_a_foot_lost_soon_after_it_left():
    time_s = np.arange(120) / 30
    foot = lifted(time_s, 2.0)
    foot[time_s > 2.08] = np.nan
    found = refine_event(time_s, foot, 2.1, LEG_PX, lifts=True)
    assert found is not None
    assert found[0] == pytest.approx(2.0, abs=0.02)


@pytest.mark.parametrize(
    "foot",
    [
        pytest.param(np.full((120, 2), 400.0), id="never leaves"),
        pytest.param(np.full((120, 2), np.nan), id="never followed"),
    ],
)
def test_without_an_event_there_is_none(foot):
    assert refine_event(np.arange(120) / 30, foot, 2.0, LEG_PX, lifts=True) is None


def test_followed_only_after_the_event():
    time_s = np.arange(120) / 30
    foot = lifted(time_s, 2.0)
    foot[time_s < 2.2] = np.nan
    assert refine_event(time_s, foot, 2.0, LEG_PX, lifts=True) is None


def test_later_is_later():
    time_s = np.arange(120) / 30
    here = refine_event(time_s, lifted(time_s, 1.9), 2.0, LEG_PX, lifts=True)
    there = refine_event(time_s + 7, lifted(time_s, 1.9), 9.0, LEG_PX, lifts=True)
    assert here is not None
    assert there is not None
    assert there[0] == pytest.approx(here[0] + 7)
