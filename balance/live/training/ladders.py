"""Where a person stands on each ladder of exercises, and why.

Ladders: "static" (one rung a leg), "short_foot", "calves", "squat" (on both legs,
then one rung a leg). A rung moves one step at a time: down when the camera or safety
says so, up when it was met cleanly twice and every gate is open.
"""

from dataclasses import dataclass

from balance.live.training.trainee import Trainee
from balance.model.landmarks import Side
from balance.reference.exercise import Exercise, Library
from balance.reference.safety import Gates
from balance.reference.training_rules import Reason, Rules

# Exercises that one leg carries alone, and those that ask for clean movement first.
ON_ONE_LEG = (
    "short_foot_one_leg",
    "heel_raise_one_leg",
    "single_leg_squat",
    "soft_hops",
    "step_up",
    "curtsy_lunge",
)
DEMANDING = ("single_leg_squat", "soft_hops", "step_up", "curtsy_lunge")


@dataclass(frozen=True, slots=True)
class Rung:
    """The exercise chosen on a ladder for a leg ("left", "right" or "both")."""

    ladder: str
    leg: str
    exercise: Exercise
    reason: Reason


@dataclass(frozen=True, slots=True)
class Climb:
    """What every choice looks up, and whether anything may get harder now."""

    trainee: Trainee
    library: Library
    rules: Rules
    gates: Gates
    progress: bool = True

    def current(self, ladder: str, leg: str) -> Exercise | None:
        """Return where the last plan stood on a ladder."""
        return self.library.exercises.get(self.trainee.rungs.get((ladder, leg), ""))

    def holds(self, side: Side | None, seconds: float) -> bool:
        """Whether that leg, or without a side every leg, was held long enough."""
        held = self.trainee.circumstances.best_open_s
        legs = (side,) if side is not None else tuple(Side)
        return all(held.get(leg, 0.0) >= seconds for leg in legs)


Choice = tuple[Exercise, Reason]


def support_reason(trainee: Trainee, side: Side, rules: Rules) -> Reason | None:
    """Why a leg goes back to support whatever its rung; None when nothing says so."""
    numbers = rules.numbers
    holds = trainee.leg(side).open_s
    if not holds:
        return None
    older = (trainee.age_years or 0) >= numbers["low_hold_years"]
    if older and holds[-1] < numbers["very_low_s"]:
        return rules.reason("very_low", side=side.value)
    if len(holds) >= 2 and holds[-1] < numbers["newly_below_s"] <= holds[-2]:
        words = {"now": f"{holds[-1]:.0f}", "before": f"{holds[-2]:.0f}"}
        return rules.reason("newly_low", side=side.value, **words)
    if _halved_twice(holds, numbers["halved_share"]):
        return rules.reason("halved", side=side.value)
    return None


def _halved_twice(holds: tuple[float, ...], share: float) -> bool:
    """Whether both last visits stay at or below a share of the best before them."""
    if len(holds) < 3:
        return False
    return max(holds[-2:]) <= share * max(holds[:-2])


def static_rung(climb: Climb, side: Side) -> Rung:
    """Return the stand of one leg."""
    exercise, reason = _static(climb, side)
    return Rung("static", side.value, exercise, reason)


def _static(climb: Climb, side: Side) -> Choice:
    trainee = climb.trainee
    current = climb.current("static", side.value)
    start, start_reason = _static_start(climb, side)
    back = support_reason(trainee, side, climb.rules)
    if back is None and trainee.last.near_fall:
        back = climb.rules.reason("near_fall")
    if back is not None:
        supported = climb.library["one_leg_two_hands"]
        return _lower(supported, current or start), back
    faults = (*trainee.stance_faults(side), *trainee.knee_faults(side))
    # A leg that stood on two feet because it was untested starts from its test.
    if current is None or (
        current.legs == "both"
        and current.level < start.level
        and climb.progress
        and not faults
    ):
        return start, start_reason
    refusal = gate(current, side, climb)
    if refusal is not None:
        easier = _allowed(current, side, climb)
        return easier, climb.rules.reason("gate", title=easier.title, why=refusal)
    return _step_up(climb, side, current, faults)


