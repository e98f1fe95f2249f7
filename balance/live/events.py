"""What the live test says to whoever shows it: page, window or terminal."""

from dataclasses import dataclass, field
from enum import StrEnum

from balance.model.codes import EndReason


class Phase(StrEnum):
    """Where the test stands."""

    SET_UP = "set_up"
    CHANGE = "change"
    COUNTDOWN = "countdown"
    GO = "go"
    RUNNING = "running"
    AFTER = "after"
    REST = "rest"
    PAUSED = "paused"
    HALTED = "halted"
    FINISHED = "finished"


class Cue(StrEnum):
    """Something that happens once and is said, shown and beeped once."""

    HINT = "hint"
    POSITION = "position"
    READY = "ready"
    COUNT = "count"
    RECORD = "record"
    GO = "go"
    WRONG_FOOT = "wrong_foot"
    CLOCK_STARTED = "clock_started"
    SECOND = "second"
    BEAT = "beat"
    REPETITION = "repetition"
    KNEE = "knee"
    NOTED = "noted"
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

    ``value`` is the number in it: seconds held, repetitions counted, seconds of rest.
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
    """What was seen live of one trial; the measured result comes from its clip.

    ``position_seen`` whether the view showed the feet to stand as asked;
    ``eyes_opened_s`` when somebody pressed that the eyes opened, from the start on.
    """

    number: int
    kind: str
    side: str
    start_s: float
    end_s: float
    end_reason: EndReason
    repetitions: int = 0
    counted: bool = True
    protocol: str = ""
    stage: str = ""
    title: str = ""
    position_seen: bool = True
    eyes_opened_s: tuple[float, ...] = ()

    @property
    def hold_s(self) -> float:
        """Seconds from foot-off to the end, as timed live."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class LiveView:
    """The frame of the moment, for drawing; everything is in words already.

    ``clock`` the large number: seconds of a hold, repetitions of a set; ``turn`` which
    try it is and whose turn; ``light`` whether the camera sees enough, in words;
    ``frame`` the exercise whose drawing is shown; ``buttons`` what may be pressed.
    """

    phase: Phase
    headline: str
    advice: str
    hints: tuple[str, ...] = ()
    ready: bool = False
    clock: str = ""
    turn: str = ""
    light: str = ""
    drawing: str = ""
    buttons: tuple[str, ...] = ()
    slow: bool = False
    done: tuple[LiveTrial, ...] = field(default=())
