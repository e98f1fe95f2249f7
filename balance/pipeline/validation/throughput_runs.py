"""Figures that need a process of their own: start-up, peak memory, many clips."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from balance.model.errors import BalanceError
from balance.pipeline.batch.run import Plan, run_batch
from balance.video.cores import usable_cores

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream

MB_PER_KB = 1 / 1024
APP_WAIT_S = 120.0


def command_time(arguments: Sequence[str], rounds: int) -> tuple[float, float]:
    """Seconds on the clock and of the cores for ``balance`` with these arguments."""
    times = []
    for _ in range(rounds):
        wall = time.perf_counter()
        usage = _run(arguments)
        times.append((time.perf_counter() - wall, usage.ru_utime + usage.ru_stime))
    return min(wall for wall, _ in times), min(cpu for _, cpu in times)


def peak_memory_mb(clip: Path, out: Path) -> float:
    """Return the largest resident size of analysing a clip, in MB."""
    usage = _run(["analyze", str(clip), "--out", str(out), "--no-video", "--quiet"])
    # Linux counts in kB, macOS in bytes.
    unit = MB_PER_KB if sys.platform != "darwin" else MB_PER_KB**2
    return float(usage.ru_maxrss * unit)


def _run(arguments: Sequence[str]) -> Any:
    """Run a command to its end and return what it used."""
    process = subprocess.Popen(
        [sys.executable, "-m", "balance", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage


def app_start_s() -> float | None:
    """Seconds until the app answers on its port; None where it does not."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "balance", "app", "--no-browser"]
    start = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while time.perf_counter() - start < APP_WAIT_S and process.poll() is None:
            try:
                urllib.request.urlopen(f"http://localhost:{port}/_stcore/health")
            except OSError:
                time.sleep(0.1)
            else:
                return time.perf_counter() - start
        return None
    finally:
        process.terminate()
        process.wait()


def batch_times(source: Path, work: Path, clips: int) -> dict[str, float]:
    """Seconds for so many copies of a clip on 1, 2, … processes and on Dask."""
    folder = work / "clips"
    folder.mkdir()
    for number in range(clips):
        shutil.copyfile(source, folder / f"clip{number:03d}{source.suffix}")
    counts = sorted({1, 2, usable_cores()} & set(range(1, usable_cores() + 1)))
    times = {
        f"{clips} clips, {_workers(count)}": _batch_s(
            folder, Plan(work / f"out{count}", video=False, workers=count)
        )
        for count in counts
    }
    dask_s = _on_dask(folder, work / "dask", counts[-1])
    if dask_s is not None:
        times[f"{clips} clips, Dask, {_workers(counts[-1])}"] = dask_s
    return times


def _workers(count: int) -> str:
    return "1 worker" if count == 1 else f"{count} workers"


def _batch_s(folder: Path, plan: Plan) -> float:
    start = time.perf_counter()
    outcomes = run_batch(str(folder), plan)
    if errors := [outcome.error for outcome in outcomes if outcome.error]:
        raise BalanceError(f"the batch of the benchmark failed: {errors[0]}")
    return time.perf_counter() - start


def _on_dask(folder: Path, out: Path, workers: int) -> float | None:
    """Return the same on a cluster of this machine; None without Dask."""
    try:
        import distributed
    except ImportError:
        return None
    dask: Any = distributed
    with dask.LocalCluster(
        n_workers=workers, threads_per_worker=1, dashboard_address=None
    ) as cluster:
        plan = Plan(out, video=False, scheduler=cluster.scheduler_address)
        return _batch_s(folder, plan)


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds on the clock and seconds of all cores together.

    On a machine that does other things too, only the second can be held to a limit.
    """

    wall_s: float
    cpu_s: float

    def __str__(self) -> str:
        return f"{self.wall_s:.2f} s ({self.cpu_s:.2f} s of core)"


def timed(work: Callable[[], object]) -> Timing:
    """Do the work once."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Timing(time.perf_counter() - wall, time.process_time() - cpu)


def loop_clip(source: Path, target: Path, seconds: float) -> Path:
    """Repeat a clip end to end until it is ``seconds`` long; the last one is whole.

    The coded frames are copied with later times, so that an hour takes seconds.
    """
    import av

    with av.open(str(target), "w") as out:
        stream, shift_s = None, 0.0
        while shift_s < seconds:
            with av.open(str(source)) as container:
                picture = container.streams.video[0]
                stream = stream or out.add_stream_from_template(picture)
                shift_s += _copied(container, picture, out, stream, shift_s)
    return target


def _copied(
    container: "object",
    picture: "VideoStream",
    out: "OutputContainer",
    stream: "VideoStream",
    shift_s: float,
) -> float:
    """Append one round and return its length in seconds."""
    base = picture.time_base
    assert base is not None
    shift, end = round(shift_s / base), 0
    for packet in container.demux(picture):  # type: ignore[attr-defined]
        if packet.pts is None or packet.dts is None:
            continue  # the mark of the end
        end = max(end, packet.pts + (packet.duration or 0))
        packet.pts += shift
        packet.dts += shift
        packet.stream = stream
        out.mux(packet)
    return float(end * base)
