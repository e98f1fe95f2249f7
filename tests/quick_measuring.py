"""Stands in for the measuring of a clip, so that a batch takes no time.

It is imported by the processes that do the work, so it is a module of its own.
"""

import os
import signal
import time
from pathlib import Path

import made_results

from balance.model.files import write_assessment, write_trials
from balance.pipeline.batch.job import Job, Outcome, failed, graded, job_key, local_file
from balance.video.video import file_sha256


def measure(job: Job) -> Outcome:
    """Write a made-up result; a clip that holds the word ``torn`` fails."""
    return _measure(job, Path(job.clip.place))


def measure_fetched(job: Job) -> Outcome:
    """Do the same with a clip that is given by its address."""
    with local_file(job.clip) as path:
        return _measure(job, path)


def _measure(job: Job, path: Path) -> Outcome:
    content = path.read_text()
    sha256 = file_sha256(path)
    if content == "torn":
        return failed(job, f"{path.name} is not a video", sha256=sha256)
    assessment = made_results.assessment(made_results.stance())
    stem = f"{job.clip.stem}-{sha256[:8]}" if job.clip.twin else job.clip.stem
    folder = Path(job.out) / stem
    folder.mkdir(exist_ok=True)
    write_assessment(assessment, folder / "assessment.json")
    write_trials(assessment, folder / "trials.csv")
    with (Path(job.out) / "runs.txt").open("a") as runs:
        runs.write(f"{path.name}\n")
    grade, reasons = graded(assessment)
    key = job_key(job, sha256)
    place, person = job.clip.place, job.clip.person
    return Outcome(place, person, key, sha256, grade, reasons, 1, stem, 10.0)


def slowly_and_deadly(job: Job) -> Outcome:
    """Take a moment; a clip that holds ``deadly`` kills its first process."""
    time.sleep(0.3)
    mark = Path(job.out) / "died.txt"
    if Path(job.clip.place).read_text() == "deadly" and not mark.exists():
        mark.touch()
        time.sleep(2)  # what runs beside it is done by then, on a busy machine too
        os.kill(os.getpid(), signal.SIGKILL)
    return measure(job)
