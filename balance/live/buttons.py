"""What may be pressed at a moment of the live test."""

from balance.live.events import Phase
from balance.live.task import LiveTask


def buttons(phase: Phase, task: LiveTask, only_feet_wrong: bool) -> tuple[str, ...]:
    """Return the buttons of a phase.

    ``only_feet_wrong``: nothing is in the way but where the feet stand, which a
    helper may vouch for.
    """
    later = task.asks if task.errors_end else ()
    return {
        Phase.SET_UP: ("placed", "stop") if only_feet_wrong else ("stop",),
        Phase.RUNNING: ("stop", *task.asks),
        Phase.AFTER: ("stop", *later),
        Phase.REST: ("skip_rest", "stop", *later),
        Phase.HALTED: ("all_right", "stop"),
        Phase.FINISHED: (),
    }.get(phase, ("stop",))
