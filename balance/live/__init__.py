"""The live test: one causal state machine that page, window and terminal share.

frame.py     one frame, its lengths          coach.py    is the set-up right
feet.py      foot off, foot down, moved      squats.py   count, knee cue
safety.py    drop, gone                   plan.py     what is to be done
session.py   the state machine               events.py, words.py   what it says
"""

from balance.live.coach import ADVICE, Coach, Hint
from balance.live.events import Cue, LiveEvent, LiveTrial, LiveView, Phase, Tone
from balance.live.frame import LiveFrame
from balance.live.plan import LIVE_KINDS, LivePlan, plan_of
from balance.live.session import LiveTest

__all__ = [
    "ADVICE",
    "LIVE_KINDS",
    "Coach",
    "Cue",
    "Hint",
    "LiveEvent",
    "LiveFrame",
    "LivePlan",
    "LiveTest",
    "LiveTrial",
    "LiveView",
    "Phase",
    "Tone",
    "plan_of",
]
