"""Every job gets exactly one answer, also when a process dies in the middle."""

import os
from pathlib import Path

import pytest

from balance.pipeline.batch.spread import ATTEMPTS, Lost, on_processes


def double(number: int) -> int:
    return 2 * number


def die_once(mark: Path) -> str:
    """Kill the process the first time, answer the second."""
    if mark.suffix == ".dies" and not mark.exists():
        mark.touch()
        os._exit(9)
    return mark.name


def die_always(mark: Path) -> str:
    if mark.suffix == ".dies":
        with mark.open("a") as file:
            file.write("x")
        os._exit(9)
    return mark.name


def test_answers_carry_their_jobs_number() -> None:
    answers = dict(on_processes(double, [5, 6, 7], workers=2))
    assert answers == {0: 10, 1: 12, 2: 14}


@pytest.mark.slow
def test_a_process_that_dies_costs_no_job(tmp_path: Path) -> None:
    jobs = [tmp_path / name for name in ("a", "b.dies", "c", "d", "e")]
    answers = list(on_processes(die_once, jobs, workers=2))
    assert sorted(answers) == [(n, job.name) for n, job in enumerate(jobs)]


@pytest.mark.slow
def test_a_job_that_kills_every_process_is_given_up(tmp_path: Path) -> None:
    jobs = [tmp_path / name for name in ("a", "b.dies", "c")]
    answers = dict(on_processes(die_always, jobs, workers=2))
    assert isinstance(answers.pop(1), Lost)
    assert answers == {0: "a", 2: "c"}
    assert len(jobs[1].read_text()) == ATTEMPTS
