"""A protocol step by step: whose turn is next, when to rest, when it is over.

A ``Run`` is a value: recording an outcome gives a new one. Voice, screen and clock
belong to the page that shows it; nothing here waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from balance.model.codes import EndReason
from balance.model.landmarks import Side
from balance.reference.protocol import Protocol, Stage
from balance.reference.safety import Circumstances, Gates, reason_to_skip

# What a person tells, because no camera sees it, takes a step back however long it was.
EXAMINER_FAILURES = (EndReason.HAND_SUPPORT, EndReason.EYES_OPENED)


@dataclass(frozen=True, slots=True)
class Step:
    """One trial of one stage; ``side`` is the stance leg, None on both feet.

    In tandem ``side`` names the foot in front.
    """

    stage: Stage
    side: Side | None
    trial: int

    @property
    def leg(self) -> str:
        """Return "left", "right" or "both", as a ``Trial`` writes it."""
        return self.side.value if self.side else "both"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a step; ``value`` in s for holds, a count for repetitions.

    ``value`` None: it could not be told (lost sight), and the step comes again.
    """

    step: Step
    value: float | None
    end_reason: EndReason | None = None
    errors: int | None = None

    @property
    def passed(self) -> bool | None:
        """Whether the goal of the stage was met; None where it cannot be told."""
        goal = self.step.stage.seconds or self.step.stage.repetitions
        if self.value is None or goal is None:
            return None
        if self.end_reason in EXAMINER_FAILURES:
            return False
        return self.value >= goal or self.end_reason == EndReason.TIME_CAP


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a stage stands on one leg, in words for a page.

    ``passed`` None while it is not decided, or where nothing is to be passed.
    """

    title: str
    leg: str
    passed: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class Run:
    """A protocol under way.

    ``skipped`` maps (stage code, leg) to the sentence that says why it is left out;
    ``stopped`` is the sentence of whoever ended it by hand.
    """

    protocol: Protocol
    plan: tuple[Step, ...]
    outcomes: tuple[Outcome, ...] = ()
    skipped: Mapping[tuple[str, str], str] = field(default_factory=dict)
    stopped: str | None = None


def start_run(
    protocol: Protocol,
    person: Circumstances,
    gates: Gates,
    *,
    first: Side = Side.LEFT,
    kept_stages: frozenset[str] | None = None,
) -> Run:
    """Lay out all steps, and leave out what this person must not do now.

    ``first`` is the leg that begins, and the leg of stages done on one leg only.
    ``kept_stages`` narrows the protocol to these stages.
    """
    plan: list[Step] = []
    skipped: dict[tuple[str, str], str] = {}
    for stage in protocol.stages:
        if kept_stages is not None and stage.code not in kept_stages:
            continue
        for step in _steps(stage, first):
            refusal = reason_to_skip(stage, step.side, person, gates)
            if refusal:
                skipped[stage.code, step.leg] = refusal
            else:
                plan.append(step)
    return Run(protocol, tuple(plan), skipped=skipped)


def record(run: Run, outcome: Outcome) -> Run:
    """Return the run with one more outcome."""
    return replace(run, outcomes=(*run.outcomes, outcome))


def stop(run: Run, why: str) -> Run:
    """Return the run as ended by hand, with the reason in words."""
    return replace(run, stopped=why)


def next_step(run: Run) -> Step | None:
    """Return the step that comes now; None when the protocol is over.

    A step whose outcome could not be told comes again. Where a failed stage ends
    the test it is over; a leg that reached the cap needs no further try, since the
    best counts.
    """
    if run.stopped is not None or failed_stage(run) is not None:
        return None
    done = {outcome.step for outcome in run.outcomes if outcome.value is not None}
    capped = {
        (outcome.step.stage.code, outcome.step.leg)
        for outcome in run.outcomes
        if outcome.passed and outcome.step.stage.trials > 1
    }
    for step in run.plan:
        if step not in done and (step.stage.code, step.leg) not in capped:
            return step
    return None


def failed_stage(run: Run) -> Stage | None:
    """First stage that was not passed, where the protocol stops at it."""
    if not run.protocol.stop_at_first_failure:
        return None
    for stage in run.protocol.stages:
        tries = [o.passed for o in run.outcomes if o.step.stage is stage]
        if len(tries) >= stage.trials and tries and not any(tries) and False in tries:
            return stage
    return None


def why_over(run: Run) -> str | None:
    """Say why the run is over in one sentence; None while a step is left."""
    if run.stopped is not None:
        return run.stopped
    failed = failed_stage(run)
    if failed is not None:
        return f"Ended at the first position not held: {failed.title}."
    if next_step(run) is None:
        return "All steps are done." if run.outcomes else "Nothing may be done now."
    return None


def standings(run: Run) -> tuple[Standing, ...]:
    """Say of every stage and leg what came of it, in the order of the protocol."""
    legs = {(step.stage.code, step.leg): step.stage for step in run.plan}
    stages = {stage.code: stage for stage in run.protocol.stages}
    skipped = {key: stages[key[0]] for key in run.skipped}
    order = list(stages)
    rows = sorted({**legs, **skipped}.items(), key=lambda row: order.index(row[0][0]))
    return tuple(_standing(run, stage, leg) for (_, leg), stage in rows)


def _standing(run: Run, stage: Stage, leg: str) -> Standing:
    why = run.skipped.get((stage.code, leg))
    if why is not None:
        return Standing(stage.title, leg, None, f"Left out. {why}")
    mine = [o for o in run.outcomes if (o.step.stage, o.step.leg) == (stage, leg)]
    rated = [o for o in mine if o.value is not None]
    if not rated:
        return Standing(stage.title, leg, None, "Not done.")
    best = max(rated, key=lambda o: (o.passed is not False, o.value or 0.0))
    return Standing(stage.title, leg, best.passed, _outcome_words(best))


def _outcome_words(outcome: Outcome) -> str:
    stage, value = outcome.step.stage, outcome.value or 0.0
    if outcome.end_reason in EXAMINER_FAILURES:
        held = outcome.end_reason == EndReason.HAND_SUPPORT
        return "A hand held on." if held else "The eyes opened."
    if stage.seconds is None:
        asked = f" of {stage.repetitions}" if stage.repetitions else ""
        return f"{value:.0f}{asked}."
    if outcome.passed:
        return f"Held for {stage.seconds:g} s."
    return f"{value:.1f} of {stage.seconds:g} s."


def goal_words(stage: Stage) -> str:
    """Say how long or how often a stage asks for."""
    if stage.seconds:
        goal = f"{stage.seconds:g} s"
    elif stage.repetitions:
        goal = f"{stage.repetitions} times"
    else:
        goal = "as many as go"
    return f"{goal}, {stage.trials} tries" if stage.trials > 1 else goal


def _steps(stage: Stage, first: Side) -> list[Step]:
    """All trials of a stage; legs take turns, so that each rests in between."""
    sides: tuple[Side | None, ...] = (None,)
    if stage.legs == "each":
        sides = (first, first.other)
    elif stage.legs == "one":
        sides = (first,)
    return [
        Step(stage, side, trial)
        for trial in range(1, stage.trials + 1)
        for side in sides
    ]
