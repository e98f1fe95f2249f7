"""From results to the blocks of the coming weeks; each choice says why.

``make_plan`` is pure: the same trainee gives the same plan. The rules are data
(``data/programme_rules.toml``), the exercises too (``data/exercises.toml``).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import zip_longest

from balance.live.training.ladders import (
    Climb,
    Rung,
    gate,
    shared_rung,
    squat_rung,
    static_rung,
    why_calm,
)
from balance.live.training.trainee import Trainee, require_sensible
from balance.model.landmarks import Side
from balance.reference.exercise import PHASES, Dose, Exercise
from balance.reference.safety import reasons_for_clinician
from balance.reference.training_rules import Handbook, Reason, Rules

GO, REDUCED, PAUSED, REFERRED = "go", "reduced", "paused", "referred"


@dataclass(frozen=True, slots=True)
class Item:
    """One exercise of a block. ``legs`` ("both",), ("left", "right") or one leg."""

    exercise: Exercise
    legs: tuple[str, ...]
    dose: Dose
    reason: Reason

    @property
    def seconds(self) -> float:
        """Time that it takes, rests between sets included."""
        return self.dose.seconds(len(self.legs))


@dataclass(frozen=True, slots=True)
class Block:
    """One training session; ``minutes`` counts changing over as well."""

    number: int
    items: tuple[Item, ...]
    minutes: float


@dataclass(frozen=True, slots=True)
class Week:
    """The blocks of a week, and what is measured before the first."""

    number: int
    blocks: tuple[Block, ...]
    measure: str = "single_leg_stance_eyes_open"


@dataclass(frozen=True, slots=True)
class Plan:
    """The coming weeks. ``status`` "go", "reduced", "paused" or "referred"."""

    status: str
    reasons: tuple[Reason, ...]
    weeks: tuple[Week, ...]
    rungs: tuple[Rung, ...]

    @property
    def minutes(self) -> float:
        """All minutes of the plan."""
        return sum(block.minutes for week in self.weeks for block in week.blocks)

    @property
    def hardest_level(self) -> int:
        """Greatest difficulty of any exercise; 0 for an empty plan."""
        items = (i for week in self.weeks for block in week.blocks for i in block.items)
        return max((item.exercise.level for item in items), default=0)


def next_block(plan: Plan, trainee: Trainee) -> int:
    """Return the place of the block that comes now in the plan's first week, from 0."""
    return len(trainee.reports) % len(plan.weeks[0].blocks) if plan.weeks else 0


def make_plan(trainee: Trainee, book: Handbook) -> Plan:
    """Return the programme of the coming weeks, or why there is none now."""
    require_sensible(trainee)
    rules = book.rules
    referred = _referrals(trainee, book)
    if referred:
        return Plan(REFERRED, referred, (), ())
    paused = _pauses(trainee, rules)
    if paused:
        return Plan(PAUSED, paused, (), ())
    tired = _fatigue(trainee, rules)
    full = _build(trainee, book, progress=not tired)
    reduced = _reductions(trainee, rules)
    if not reduced:
        return replace(full, reasons=(*tired, *full.reasons))
    careful = _build(trainee, book, progress=False)
    return replace(
        careful,
        status=REDUCED,
        reasons=(*reduced, *tired, *careful.reasons),
        weeks=tuple(
            _reduce_week(mine, theirs, rules)
            for mine, theirs in zip(careful.weeks, full.weeks, strict=True)
        ),
    )


def _referrals(trainee: Trainee, book: Handbook) -> tuple[Reason, ...]:
    if (
        trainee.age_years is not None
        and trainee.age_years < book.safety.gates.adult_years
    ):
        return (book.rules.reason("not_adult"),)
    advice = reasons_for_clinician(book.safety, trainee.yes)
    return tuple(book.rules.reason("refer", advice=text) for text in advice)


def _pauses(trainee: Trainee, rules: Rules) -> tuple[Reason, ...]:
    last = trainee.last
    signs = {
        "sharp_pain": last.sharp_pain,
        "lasting_pain": last.lasting_pain,
        "irritation": last.irritation,
    }
    found = [rules.reason(code) for code, seen in signs.items() if seen]
    if last.pain >= rules.numbers["pain_pause"]:
        found.append(rules.reason("pain_pause", pain=last.pain))
    return tuple(found)


def _reductions(trainee: Trainee, rules: Rules) -> tuple[Reason, ...]:
    last = trainee.last
    found = []
    if last.pain >= rules.numbers["pain_reduce"]:
        found.append(rules.reason("pain_reduce", pain=last.pain))
    if last.sore_days >= rules.numbers["sore_days"]:
        found.append(rules.reason("soreness", days=last.sore_days))
    return tuple(found)