def _static_start(climb: Climb, side: Side) -> Choice:
    """First stand of a leg from its best hold: two feet, hands, fingertips, free."""
    numbers, trainee = climb.rules.numbers, climb.trainee
    now_s = trainee.leg(side).now_s
    if now_s is None:
        reason = climb.rules.reason("start_untested", side=side.value)
        return climb.library["stand_together"], reason
    older = (
        trainee.goal == "older" or (trainee.age_years or 0) >= numbers["older_years"]
    )
    free_from_s = numbers["free_from_older_s" if older else "fingertips_below_s"]
    if now_s < numbers["two_hands_below_s"]:
        code, exercise = "start_two_hands", "one_leg_two_hands"
    elif now_s < free_from_s:
        code, exercise = "start_fingertips", "one_leg_fingertips"
    else:
        code, exercise = "start_free", "one_leg_stand"
    reason = climb.rules.reason(code, side=side.value, now=f"{now_s:.0f}")
    return climb.library[exercise], reason


def shared_rung(climb: Climb, ladder: str, first: str, reason_code: str) -> Rung:
    """Return the rung of a ladder that both feet climb together."""
    current = climb.current(ladder, "both")
    if climb.trainee.last.near_fall or current is None:
        reason = climb.rules.reason(reason_code)
        return Rung(ladder, "both", climb.library[first], reason)
    faults = climb.trainee.knee_faults(*Side) if ladder == "calves" else ()
    allowed = _allowed(current, None, climb)
    if allowed is not current:
        why = gate(current, None, climb) or ""
        reason = climb.rules.reason("gate", title=allowed.title, why=why)
        return Rung(ladder, "both", allowed, reason)
    return Rung(ladder, "both", *_step_up(climb, None, current, faults))


def squat_rung(climb: Climb, side: Side) -> Rung:
    """Return the squat of one leg; rungs below the single-leg squat are for both."""
    return Rung("squat", side.value, *_squat(climb, side))


def _squat(climb: Climb, side: Side) -> Choice:
    rules, library = climb.rules, climb.library
    current = climb.current("squat", side.value)
    faults = climb.trainee.knee_faults(*Side)
    calm = why_calm(climb)
    if current is None or calm is not None:
        shallow = calm is not None or bool(faults)
        exercise = library["squat_shallow" if shallow else "squat"]
        exercise = _lower(exercise, current) if current is not None else exercise
        why = calm or "both legs hold long enough to squat freely."
        reason = rules.reason("squats_start", title=exercise.title, why=why)
        if faults:
            words = {"title": exercise.title, "fault": faults[0]}
            reason = rules.reason("compensation", **words)
        return exercise, reason
    if faults:
        easier = library[current.easier] if current.easier else current
        easier = _allowed(easier, side, climb)
        words = {"title": easier.title, "fault": faults[0]}
        return easier, rules.reason("compensation", **words)
    refusal = gate(current, side, climb)
    if refusal is not None:
        easier = _allowed(current, side, climb)
        return easier, rules.reason("gate", title=easier.title, why=refusal)
    return _step_up(climb, side, current, climb.trainee.stance_faults(side))


def why_calm(climb: Climb) -> str | None:
    """Why only calm, supported moves are offered; None when they need not be."""
    trainee = climb.trainee
    if trainee.last.near_fall:
        return "you nearly fell."
    for side in Side:
        if support_reason(trainee, side, climb.rules) is not None:
            return f"the {side.value} leg goes back to support."
        now_s = trainee.leg(side).now_s
        if now_s is None:
            return f"the {side.value} leg has not been tested."
        if now_s < climb.rules.numbers["fingertips_below_s"]:
            return f"the {side.value} leg holds {now_s:.0f} s."
    return None


