"""The sentences of the live test, in words for someone three metres away."""

from balance.live.coach import ADVICE, Hint
from balance.live.events import Phase
from balance.live.task import LiveTask
from balance.model.codes import EndReason, TrialKind
from balance.model.landmarks import Side

FOOT_DOWN = "Put your foot down."
ALL_RIGHT = "Are you all right?"
IF_HURT = "If you are hurt, stay down and call {number}."
ANSWER = "If all is well, raise an arm or press the button."
READY = "Good. I can see all of you."
AGAIN = "Good. We start this try again."
TOO_SHORT = "That was very short and does not count. We try again."
DROPPED = "You went down quickly."
GONE = "I cannot see you any more."
STOPPED = "Stopped."
FINISHED = "All done. You can sit down now."
BEGIN = "Begin."
A_FOOT_MOVED = "A foot moved."
EYES_NOTED = "Noted: the eyes opened."
HAND_NOTED = "Noted: a hand held on."

ENDINGS: dict[EndReason, str] = {
    EndReason.TOUCHDOWN: "Your foot touched the floor.",
    EndReason.STANCE_FOOT_MOVED: "Your standing foot moved.",
    EndReason.HAND_SUPPORT: "You held on to something.",
    EndReason.EYES_OPENED: "Your eyes opened.",
    EndReason.TIME_CAP: "That is the full time. Well done.",
    EndReason.SET_END: "That was the set. Well done.",
    EndReason.LOST_SIGHT: "I cannot see you any more.",
    EndReason.STOPPED_BY_USER: STOPPED,
}

# What is repeated in a set, and how.
SETS: dict[TrialKind, tuple[str, str]] = {
    TrialKind.SQUAT_SET: ("squat", "Slowly. Knees over your feet."),
    TrialKind.SINGLE_LEG_SQUAT_SET: ("squat", "Slowly. Knees over your feet."),
    TrialKind.SIT_TO_STAND_SET: (
        "rise from the chair and sit down",
        "Arms crossed. Stand up all the way.",
    ),
    TrialKind.HEEL_RAISE_SET: (
        "rise on your toes",
        "As high as you can. Come down slowly.",
    ),
    TrialKind.WEIGHT_SHIFT_SET: (
        "shift your weight to one side and back",
        "Slowly. Both feet stay on the floor.",
    ),
    TrialKind.HOP_SET: ("hop on the spot", "Small hops. Land softly."),
}

MOMENTS: dict[Phase, tuple[str, str]] = {
    Phase.SET_UP: ("Ready", "Stand still. Next: {turn}."),
    Phase.COUNTDOWN: ("Get ready", "Stay on both feet. Next: {turn}."),
    Phase.RUNNING: ("Hold, {turn}", "Put your foot down before you fall."),
    Phase.AFTER: ("Well done", "Stand on both feet a moment longer."),
    Phase.REST: ("Rest", "Next: {turn}."),
    Phase.HALTED: (ALL_RIGHT, ANSWER),
    Phase.FINISHED: (
        "Finished",
        "Your result is being measured from the video.",
    ),
}


def headline(phase: Phase, task: LiveTask, hints: tuple[Hint, ...]) -> tuple[str, str]:
    """Two lines for the moment: what matters now, and what to do."""
    if phase is Phase.SET_UP and hints:
        return advice(hints[0], task), " ".join(ADVICE[h] for h in hints[1:3])
    if phase is Phase.GO:
        return what_now(task), "The clock starts by itself."
    if phase is Phase.RUNNING and not task.is_hold:
        what, how = SETS[task.kind]
        return f"{what.capitalize()}, {leg(task)}", how
    if phase is Phase.COUNTDOWN and task.on_two_feet:
        return "Get ready", task.position
    if phase is Phase.RUNNING and task.on_two_feet:
        eyes = " Open your eyes if you feel unsafe." if task.eyes_closed else ""
        return f"Hold, {turn(task)}", f"Step or hold on before you fall.{eyes}"
    title, what = MOMENTS[phase]
    return title.format(turn=turn(task)), what.format(turn=turn(task))


def light(phase: Phase, ready: bool) -> str:
    """Say before a trial whether the set-up is right."""
    if phase not in (Phase.SET_UP, Phase.COUNTDOWN):
        return ""
    return "✓ Ready" if ready else "○ Not yet"


