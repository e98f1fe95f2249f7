"""Every job gets exactly one answer, also when a process dies in the middle."""

import os
import signal
import subprocess
import sys
import time
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


def wait_long(mark: Path) -> str:
    mark.write_text(str(os.getpid()))
    time.sleep(60)
    return mark.name


WAITING = """
import signal
import sys
from pathlib import Path
from test_spread import wait_long
from balance.pipeline.batch.spread import on_processes

if __name__ == "__main__":
    # A shell that runs the tests in the background lets them ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        list(on_processes(wait_long, [Path(sys.argv[1], name) for name in "ab"], 2))
    except KeyboardInterrupt:
        sys.exit(130)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sign", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_workers_end_with_the_process_that_started_them(
    tmp_path: Path, sign: signal.Signals, status: int
) -> None:
    script = tmp_path / "waiting.py"
    script.write_text(WAITING)
    here = Path(__file__).parent
    path = os.pathsep.join([str(here), str(here.parent)])
    parent = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": path},
        stderr=subprocess.PIPE,
        text=True,
    )
    marks = [tmp_path / name for name in "ab"]
    until(lambda: all(mark.exists() and mark.read_text() for mark in marks))
    workers = [int(mark.read_text()) for mark in marks]
    parent.send_signal(sign)
    _, said = parent.communicate(timeout=30)
    assert parent.returncode == status
    until(lambda: not any(map(is_running, workers)))
    assert said == "", "not even Python's own helper has anything to say"


def until(done) -> None:
    for _ in range(600):
        if done():
            return
        time.sleep(0.1)
    raise AssertionError("it never came true")


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # One that nobody has waited for yet has ended too.
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rsplit(")", 1)[-1].split()[0] == "Z")
