"""Shapes of the rules that a training plan follows."""

from collections.abc import Mapping
from dataclasses import dataclass

from balance.reference.exercise import Library
from balance.reference.safety import Safety, Statement


@dataclass(frozen=True, slots=True)
class Goal:
    """What an aim adds to the common part."""

    title: str
    extras: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was chosen, in one sentence, with its source."""

    code: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The programme's rules as data: numbers, sentences, goals."""

    numbers: Mapping[str, float]
    reasons: Mapping[str, Statement]
    goals: Mapping[str, Goal]
    sources: Mapping[str, str]

    def reason(self, code: str, **words: object) -> Reason:
        """Fill the sentence of a rule."""
        template = self.reasons[code]
        return Reason(code, template.text.format(**words), template.source)


@dataclass(frozen=True, slots=True)
class Handbook:
    """The data that plans are made from, loaded once by ``reference.py``."""

    library: Library
    rules: Rules
    safety: Safety
