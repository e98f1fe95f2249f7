"""The live test: one causal state machine that page, window and terminal share.

frame.py       one frame, its lengths        coach.py     is the set-up right
task.py        what one trial asks             plan.py, agenda.py   what comes next
watch.py       what a trial is watched for     one_leg.py, two_feet.py   the watchers
feet.py        foot off, foot down, moved    safety.py    drop, gone
counting.py, squats.py, other_sets.py        counting of sets
attempt.py     one trial under way             session.py   the state machine
events.py, words.py                          what it says
"""

from balance.live.agenda import ProtocolAgenda
from balance.live.coach import ADVICE, Coach, Hint
from balance.live.events import Cue, LiveEvent, LiveTrial, LiveView, Phase, Tone
from balance.live.frame import LiveFrame
from balance.live.plan import LivePlan
from balance.live.session import LiveTest
from balance.live.task import Agenda, LiveTask

__all__ = [
    "ADVICE",
    "Agenda",
    "Coach",
    "Cue",
    "Hint",
    "LiveEvent",
    "LiveFrame",
    "LivePlan",
    "LiveTask",
    "LiveTest",
    "LiveTrial",
    "LiveView",
    "Phase",
    "ProtocolAgenda",
    "Tone",
]
