"""What the live test says to whoever shows it: page, window or terminal."""

from dataclasses import dataclass, field
from enum import StrEnum

from balance.codes import EndReason


class Phase(StrEnum):
    """Where the test stands."""

    SET_UP = "set_up"
    COUNTDOWN = "countdown"
    GO = "go"
    RUNNING = "running"
    AFTER = "after"
    REST = "rest"
    HALTED = "halted"
    FINISHED = "finished"


class Cue(StrEnum):
    """Something that happens once and is said, shown and beeped once."""

    HINT = "hint"
    READY = "ready"
    COUNT = "count"
    RECORD = "record"
    GO = "go"
    WRONG_FOOT = "wrong_foot"
    CLOCK_STARTED = "clock_started"
    SECOND = "second"
    SQUAT = "squat"
    KNEE = "knee"
    CLOCK_STOPPED = "clock_stopped"
    SAVE = "save"
    DISCARD = "discard"
    REST = "rest"
    ARE_YOU_ALL_RIGHT = "are_you_all_right"
    GOES_ON = "goes_on"
    FINISHED = "finished"


class Tone(StrEnum):
    """The beep beside the words; some computers have no voice."""

    NONE = ""
    TICK = "tick"
    READY = "ready"
    START = "start"
    STOP = "stop"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """One cue: shown as ``text``, spoken as ``say`` (nothing when empty).

    ``value`` is the number in it: seconds held, squats counted, seconds of rest.
    """

    cue: Cue
    time_s: float
    text: str
    say: str = ""
    tone: Tone = Tone.NONE
    value: float | None = None
    reason: EndReason | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class LiveTrial:
    """What was seen live of one try; the measured result comes from its clip."""

    number: int
    kind: str
    side: str
    start_s: float
    end_s: float
    end_reason: EndReason
    squats: int = 0
    counted: bool = True

    @property
    def hold_s(self) -> float:
        """Seconds from foot-off to the end, as timed live."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class LiveView:
    """The picture of the moment, for drawing; everything is in words already."""

    phase: Phase
    headline: str
    advice: str
    hints: tuple[str, ...] = ()
    ready: bool = False
    clock_s: float | None = None
    squats: int | None = None
    side: str = ""
    trial: int = 0
    trials: int = 0
    slow: bool = False
    done: tuple[LiveTrial, ...] = field(default=())
