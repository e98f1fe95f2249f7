"""What assessments say of each leg, as the training plan wants to know it."""

from collections.abc import Iterable, Sequence

from balance.live.training.trainee import KNEE_FAULTS, STANCE_FAULTS, LegHistory
from balance.model.codes import Answer, TrialKind
from balance.model.landmarks import Side
from balance.model.results import Assessment, Judgement, Trial


def legs_from_assessments(
    visits: Sequence[Sequence[Assessment]],
) -> dict[Side, LegHistory]:
    """Return each leg's history over visits, oldest first; a visit has recordings.

    The best hold of a visit counts, a censored one with what was seen of it. Where
    nobody said how the eyes were, the hold counts as one with open eyes: if they were
    closed, the leg is better than that, so the plan errs to the easy side.
    """
    return {
        side: LegHistory(
            open_s=_best_of_visits(visits, side, closed=False),
            closed_s=_best_of_visits(visits, side, closed=True),
            faults=_faults(visits[-1], side) if visits else frozenset(),
        )
        for side in Side
    }


def _best_of_visits(
    visits: Sequence[Sequence[Assessment]], side: Side, *, closed: bool
) -> tuple[float, ...]:
    best = []
    for recordings in visits:
        holds = [
            hold.value
            for assessment in recordings
            if (assessment.conditions.eyes == "closed") == closed
            for trial in assessment.trials
            if trial.kind == TrialKind.SINGLE_LEG_STANCE and trial.side == side.value
            if (hold := trial.measures.get("hold_s")) is not None
        ]
        if holds:
            best.append(max(holds))
    return tuple(best)


def _faults(recordings: Iterable[Assessment], side: Side) -> frozenset[str]:
    """Return the codes judged yes on this leg, without the side."""
    found = set()
    for assessment in recordings:
        for trial in assessment.trials:
            for judgement in _yes(trial):
                code = _on_leg(judgement.code.value, trial, side)
                if code in KNEE_FAULTS or code in STANCE_FAULTS:
                    found.add(code)
    return frozenset(found)


def _yes(trial: Trial) -> list[Judgement]:
    """Return what is judged yes of the trial, or of half its repetitions or more."""
    yes = [j for j in trial.judgements if j.answer == Answer.YES]
    judged = [j for repetition in trial.repetitions for j in repetition.judgements]
    for code in {j.code for j in judged}:
        same = [j for j in judged if j.code == code]
        positive = [j for j in same if j.answer == Answer.YES]
        if 2 * len(positive) >= len(trial.repetitions) and positive:
            yes.append(positive[0])
    return yes


def _on_leg(code: str, trial: Trial, side: Side) -> str:
    """Strip the side from a code; "" where it speaks of the other leg."""
    for leg in Side:
        if code.endswith(f"_{leg.value}"):
            return code.removesuffix(f"_{leg.value}") if leg is side else ""
    return code if trial.side in (side.value, "both") else ""
