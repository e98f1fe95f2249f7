"""A training block second by second: what to do now, for how long, what comes next.

Pure: the page that guides keeps the clock and speaks; this is what it reads out.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from balance.live.training.trainee import Performed
from balance.live.training.training import Block, Item
from balance.model.codes import TrialKind
from balance.reference.exercise import Exercise


@dataclass(frozen=True, slots=True)
class SessionStep:
    """One stretch of time in a guided block.

    ``kind`` "change" (get ready), "work" or "rest"; ``seconds`` how long; ``say`` is
    spoken at its start. ``counted`` is the trial that the camera counts in it, None
    where the camera cannot follow.
    """

    kind: str
    seconds: float
    say: str
    exercise: Exercise
    leg: str
    set_number: int
    sets: int
    repetitions: int
    counted: TrialKind | None


@dataclass(frozen=True, slots=True)
class StepResult:
    """What the camera saw of a set; None where it could not follow.

    ``whole``: its time or its repetitions were full when it was left.
    """

    step: SessionStep
    held_s: float | None = None
    counted: int | None = None
    clean: bool | None = None
    whole: bool = False

    @property
    def was_seen(self) -> bool:
        """Whether the camera followed."""
        return self.clean is not None


def block_steps(block: Block, change_over_s: float) -> tuple[SessionStep, ...]:
    """Return the steps of a block: change over, sets on each leg in turn, rests.

    With two legs one rests while the other works, so only half the rest is waited for.
    """
    steps: list[SessionStep] = []
    for item in block.items:
        steps.append(_step(item, "change", change_over_s, item.legs[0], 1))
        for number in range(1, item.dose.sets + 1):
            if number > 1 and item.dose.rest_s:
                wait_s = item.dose.rest_s * 0.5 * len(item.legs)
                steps.append(_step(item, "rest", wait_s, item.legs[0], number))
            for leg in item.legs:
                work_s = item.dose.repetitions * item.dose.rep_s
                steps.append(_step(item, "work", work_s, leg, number))
    return tuple(steps)


def _step(
    item: Item, kind: str, seconds: float, leg: str, set_number: int
) -> SessionStep:
    follows = kind == "work" and item.exercise.camera in ("yes", "partly")
    return SessionStep(
        kind=kind,
        seconds=seconds,
        say=_words(item, kind, leg),
        exercise=item.exercise,
        leg=leg,
        set_number=set_number,
        sets=item.dose.sets,
        repetitions=item.dose.repetitions,
        counted=item.exercise.kind if follows else None,
    )


def _words(item: Item, kind: str, leg: str) -> str:
    side = "" if leg == "both" else f" {leg.capitalize()} leg."
    if kind == "change":
        return f"Next: {item.exercise.title}. {item.exercise.steps[0]}"
    if kind == "rest":
        return "Rest."
    return f"{item.exercise.cue}{side}"


def judge_performed(
    step: SessionStep,
    *,
    held_s: float | None,
    counted: int | None,
    clean: bool,
    target_hold_s: float,
) -> Performed:
    """Return whether a step met its target, as the next plan wants to know it.

    ``held_s`` the hold and ``counted`` the repetitions that camera or person report.
    A stand is met at ``target_hold_s`` of the programme's rules, even where this
    block asked for less; anything else at its repetitions.
    """
    if step.exercise.phase == "static":
        met = held_s is not None and held_s >= target_hold_s
    else:
        met = counted is not None and counted >= step.repetitions
    return Performed(step.exercise.code, step.leg, met, clean)


def block_performed(
    steps: Iterable[SessionStep],
    results: Iterable[StepResult],
    confirmed: Collection[str],
    target_hold_s: float,
) -> tuple[Performed, ...]:
    """Return what each exercise of a block came to on each leg: all sets, or not met.

    ``confirmed`` are the exercises of which the person says that all was done, and
    cleanly; it counts for whole sets that the camera did not follow. A set that was
    never begun, or left early, is not met.
    """
    found = {_key(one.step): one for one in results}
    judged: dict[tuple[str, str], list[Performed]] = {}
    for step in steps:
        if step.kind != "work":
            continue
        result = found.get(_key(step), StepResult(step))
        done = _judge(result, step.exercise.code in confirmed, target_hold_s)
        judged.setdefault((done.exercise, done.side), []).append(done)
    return tuple(
        Performed(code, side, all(d.met for d in sets), all(d.clean for d in sets))
        for (code, side), sets in judged.items()
    )


def _judge(result: StepResult, confirmed: bool, target_hold_s: float) -> Performed:
    step = result.step
    held_s, counted, clean = result.held_s, result.counted, bool(result.clean)
    if result.whole and not result.was_seen and confirmed:
        held_s, counted, clean = step.seconds, step.repetitions, True
    return judge_performed(
        step, held_s=held_s, counted=counted, clean=clean, target_hold_s=target_hold_s
    )


def _key(step: SessionStep) -> tuple[str, str, int]:
    return step.exercise.code, step.leg, step.set_number
