"""Many videos: each once, whatever happens in between.

Every finished clip is a line in ``batch.jsonl``, written only by this process. After
a stop the clips whose content was measured in the same way are not measured again,
whatever they are called by now.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from balance.model.errors import OutputError
from balance.model.publish import sweep
from balance.model.result_folder import require_writable
from balance.pipeline.batch import spread
from balance.pipeline.batch.job import (
    Job,
    Outcome,
    content_key,
    failed,
    from_line,
    run_job,
    to_line,
)
from balance.pipeline.batch.list import Clip, find_clips
from balance.pipeline.batch.table import write_tables
from balance.pipeline.setup import make_setup
from balance.video.cores import usable_cores

LEDGER = "batch.jsonl"

# Told after each clip: the outcome, clips done, clips in all.
Told = Callable[[Outcome, int, int], None]


@dataclass(frozen=True)
class Plan:
    """How a batch is done; see `run_batch`."""

    out: Path
    options: Mapping[str, Any] = field(default_factory=dict)
    video: bool = True
    workers: int | None = None
    scheduler: str | None = None
    report: bool = True
    pdf: bool = False
    details: bool = False


def run_batch(
    source: str,
    plan: Plan,
    tell: Told | None = None,
    measure: Callable[[Job], Outcome] = run_job,
) -> list[Outcome]:
    """Measure many videos and write their folders and tables below ``plan.out``.

    Parameters
    ----------
    source
        A folder, a pattern, a ``.csv`` list or an address that fsspec knows.
    plan
        ``options`` is what the command line says of every clip, for `make_setup`.
        ``workers`` processes, None for one a core; ``scheduler`` is the address of a
        Dask scheduler that does the work instead.
    tell
        Called after each clip.
    measure
        What is done with a clip, in another process; tests put something quick here.

    Returns
    -------
    The outcome of every clip, in the order of the source.

    Raises
    ------
    InputError, OutputError
        Before anything is measured, if the source or the folder is of no use.
    """
    clips = find_clips(source)
    make_setup(**_for_setup(plan.options))
    require_writable(plan.out)
    jobs = [_job(clip, plan) for clip in clips]
    ledger = plan.out / LEDGER
    known = read_ledger(ledger)
    outcomes: dict[int, Outcome] = {}
    for number, outcome in _done_before(jobs, known, plan):
        outcomes[number] = outcome
        if tell is not None:
            tell(outcome, len(outcomes), len(jobs))
    for number, outcome in _done_now(jobs, outcomes, plan, measure):
        _note(ledger, outcome)
        outcomes[number] = outcome
        if tell is not None:
            tell(outcome, len(outcomes), len(jobs))
    sweep(plan.out)  # what processes that died left beside the results
    in_order = [outcomes[number] for number in range(len(jobs))]
    write_tables(in_order, plan.out)
    return in_order


def _job(clip: Clip, plan: Plan) -> Job:
    # Relative paths mean something else on another machine.
    place = clip.place if clip.is_remote else str(Path(clip.place).absolute())
    out = str(plan.out.absolute())
    return Job(
        replace(clip, place=place),
        out,
        dict(plan.options),
        plan.video,
        plan.report,
        plan.pdf,
        plan.details,
    )


def _for_setup(options: Mapping[str, Any]) -> dict[str, Any]:
    model = options.get("model")
    return {**options, "model": Path(model) if model else None}


def _spread(
    work: Callable[[Job], Any], jobs: Sequence[Job], plan: Plan
) -> Iterator[Any]:
    if not jobs:
        return iter(())
    if plan.scheduler:
        return spread.on_cluster(work, jobs, plan.scheduler)
    return spread.on_processes(work, jobs, plan.workers or usable_cores())


def _done_before(
    jobs: Sequence[Job], known: Mapping[str, Outcome], plan: Plan
) -> Iterator[tuple[int, Outcome]]:
    """Clips whose content an earlier run has measured in the same way."""
    if not known:
        return
    for number, key in _spread(content_key, jobs, plan):
        before = known.get(key) if isinstance(key, str) else None
        if before and (plan.out / before.folder / "assessment.json").exists():
            clip = jobs[number].clip
            yield number, replace(before, place=clip.place, person=clip.person)


def _done_now(
    jobs: Sequence[Job],
    done: Mapping[int, Outcome],
    plan: Plan,
    measure: Callable[[Job], Outcome],
) -> Iterator[tuple[int, Outcome]]:
    waiting = [number for number in range(len(jobs)) if number not in done]
    for place, answer in _spread(measure, [jobs[number] for number in waiting], plan):
        number = waiting[place]
        if isinstance(answer, spread.Lost):
            name = jobs[number].clip.name
            answer = failed(jobs[number], f"{name}: {answer.reason}")
        yield number, answer


def read_ledger(path: Path) -> dict[str, Outcome]:
    """Outcomes of earlier runs by key. What failed is left out, to be tried again."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise OutputError(f"{path} cannot be read: {error.strerror}.") from error
    outcomes = [outcome for line in lines if (outcome := from_line(line))]
    return {o.key: o for o in outcomes if o.key and o.folder and not o.error}


def _note(path: Path, outcome: Outcome) -> None:
    try:
        # A line that an earlier stop broke off must not swallow this one.
        torn = path.exists() and path.stat().st_size and not _ends_whole(path)
        with path.open("a", encoding="utf-8") as file:
            file.write(("\n" if torn else "") + to_line(outcome) + "\n")
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error.strerror}; free some space or choose "
            f"another folder with --out, then start again: what is done stays done."
        ) from error


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) == b"\n"