def _fatigue(trainee: Trainee, rules: Rules) -> tuple[Reason, ...]:
    if trainee.last.fatigue < rules.numbers["fatigue_hold"]:
        return ()
    return (rules.reason("fatigue", fatigue=trainee.last.fatigue),)


def _build(trainee: Trainee, book: Handbook, progress: bool) -> Plan:
    climb = Climb(trainee, book.library, book.rules, book.safety.gates, progress)
    rungs = (
        shared_rung(climb, "short_foot", "short_foot_sitting", "activation"),
        *(static_rung(climb, side) for side in Side),
        shared_rung(climb, "calves", "heel_raise_two_legs", "calves"),
        *(squat_rung(climb, side) for side in Side),
    )
    numbers = book.rules.numbers
    count = min(trainee.weeks or numbers["weeks"], numbers["most_weeks"])
    a_week = int(numbers["blocks_a_week"])
    weeks = tuple(
        Week(
            week + 1,
            tuple(_block(climb, rungs, week * a_week + n) for n in range(a_week)),
        )
        for week in range(int(count))
    )
    safety = tuple(r.reason for r in rungs if r.reason.code in _SPOKEN_FIRST)
    always = (book.rules.reason(code) for code in ("go", "measure"))
    return Plan(GO, tuple(dict.fromkeys((*safety, *always))), weeks, rungs)


# Reasons of a rung that belong at the head of the plan, not only beside its exercise.
_SPOKEN_FIRST = ("very_low", "newly_low", "halved", "near_fall", "compensation")


def _block(climb: Climb, rungs: tuple[Rung, ...], index: int) -> Block:
    """Fill one block: what must be in it, then extras until the time is used.

    The last extra may go a little beyond the wish, never beyond the longest block.
    """
    numbers = climb.rules.numbers
    longest = numbers["longest_block_min"]
    minutes = min(max(climb.trainee.minutes, numbers["shortest_block_min"]), longest)
    must = _must_items(climb, rungs, index)
    items = _trim(must, minutes * 60, numbers["change_over_s"])
    used = _seconds(items, numbers["change_over_s"])
    for extra in _extras(climb, rungs, index):
        cost = extra.seconds + numbers["change_over_s"]
        if used < minutes * 60 and used + cost <= longest * 60:
            items.append(extra)
            used += cost
    ordered = sorted(items, key=lambda item: PHASES.index(item.exercise.phase))
    return Block(index + 1, tuple(ordered), used / 60)


def _seconds(items: Iterable[Item], change_over_s: float) -> float:
    return sum(item.seconds + change_over_s for item in items)


def _must_items(climb: Climb, rungs: tuple[Rung, ...], index: int) -> list[Item]:
    rules, library = climb.rules, climb.library
    items = [_item(library["ankle_circles"], rules.reason("warm_up"))]
    items += _merge(rungs, index, climb)
    items.append(_item(library["plantar_stretch"], rules.reason("cool_down")))
    return items


def _merge(rungs: tuple[Rung, ...], index: int, climb: Climb) -> list[Item]:
    """Turn rungs into items; legs on the same rung share one."""
    legs_of: dict[tuple[str, str], list[Rung]] = {}
    for rung in rungs:
        legs_of.setdefault((rung.ladder, rung.exercise.code), []).append(rung)
    items = []
    for same in legs_of.values():
        exercise = same[0].exercise
        legs = tuple(rung.leg for rung in same)
        if exercise.legs == "both":
            legs = ("both",)
        elif legs == ("both",):
            legs = tuple(side.value for side in Side)
        dose = exercise.dose
        if exercise.phase == "static":
            hold_s = _hold_s(climb, exercise, index)
            dose = replace(dose, hold_s=hold_s, rep_s=hold_s)
        items.append(Item(exercise, legs, dose, _joined([r.reason for r in same])))
    return items


def _joined(reasons: list[Reason]) -> Reason:
    """Say the reasons of legs that share an exercise in one sentence."""
    first, *others = dict.fromkeys(reasons)
    head, because, _ = first.text.partition(", because ")
    if not because or any(not r.text.startswith(head + because) for r in others):
        return first
    tails = [r.text.removeprefix(head + because).removesuffix(".") for r in others]
    text = " and ".join([first.text.removesuffix("."), *tails]) + "."
    return replace(first, text=text)