def gate(exercise: Exercise, side: Side | None, climb: Climb) -> str | None:
    """Why an exercise must not be done by this person now; None when it may."""
    owned = climb.trainee.equipment
    missing = [name for name in exercise.equipment if name not in owned]
    if missing:
        return f"the next step needs a {missing[0]}."
    if climb.trainee.goal not in exercise.goals:
        return "your goal does not need more."
    if exercise.eyes == "closed" or exercise.surface == "soft":
        return _gate_of_senses(exercise, side, climb)
    return _gate_of_load(exercise, side, climb)


def _gate_of_senses(exercise: Exercise, side: Side | None, climb: Climb) -> str | None:
    what = "closed eyes" if exercise.eyes == "closed" else "soft ground"
    if climb.trainee.first_use:
        return f"{what} are not for the first blocks."
    if _old_and_alone(climb):
        return f"{what} only with somebody beside you."
    needed_s = climb.gates.eyes_open_before_closed_s
    if not climb.holds(side, needed_s):
        return f"{what} only after {needed_s:.0f} s with open eyes on that leg."
    if exercise.surface == "soft" and not _steady_enough_for_soft(side, climb):
        seconds = climb.rules.numbers["soft_open_and_closed_s"]
        return f"{what} only after {seconds:.0f} s with open and closed eyes."
    return None


def _gate_of_load(exercise: Exercise, side: Side | None, climb: Climb) -> str | None:
    trainee = climb.trainee
    needed_s = climb.gates.eyes_open_before_load_s
    if exercise.code in ON_ONE_LEG and not climb.holds(side, needed_s):
        return f"one leg alone only after {needed_s:.0f} s with open eyes on it."
    if exercise.code not in DEMANDING:
        return None
    faults = (*trainee.knee_faults(*Side), *trainee.stance_faults(*Side))
    if faults:
        return f"the camera saw {faults[0]}."
    if exercise.code == "soft_hops" and trainee.first_use:
        return "hops are not for the first blocks."
    if exercise.code == "soft_hops" and _old_and_alone(climb):
        return "hops only with somebody beside you."
    return None


def _old_and_alone(climb: Climb) -> bool:
    """Whether nobody is there and the age asks for somebody, or is not known."""
    person = climb.trainee.circumstances
    old = person.age_years is None or person.age_years >= climb.gates.age_alone_years
    return old and not person.has_companion


def _steady_enough_for_soft(side: Side | None, climb: Climb) -> bool:
    limit = climb.rules.numbers["soft_open_and_closed_s"]
    legs = (side,) if side is not None else tuple(Side)
    return all(
        bool(held) and held[-1] > limit
        for leg in legs
        for held in (climb.trainee.leg(leg).open_s, climb.trainee.leg(leg).closed_s)
    )


def _allowed(exercise: Exercise, side: Side | None, climb: Climb) -> Exercise:
    """Go down from an exercise to the first rung whose gates are open."""
    while gate(exercise, side, climb) is not None and exercise.easier:
        exercise = climb.library[exercise.easier]
    return exercise


def _lower(one: Exercise, other: Exercise) -> Exercise:
    return one if one.level <= other.level else other


def _step_up(
    climb: Climb, side: Side | None, current: Exercise, faults: tuple[str, ...]
) -> Choice:
    """One rung up when it was met cleanly often enough and the next gate is open."""
    rules, leg = climb.rules, side.value if side else "both"
    times = int(rules.numbers["clean_times"])
    stay = rules.reason("stay", title=current.title)
    if current.harder is None or not climb.trainee.mastered(current.code, leg, times):
        return current, stay
    if faults:
        legs = f"{leg} leg" if side else "legs"
        return current, rules.reason("unclean", legs=legs, fault=faults[0])
    if not climb.progress:
        return current, stay
    harder = climb.library[current.harder]
    refusal = gate(harder, side, climb)
    if refusal is not None:
        return current, rules.reason("gate", title=current.title, why=refusal)
    return harder, rules.reason("progress", title=harder.title, before=current.title)
