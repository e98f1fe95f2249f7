"""Rough times from landmarks give way to the followed foot, within reason."""

from dataclasses import replace

import numpy as np
import pytest

from balance.analysis.body.contact import Feet
from balance.analysis.events.event_times import refine_event_times
from balance.analysis.events.timing import ROLLING_LEVER
from balance.analysis.events.trials import Stance
from balance.model.codes import EndReason
from balance.model.landmarks import Side
from balance.model.recording import FootTracks
from tests.test_onset import LEG_PX, lifted
from tests.test_sway import recording, sine

ROUGH = Stance(Side.LEFT, 2.06, 20.05, True, True, EndReason.TOUCHDOWN, 0.03, 0.03)


def followed(off_s=2.0, down_s=20.0):
    """Recording in which the right foot leaves and comes back."""
    still = recording(sine)
    time_s = still.pose.time_s
    up = lifted(time_s, off_s)
    down = lifted(-time_s, -down_s)
    right = np.where((time_s < 11)[:, None], up, down)
    right[(time_s > off_s + 0.3) & (time_s < down_s - 0.3)] = np.nan
    return replace(still, foot_tracks=FootTracks(np.full_like(right, np.nan), right))


def seen(one):
    """The recording, and feet of which only the leg's length matters here."""
    still = {side: np.zeros((len(one.pose), 2)) for side in Side}
    time_s = one.pose.time_s
    return one, Feet(time_s, LEG_PX, still, still, still, still[Side.LEFT], 0.01, 0.04)


def test_times_come_from_the_followed_foot():
    (stance,) = refine_event_times((ROUGH,), *seen(followed()))
    assert stance.start_s == pytest.approx(2.0, abs=0.01)
    assert stance.end_s == pytest.approx(20.0, abs=0.01)
    assert stance.start_sd_s < ROUGH.start_sd_s
    assert stance.end_sd_s < ROUGH.end_sd_s


def test_far_from_the_rough_time_the_foot_is_believed_and_the_interval_reaches_both():
    (stance,) = refine_event_times((ROUGH,), *seen(followed(off_s=2.35, down_s=19.7)))
    assert stance.start_s == pytest.approx(2.35, abs=0.01)
    assert stance.end_s == pytest.approx(19.7, abs=0.01)
    assert stance.start_s - 1.96 * stance.start_sd_s <= ROUGH.start_s
    assert stance.end_s + 1.96 * stance.end_sd_s >= ROUGH.end_s


def test_without_tracks_the_landmarks_times_stay():
    assert refine_event_times((ROUGH,), *seen(recording(sine))) == (ROUGH,)


def test_what_was_not_seen_is_not_sharpened():
    unseen = replace(ROUGH, start_seen=False, end_reason=EndReason.STANCE_FOOT_MOVED)
    assert refine_event_times((unseen,), *seen(followed())) == (unseen,)


def test_a_foot_that_rolls_off_its_toes_leaves_with_them_and_not_with_its_heel():
    # Heel up at 1.9 s, which drags the toe landmark along; toes up at 2.2 s.
    one = followed()
    time_s = one.pose.time_s
    heel_up = 0.5 * np.clip(time_s - 1.9, 0, None)
    toes_up = 0.6 * np.clip(time_s - 2.2, 0, None)
    stood = np.zeros((len(time_s), 2))
    toe, heel = stood.copy(), stood.copy()
    heel[:, 1] = -heel_up - toes_up
    toe[:, 1] = -ROLLING_LEVER / (1 + ROLLING_LEVER) * heel_up - toes_up
    lost = np.where((time_s < 2.2)[:, None], stood, np.nan)
    one = replace(one, foot_tracks=FootTracks(np.full_like(lost, np.nan), lost))
    still = {side: stood for side in Side}
    feet = Feet(
        time_s, LEG_PX, {**still, Side.RIGHT: toe}, {**still, Side.RIGHT: heel},
        still, stood, 0.001, 0.04,
    )  # fmt: skip
    (stance,) = refine_event_times((ROUGH,), one, feet)
    assert stance.start_s == pytest.approx(2.2, abs=0.04)


def test_a_foot_that_was_seen_standing_long_before_the_landmarks_is_down_since_then():
    late = replace(ROUGH, end_s=20.9)
    (stance,) = refine_event_times((late,), *seen(followed()))
    assert stance.end_s == pytest.approx(20.0, abs=0.02)
    assert stance.end_s + 1.96 * stance.end_sd_s >= 20.9 - 1e-6


def test_a_foot_that_never_seems_to_leave_keeps_the_landmarks_time():
    one = followed()
    still = np.where((one.pose.time_s > 15)[:, None], 7.0, np.nan) * np.ones(2)
    stuck = replace(one, foot_tracks=FootTracks(np.full_like(still, np.nan), still))
    (stance,) = refine_event_times((ROUGH,), *seen(stuck))
    assert stance.end_s == ROUGH.end_s
