"""A training block under way as it is kept: a reload or a closed browser ends none.

Each set that was done is on disk with the visit; the page offers to go on before the
first open set, or to tell how it went so far.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from balance.live.training.guided_block import GuidedBlock, Progress
from balance.live.training.session import SessionStep, StepResult
from balance.model.codes import TrialKind
from balance.reference.loader import load_exercises


@dataclass(frozen=True, slots=True)
class BlockUnderWay:
    """A block that was begun: its day, its steps, and how far it has come.

    ``rungs`` where each ladder stands in its plan: (ladder, leg, exercise).
    """

    on: date
    steps: tuple[SessionStep, ...]
    rungs: tuple[tuple[str, str, str], ...]
    progress: Progress

    def go_on(self, emergency: str) -> GuidedBlock:
        """Return the block from where it was left."""
        return GuidedBlock(self.steps, emergency, self.progress)

    def end(self, emergency: str) -> GuidedBlock:
        """Return the block as ended, to tell how it went so far."""
        block = self.go_on(emergency)
        block.press("stop")
        return block

    @property
    def sets(self) -> tuple[int, int]:
        """How many sets were come to, and how many there are."""
        done = {result.step for result in self.progress.results}
        return len(done), sum(step.kind == "work" for step in self.steps)


def write_block(block: BlockUnderWay | None) -> dict[str, Any] | None:
    """Return a block as JSON values; exercises by their code."""
    if block is None:
        return None
    so_far = block.progress
    return {
        "on": block.on.isoformat(),
        "steps": [
            {**asdict(step), "exercise": step.exercise.code} for step in block.steps
        ],
        "rungs": [list(rung) for rung in block.rungs],
        "results": [
            {**asdict(one), "step": block.steps.index(one.step)}
            for one in so_far.results
        ],
        "trained_s": round(so_far.trained_s, 1),
        "nearly_fell": so_far.nearly_fell,
    }


def read_block(told: Mapping[str, Any] | None) -> BlockUnderWay | None:
    """Read a block as it is kept."""
    if told is None:
        return None
    library = load_exercises().exercises
    steps = tuple(
        SessionStep(
            **{
                **one,
                "exercise": library[one["exercise"]],
                "counted": one["counted"] and TrialKind(one["counted"]),
            }
        )
        for one in told["steps"]
    )
    results = _results(steps, told["results"])
    progress = Progress(results, told["trained_s"], told["nearly_fell"])
    rungs = tuple((ladder, leg, code) for ladder, leg, code in told["rungs"])
    return BlockUnderWay(date.fromisoformat(told["on"]), steps, rungs, progress)


def _results(
    steps: Sequence[SessionStep], told: Sequence[Mapping[str, Any]]
) -> tuple[StepResult, ...]:
    return tuple(StepResult(**{**one, "step": steps[one["step"]]}) for one in told)