def leg(task: LiveTask) -> str:
    """Name whose turn it is: a leg, both, or the foot in front."""
    if task.kind is TrialKind.TANDEM_STANCE and task.side != "both":
        return f"{task.side} foot in front"
    return f"{task.side} leg" if task.on_one_leg else "both legs"


def turn(task: LiveTask) -> str:
    """Name what comes: the leg on one leg, the position on two feet."""
    if not task.on_two_feet:
        return leg(task)
    title = task.title.lower() or "both feet"
    return title if task.side == "both" else f"{title}, {leg(task)}"


def progress(task: LiveTask) -> str:
    """Say which try of how many it is, and whose turn."""
    return f"Try {task.number} of {task.of} · {turn(task)}"


def announcement(task: LiveTask) -> str:
    """Say what comes before the person takes position: which leg, what, how long."""
    which = f"Try {task.number} of {task.of}: {turn(task)}."
    place = task.say or ("Stand on both feet." if task.on_one_leg else "")
    eyes = " Eyes closed." if task.eyes_closed else ""
    return f"{which} {place} {how_much(task)}{eyes}".replace("  ", " ").strip()


def how_much(task: LiveTask) -> str:
    """Say how long a hold lasts at most, or how often a set is done."""
    if task.is_hold:
        return f"For up to {task.seconds:.0f} seconds."
    what = SETS[task.kind][0].capitalize()
    return f"{what} {_often(task)}."


def _often(task: LiveTask) -> str:
    return f"{task.repetitions} times" if task.repetitions else "as often as you can"


def if_hurt(number: str) -> str:
    """Say what to do before anything else is asked."""
    return IF_HURT.format(number=number)


def what_now(task: LiveTask) -> str:
    """Write the instruction in few words, for someone who reads it from afar."""
    if task.on_two_feet:
        return f"{'Close your eyes, ' if task.eyes_closed else 'Begin: '}{turn(task)}"
    if not task.on_one_leg:
        return SETS[task.kind][0].capitalize()
    eyes = ", eyes closed" if task.eyes_closed else ""
    return f"Lift your {task.swing} foot{eyes}"


def instruction(task: LiveTask) -> str:
    """Say what to do, in one breath."""
    if task.on_two_feet:
        shut = "Close your eyes. " if task.eyes_closed else ""
        return f"{shut}{BEGIN} {turn(task).capitalize()}, {task.seconds:.0f} seconds."
    often = _often(task)
    if not task.on_one_leg:
        pace = "" if "Slowly" not in SETS[task.kind][1] else ", slowly"
        return f"Now {SETS[task.kind][0]} {often}{pace}."
    lift = f"Now lift your {Side(task.side).other} foot and stand on your {leg(task)}"
    if not task.is_hold:
        return f"{lift}. Then {SETS[task.kind][0]} {often}."
    eyes = ", and close your eyes" if task.eyes_closed else ""
    return f"{lift}{eyes}. {how_much(task)}"


def ending(reason: EndReason, task: LiveTask, held_s: float) -> str:
    """Say why a trial ended, and after how long."""
    text = ENDINGS[reason]
    if task.on_two_feet and reason is EndReason.STANCE_FOOT_MOVED:
        text = A_FOOT_MOVED
    if task.on_one_leg and reason is EndReason.TIME_CAP:
        text = f"{text} {FOOT_DOWN}"
    return f"{text} {held_s:.0f} seconds." if task.is_hold else text


def advice(hint: Hint, task: LiveTask) -> str:
    """Say how to put right what is wrong; a position as this trial asks for it."""
    if hint is Hint.POSITION and task.position:
        return task.position
    return ADVICE[hint]


def rest_for(seconds: float) -> str:
    """Announce a rest."""
    return f"Rest for {seconds:.0f} seconds. Hold on to something if you like."


def wrong_foot(side: str) -> str:
    """Say that the stance leg was lifted."""
    return f"That is the other foot. Stand on your {side} leg."


def knee_out(side: str) -> str:
    """Cue a knee that falls inwards."""
    return f"{side.capitalize()} knee out, over your foot."
