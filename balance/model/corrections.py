"""What a person may correct in a result, as typed objects.

The text forms (``end_s``, ``judgement:knee_valgus_left``, ``event:legs_touching@4.2``)
are what files, the history and the command line keep; `parse_target` and ``str`` are
the only places that know them.
"""

from dataclasses import dataclass
from enum import StrEnum

from balance.model.codes import EventCode, JudgementCode
from balance.model.errors import InputError

CORRECTABLE = (
    "side, start_s, end_s, end_reason, split_s, judgement:CODE, event:CODE@SECONDS"
)
REMOVED, ADDED = "removed", "added"


class TrialField(StrEnum):
    """A field of the trial itself."""

    SIDE = "side"
    START = "start_s"
    END = "end_s"
    END_REASON = "end_reason"
    # The foot came down in between: one stand becomes two.
    SPLIT = "split_s"


@dataclass(frozen=True, slots=True)
class JudgementTarget:
    """The answer of a judgement."""

    code: JudgementCode

    def __str__(self) -> str:
        """Return the text form."""
        return f"judgement:{self.code.value}"


@dataclass(frozen=True, slots=True)
class EventTarget:
    """An event at ``time_s``, to be removed or added."""

    code: EventCode
    time_s: float

    def __str__(self) -> str:
        """Return the text form."""
        return f"event:{self.code.value}@{self.time_s:g}"


Target = TrialField | JudgementTarget | EventTarget


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing of one trial, put right by a person.

    ``position`` number of the trial, from 1; ``target`` what is corrected; ``becomes``
    what it is, as text: seconds, a side, a reason, an answer, and for an event
    "removed" or "added"; ``by`` who says so, ``at`` when (ISO 8601).
    """

    position: int
    target: Target
    becomes: str
    by: str
    at: str = ""

    @classmethod
    def of_text(
        cls, position: int, what: str, becomes: str, by: str, at: str = ""
    ) -> "Correction":
        """Return a correction whose target is given in its text form."""
        return cls(position, parse_target(what), becomes, by, at)


def parse_target(text: str) -> Target:
    """Return the target of a text form.

    Raises
    ------
    InputError
        With what may be corrected, where the text is none of it.
    """
    if text in list(TrialField):
        return TrialField(text)
    kind, _, code = text.partition(":")
    if kind == "judgement" and code:
        return JudgementTarget(JudgementCode(_one_of(code, list(JudgementCode))))
    if kind == "event" and code:
        return _event(code)
    raise InputError(f"{text!r} cannot be corrected; these can: {CORRECTABLE}")


def _event(text: str) -> EventTarget:
    name, _, seconds = text.partition("@")
    code = EventCode(_one_of(name, list(EventCode)))
    try:
        return EventTarget(code, float(seconds))
    except ValueError:
        raise InputError(f"an event needs its second, got {text!r}") from None


def _one_of(text: str, choices: list[str]) -> str:
    if text not in choices:
        raise InputError(f"must be one of {', '.join(choices)}; got {text!r}")
    return text
