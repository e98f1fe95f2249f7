"""Who may do what, alone or not: gates before a test or an exercise.

The texts and numbers live in ``data/safety.toml`` and are loaded in ``reference.py``.
A refusal is a sentence that says why and what would change it; None means go ahead.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from balance.model.codes import TrialKind
from balance.model.landmarks import Side
from balance.reference.protocol import Protocol, Stage

# Kinds that load one leg beyond standing on it.
LOADED_ON_ONE_LEG = (TrialKind.SINGLE_LEG_SQUAT_SET, TrialKind.HOP_SET)


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence that is shown, and where it comes from."""

    code: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Question:
    """Asked before the first test; ``if_yes`` says what a yes means.

    "no_test_alone": nothing that can make the person fall unless somebody is there;
    "clinician_first": no training plan before a clinician has been asked;
    "companion": somebody is there who can catch.
    """

    code: str
    text: str
    if_yes: str
    advice: str
    source: str


@dataclass(frozen=True, slots=True)
class Gates:
    """Limits, each with its source under the same name in ``sources``."""

    age_alone_years: float
    eyes_open_before_closed_s: float
    eyes_open_before_load_s: float
    clinic_eyes_s: float
    adult_years: float
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Safety:
    """Everything that is asked, shown and held to."""

    questions: tuple[Question, ...]
    stop_rules: tuple[Statement, ...]
    set_up: tuple[Statement, ...]
    disclaimers: tuple[Statement, ...]
    gates: Gates


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Who stands there, and how.

    ``yes`` holds the codes of the questions answered yes. ``best_open_s`` is the best
    hold with open eyes of each leg; a leg that was never tested is missing.
    An unknown age is treated as one that needs somebody there.
    """

    age_years: float | None = None
    first_use: bool = True
    companion: bool = False
    yes: frozenset[str] = frozenset()
    best_open_s: Mapping[Side, float] = field(default_factory=dict)

    @property
    def has_companion(self) -> bool:
        """Somebody is there who can catch."""
        return self.companion or "someone_there" in self.yes


def reason_not_to_test(safety: Safety, person: Circumstances) -> str | None:
    """Why this person should not test alone; None when nothing speaks against it."""
    if person.has_companion:
        return None
    for question in safety.questions:
        if question.if_yes == "no_test_alone" and question.code in person.yes:
            return question.advice
    return None


def reason_not_to_test_oneself(safety: Safety, yes: frozenset[str]) -> str | None:
    """Why this person should not do the self-test, whoever is there; None when fine.

    Stricter than with a clinician: any question answered yes speaks against it, but
    that somebody is there.
    """
    for question in safety.questions:
        if question.if_yes != "companion" and question.code in yes:
            return question.advice
    return None


def reason_not_alone(protocol: Protocol, person: Circumstances) -> str | None:
    """Why a protocol needs somebody beside this person; None when it may be begun."""
    if not protocol.needs_helper or person.has_companion:
        return None
    return f"{protocol.title}: only with somebody beside you who is ready to catch."


def reasons_for_clinician(safety: Safety, yes: frozenset[str]) -> tuple[str, ...]:
    """Advice of every yes that asks for a clinician before training."""
    needs = ("clinician_first", "no_test_alone")
    return tuple(
        question.advice
        for question in safety.questions
        if question.code in yes and question.if_yes in needs
    )


def reason_to_skip(
    stage: Stage, side: Side | None, person: Circumstances, gates: Gates
) -> str | None:
    """Why a stage must not be done by this person now; None when it may.

    ``side`` is the stance leg; None where both feet are on the floor.
    """
    if stage.eyes == "closed" or stage.surface == "soft":
        refusal = _without_sight_or_floor(stage, side, person, gates)
        if refusal:
            return refusal
    if stage.kind in LOADED_ON_ONE_LEG:
        return _on_a_loaded_leg(stage, side, person, gates)
    return None


def _without_sight_or_floor(
    stage: Stage, side: Side | None, person: Circumstances, gates: Gates
) -> str | None:
    what = "Closed eyes" if stage.eyes == "closed" else "A soft surface"
    if not person.has_companion:
        if person.first_use:
            return f"{what} not at first use: do the stands with open eyes first."
        if person.age_years is None:
            return f"{what} only with somebody beside you: your age is not known."
        if person.age_years >= gates.age_alone_years:
            years = int(gates.age_alone_years)
            return f"{what} from {years} years on only with somebody beside you."
    if stage.kind == TrialKind.SINGLE_LEG_STANCE and not _holds(
        side, person, gates.eyes_open_before_closed_s
    ):
        seconds = int(gates.eyes_open_before_closed_s)
        return f"{what} only after {seconds} s with open eyes on that leg."
    return None


def _on_a_loaded_leg(
    stage: Stage, side: Side | None, person: Circumstances, gates: Gates
) -> str | None:
    if not _holds(side, person, gates.eyes_open_before_load_s):
        seconds = int(gates.eyes_open_before_load_s)
        return f"{stage.title}: only after {seconds} s with open eyes on that leg."
    if stage.kind == TrialKind.HOP_SET:
        if person.first_use:
            return "Hops not at first use: do stands and squats first."
        old = person.age_years is None or person.age_years >= gates.age_alone_years
        if old and not person.has_companion:
            years = int(gates.age_alone_years)
            return f"Hops from {years} years on only with somebody beside you."
    return None


def _holds(side: Side | None, person: Circumstances, seconds: float) -> bool:
    """Whether that leg, or without a side every leg, was held long enough."""
    legs = (side,) if side is not None else tuple(Side)
    return all(person.best_open_s.get(leg, 0.0) >= seconds for leg in legs)
