"""A batch on a real Dask scheduler, and one of its two workers killed in mid-run."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import quick_measuring

from balance.pipeline.batch.job import Outcome, from_line
from balance.pipeline.batch.run import LEDGER, Plan, run_batch

pytestmark = [
    pytest.mark.cluster,
    # The client of a cluster whose worker was killed leaves sockets to the collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

# Generous: the machine may be busy.
START_S = 180
CLIPS = 12


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Return a scheduler's address and its two workers, all processes of their own."""
    distributed = pytest.importorskip("distributed")
    here = Path(__file__).parent
    path = os.pathsep.join([str(here), str(here.parent)])
    env = {**os.environ, "PYTHONPATH": path}

    def start(*command: str) -> subprocess.Popen[bytes]:
        whole = [sys.executable, "-m", "distributed.cli." + command[0], *command[1:]]
        with (tmp_path / "cluster.log").open("ab") as log:
            return subprocess.Popen(
                whole, env=env, stdout=log, stderr=log, cwd=tmp_path
            )

    where = tmp_path / "scheduler.json"
    quiet = ("--no-dashboard", "--scheduler-file", str(where))
    processes = [start("dask_scheduler", "--port", "0", "--host", "127.0.0.1", *quiet)]
    few = ("--nworkers", "1", "--nthreads", "1", "--no-nanny")
    processes += [start("dask_worker", *quiet, *few) for _ in range(2)]
    try:
        _wait_for(where)
        with distributed.Client(scheduler_file=str(where), timeout=START_S) as client:
            client.wait_for_workers(2, timeout=START_S)
            address = client.scheduler.address
        yield address, processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _wait_for(path: Path) -> None:
    end_s = time.monotonic() + START_S
    while not path.exists():
        assert time.monotonic() < end_s, "the scheduler did not start"
        time.sleep(0.2)


def make_clips(folder: Path) -> Path:
    folder.mkdir()
    for number in range(CLIPS):
        (folder / f"clip{number:02d}.mp4").write_text(f"content {number}")
    return folder


def test_a_killed_worker_costs_nothing_and_doubles_nothing(
    tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, workers = cluster
    clips, out = make_clips(tmp_path / "clips"), tmp_path / "out"
    killed: list[int] = []

    def kill_one(_outcome: Outcome, done: int, _total: int) -> None:
        # In mid-run, and certainly at work: each clip takes a moment.
        if done == 2 and not killed:
            workers[0].send_signal(signal.SIGKILL)
            killed.append(done)

    outcomes = run_batch(
        str(clips),
        Plan(out, scheduler=address),
        kill_one,
        measure=quick_measuring.slowly_and_deadly,
    )
    assert killed
    assert workers[0].wait(START_S) == -signal.SIGKILL
    assert [Path(o.place).name for o in outcomes] == [
        f"clip{number:02d}.mp4" for number in range(CLIPS)
    ]
    assert not [outcome.error for outcome in outcomes if outcome.error]
    lines = [from_line(line) for line in (out / LEDGER).read_text().splitlines()]
    counted = Counter(line.key for line in lines if line)
    assert len(counted) == CLIPS
    assert set(counted.values()) == {1}
    assert len([f for f in out.iterdir() if f.is_dir()]) == CLIPS


def test_a_second_run_has_nothing_left_to_do(
    tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, _ = cluster
    clips, out = make_clips(tmp_path / "clips"), tmp_path / "out"
    for _ in range(2):
        plan = Plan(out, scheduler=address)
        run_batch(clips.as_uri(), plan, measure=quick_measuring.measure_fetched)
    assert len((out / "runs.txt").read_text().split()) == CLIPS
