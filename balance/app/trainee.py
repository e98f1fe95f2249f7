"""Who trains, what they wish and how they feel today, as this tab knows it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from balance.app.block_under_way import BlockUnderWay, read_block, write_block
from balance.app.measuring import Job
from balance.history.training_log import (
    TrainingBlock,
    TrainingHistory,
    Wishes,
    log_block,
    training_history,
)
from balance.live.training.trainee import BlockReport, Performed, Trainee
from balance.live.training.trainee_results import legs_from_assessments
from balance.model.results import Assessment

# What may have happened since the last block, and what it is called in a report.
SIGNS = {
    "sharp_pain": "Sharp pain",
    "lasting_pain": "Pain that does not go away",
    "irritation": "Irritation under the ball of the foot or the arch",
    "near_fall": "I nearly fell",
}


@dataclass
class Training:
    """What one tab knows of the programme; ``code`` "" is somebody not kept."""

    code: str = ""
    wishes: Wishes = field(default_factory=Wishes)
    asked: bool = False
    today: BlockReport | None = None
    camera: bool = True
    # The block that is being done, and blocks of somebody not kept.
    under_way: BlockUnderWay | None = None
    blocks: tuple[TrainingBlock, ...] = ()
    # What is said of the block kept last.
    kept: str = ""


def history_of(training: Training, jobs: Iterable[Job]) -> TrainingHistory:
    """Return what is known: from the store, and from the tests made in this tab."""
    new = _results(jobs)
    if training.code:
        from balance.history.store import open_store

        with open_store() as store:
            return training_history(store, training.code, date.today(), new)
    legs = legs_from_assessments([new] if new else [])
    return TrainingHistory(None, legs, training.blocks)


def trainee_of(
    training: Training,
    known: TrainingHistory,
    age_years: float | None,
    yes: frozenset[str],
) -> Trainee:
    """Put together what a plan is made from."""
    wishes = training.wishes
    return Trainee(
        age_years=known.age_years if age_years is None else age_years,
        goal=wishes.goal,
        equipment=frozenset(wishes.equipment),
        minutes=wishes.minutes,
        yes=yes,
        legs=known.legs,
        reports=known.reports,
        today=training.today,
        rungs=known.rungs,
    )


def keep_block(training: Training, report: BlockReport) -> None:
    """Log a block that was done, in the store or, for nobody known, in this tab."""
    begun = training.under_way
    block = TrainingBlock(
        begun.on if begun else date.today(),
        report,
        begun.rungs if begun else (),
        training.wishes,
    )
    if training.code:
        from balance.history.store import open_store

        with open_store() as store:
            log_block(store, training.code, block)
    else:
        training.blocks = (*training.blocks, block)
    # Pain and signs of today are in the report now.
    training.today, training.under_way = None, None


_TODAY = TypeAdapter(BlockReport | None)
_WISHES = TypeAdapter(Wishes)
_BLOCKS = TypeAdapter(tuple[TrainingBlock, ...])


def write_training(training: Training) -> dict[str, Any]:
    """Return what was told, and the block under way, as JSON values."""
    return {
        "code": training.code,
        "wishes": _WISHES.dump_python(training.wishes, mode="json"),
        "asked": training.asked,
        "today": _TODAY.dump_python(training.today, mode="json"),
        "camera": training.camera,
        "under_way": write_block(training.under_way),
        "blocks": _BLOCKS.dump_python(training.blocks, mode="json"),
        "kept": training.kept,
    }


def read_training(told: dict[str, Any]) -> Training:
    """Read what was told of the programme."""
    return Training(
        code=told["code"],
        wishes=_WISHES.validate_python(told["wishes"]),
        asked=told["asked"],
        today=_TODAY.validate_python(told["today"]),
        camera=told["camera"],
        under_way=read_block(told["under_way"]),
        blocks=_BLOCKS.validate_python(told["blocks"]),
        kept=told["kept"],
    )


def report_of(  # noqa: PLR0913 - the answers of a form
    minutes: float,
    fatigue: int,
    pain: int,
    signs: Iterable[str],
    done: tuple[Performed, ...] = (),
    sore_days: int = 0,
) -> BlockReport:
    """Return the answers of a form as a report."""
    seen = dict.fromkeys(signs, True)
    return BlockReport(minutes, fatigue, pain, sore_days, done=done, **seen)


def _results(jobs: Iterable[Job]) -> list[Assessment]:
    from balance.model.files import read_assessment

    return [
        read_assessment(job.folder / "assessment.json")
        for job in jobs
        # What was saved for somebody is in the history already.
        if job.state == "done" and job.folder is not None and not job.saved
    ]