def _hold_s(climb: Climb, exercise: Exercise, index: int) -> float:
    """Hold of a stand in a block: 30, 45, then 60 s over the times it was done."""
    numbers = climb.rules.numbers
    done = climb.trainee.times_done(exercise.code) + index
    step = min(3, 1 + done // int(numbers["sessions_a_step"]))
    if not climb.progress:
        step = 1
    return numbers[f"hold_step_{step}_s"]


def _extras(climb: Climb, rungs: tuple[Rung, ...], index: int) -> list[Item]:
    """Return what may fill the rest of a block, another choice each time."""
    rules, library = climb.rules, climb.library
    goal = rules.goals[climb.trainee.goal]
    because = {
        "goal": rules.reason("goal", goal=goal.title),
        "activation": rules.reason("activation"),
        "cool_down": rules.reason("cool_down"),
        "warm_up": rules.reason("warm_up"),
    }
    groups = [
        [("weight_shift", rules.reason("shifts"))],
        [(code, because["goal"]) for code in _turn(goal.extras, index)],
        [(code, because["activation"]) for code in _turn(_DRILLS, index)],
        [(code, because["cool_down"]) for code in _turn(_STRETCHES, index)],
        [(code, because["warm_up"]) for code in ("toe_circles", "point_and_flex")],
    ]
    # One of each group first, then the second of each, and so on.
    codes = [pair for row in zip_longest(*groups) for pair in row if pair is not None]
    taken = {rung.exercise.code for rung in rungs}
    calm = why_calm(climb)
    return [
        _item(library[code], reason)
        for code, reason in codes
        if code not in taken and _fits(library[code], climb, calm)
    ]


_DRILLS = (
    "toe_splay",
    "toe_presses",
    "toe_curls",
    "edge_rock",
    "towel_grab",
    "toe_flutters",
    "toe_circuit",
)
_STRETCHES = ("calf_stretch", "achilles_stretch", "ball_roll", "foot_floor_stretch")


def _turn(codes: tuple[str, ...], index: int) -> tuple[str, ...]:
    """Let another one come first each time."""
    first = index % len(codes)
    return codes[first:] + codes[:first]


# The hardest extra for someone who needs calm, supported moves: slow weight shifts.
_CALM_LEVEL = 4
_NOT_CALM = ("ball_walk", "heel_to_toe_walk", "knee_tuck", "straight_leg_raise")


def _fits(exercise: Exercise, climb: Climb, calm: str | None) -> bool:
    """Whether an extra suits this person now."""
    if exercise.loads_knee and climb.trainee.knee_faults(*Side):
        return False
    if calm is not None and (
        exercise.level > _CALM_LEVEL or exercise.code in _NOT_CALM
    ):
        return False
    return gate(exercise, None, climb) is None


def _item(exercise: Exercise, reason: Reason) -> Item:
    legs = tuple(side.value for side in Side) if exercise.sides == 2 else ("both",)
    return Item(exercise, legs, exercise.dose, reason)


def _trim(items: list[Item], limit_s: float, change_over_s: float) -> list[Item]:
    """Take sets off the longest item until all fit."""
    items = list(items)
    while _seconds(items, change_over_s) > limit_s:
        longest = max(range(len(items)), key=lambda k: items[k].seconds)
        smaller = _one_less(items[longest])
        if smaller is None:
            break
        items[longest] = smaller
    return items


def _one_less(item: Item) -> Item | None:
    """Return an item with a set less, or half the repetitions; None at the least."""
    dose = item.dose
    if dose.sets > 1:
        return replace(item, dose=replace(dose, sets=dose.sets - 1))
    if dose.repetitions > 1:
        half = replace(dose, repetitions=dose.repetitions // 2)
        return replace(item, dose=half)
    return None


def _reduce_week(mine: Week, theirs: Week, rules: Rules) -> Week:
    """Cut each block below a share of what it would have been without the sign."""
    blocks = tuple(
        _reduce_block(block, full, rules)
        for block, full in zip(mine.blocks, theirs.blocks, strict=True)
    )
    return replace(mine, blocks=blocks)


def _reduce_block(block: Block, full: Block, rules: Rules) -> Block:
    limit_s = full.minutes * 60 * rules.numbers["reduced_share"]
    change_over_s = rules.numbers["change_over_s"]
    hardest = max((item.exercise.level for item in full.items), default=0)
    items = [item for item in block.items if item.exercise.level <= hardest]
    items = _trim([_one_less(item) or item for item in items], limit_s, change_over_s)
    while items and _seconds(items, change_over_s) > limit_s:
        # Extras of the dynamic part go first, the cool-down stays.
        items.remove(max(items, key=lambda item: item.exercise.level))
    return Block(block.number, tuple(items), _seconds(items, change_over_s) / 60)
