"""What is said and shown because of one frame or press, collected until it is asked."""

from balance.live.events import Cue, LiveEvent, Tone
from balance.model.codes import EndReason


class Telling:
    """Events of the moment ``now_s``, in order."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._events: list[LiveEvent] = []

    def say(
        self,
        cue: Cue,
        text: str,
        tone: Tone = Tone.NONE,
        value: float | None = None,
        hint: str | None = None,
    ) -> None:
        """Show and speak the same words."""
        self._events.append(
            LiveEvent(cue, self.now_s, text, text, tone, value, hint=hint)
        )

    def show(
        self, cue: Cue, text: str, say: str, tone: Tone, value: float | None = None
    ) -> None:
        """Show one thing and speak another, or nothing."""
        self._events.append(LiveEvent(cue, self.now_s, text, say, tone, value))

    def stopped(self, reason: EndReason, text: str, say: str, held_s: float) -> None:
        """Tell that the clock stopped, why, and at what."""
        self._events.append(
            LiveEvent(
                Cue.CLOCK_STOPPED, self.now_s, text, say, Tone.STOP, held_s, reason
            )
        )

    def take(self) -> tuple[LiveEvent, ...]:
        """Return everything told so far, once."""
        events, self._events = tuple(self._events), []
        return events
