"""The sentences of the live test, in words for someone three metres away."""

from balance.codes import EndReason
from balance.live.coach import ADVICE, Hint
from balance.live.events import Phase
from balance.live.plan import LivePlan

ENDINGS: dict[EndReason, str] = {
    EndReason.TOUCHDOWN: "Your foot touched the floor.",
    EndReason.STANCE_FOOT_MOVED: "Your standing foot moved.",
    EndReason.TIME_CAP: "That is the full time. Well done. Put your foot down.",
    EndReason.SET_END: "That was the set. Well done.",
    EndReason.LOST_SIGHT: "I cannot see you any more.",
    EndReason.STOPPED_BY_USER: "Stopped.",
}

FOOT_DOWN = "Put your foot down."
ALL_RIGHT = "Are you all right?"
READY = "Good. I can see all of you."
AGAIN = "Good. We start this try again."
TOO_SHORT = "That was very short and does not count. We try again."
DROPPED = "You went down quickly."
GONE = "I cannot see you any more."
FINISHED = "All done. You can sit down now."


MOMENTS: dict[Phase, tuple[str, str]] = {
    Phase.SET_UP: ("Ready", "Stand still. Next: {turn}."),
    Phase.COUNTDOWN: ("Get ready", "Stay on both feet. Next: {turn}."),
    Phase.RUNNING: ("Hold, {turn}", "Put your foot down before you fall."),
    Phase.AFTER: ("Well done", "Stand on both feet a moment longer."),
    Phase.REST: ("Rest", "Next: {turn}."),
    Phase.HALTED: (ALL_RIGHT, "Press “I am all right” to go on."),
    Phase.FINISHED: ("Finished", "Your result is being measured from the film."),
}


def headline(
    phase: Phase, plan: LivePlan, side: str, hints: tuple[Hint, ...]
) -> tuple[str, str]:
    """Two lines for the moment: what matters now, and what to do."""
    turn = f"{side} leg" if plan.on_one_leg else "both legs"
    if phase is Phase.SET_UP and hints:
        return ADVICE[hints[0]], " ".join(ADVICE[h] for h in hints[1:3])
    if phase is Phase.GO:
        return plan.instruction(side), "The clock starts by itself."
    if phase is Phase.RUNNING and not plan.is_hold:
        return f"Squat, {turn}", "Slowly. Knees over your feet."
    title, advice = MOMENTS[phase]
    return title.format(turn=turn), advice.format(turn=turn)


def rest_for(seconds: float) -> str:
    """Announce a rest."""
    return f"Rest for {seconds:.0f} seconds. Hold on to something if you like."


def wrong_foot(side: str) -> str:
    """Say that the stance leg was lifted."""
    return f"That is the other foot. Stand on your {side} leg."


def knee_out(side: str) -> str:
    """Cue a knee that falls inwards."""
    return f"{side.capitalize()} knee out, over your foot."
