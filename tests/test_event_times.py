"""Rough times from contact give way to the followed foot, within reason."""

from dataclasses import replace

import numpy as np
import pytest

from balance.analysis.events.event_times import refine_event_times
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


def with_leg(one):
    return one, LEG_PX


def test_times_come_from_the_followed_foot():
    (stance,) = refine_event_times((ROUGH,), *with_leg(followed()))
    assert stance.start_s == pytest.approx(2.0, abs=0.01)
    assert stance.end_s == pytest.approx(20.0, abs=0.01)
    assert stance.start_sd_s < ROUGH.start_sd_s
    assert stance.end_sd_s < ROUGH.end_sd_s


def test_a_foot_that_leaves_far_from_the_rough_time_is_another_event():
    rough = refine_event_times((ROUGH,), *with_leg(followed(off_s=2.35, down_s=19.7)))
    assert rough == (ROUGH,)


def test_without_tracks_the_contacts_times_stay():
    assert refine_event_times((ROUGH,), *with_leg(recording(sine))) == (ROUGH,)


def test_what_was_not_seen_is_not_refined():
    unseen = replace(ROUGH, start_seen=False, end_reason=EndReason.STANCE_FOOT_MOVED)
    assert refine_event_times((unseen,), *with_leg(followed())) == (unseen,)


def test_a_foot_that_never_seems_to_leave_keeps_the_contacts_time():
    one = followed()
    still = np.where((one.pose.time_s > 15)[:, None], 7.0, np.nan) * np.ones(2)
    stuck = replace(one, foot_tracks=FootTracks(np.full_like(still, np.nan), still))
    (stance,) = refine_event_times((ROUGH,), *with_leg(stuck))
    assert stance.end_s == ROUGH.end_s
