"""Whole commands, as somebody waits for them."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

APP_WAIT_S = 120.0
# Linux counts the resident size in kB, macOS in bytes.
MB = 1 / 1024 if sys.platform != "darwin" else 1 / 1024**2


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds on the clock, seconds of all cores together, largest resident size.

    On a machine that does other things too, only the second can be held to a limit.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float = 0.0

    def __str__(self) -> str:
        return f"{self.wall_s:.2f} s ({self.cpu_s:.2f} s of core)"


def timed(work: Callable[[], object]) -> Timing:
    """Do work of this process once."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Timing(time.perf_counter() - wall, time.process_time() - cpu)


def python(*arguments: str | Path) -> Timing:
    """Run ``python -m`` with these arguments to its end, in silence.

    Raises
    ------
    subprocess.CalledProcessError
        Where it failed; 3 of ``balance`` says that there was nothing to measure.
    """
    command = [sys.executable, "-m", *map(str, arguments)]
    start_s = time.perf_counter()
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=nowhere, stderr=nowhere)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        raise subprocess.CalledProcessError(process.returncode, command)
    return Timing(
        time.perf_counter() - start_s,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss * MB,
    )


def analyze(clip: Path, out: Path, options: Sequence[str] = ("--no-video",)) -> Timing:
    """Measure a clip with ``balance analyze``."""
    return python("balance", "analyze", clip, "--out", out, "--quiet", *options)


def plain_loop(clip: Path) -> Timing:
    """Go through a clip with everybody's loop."""
    return python("benchmarks.plain_loop", clip)


def own_inference_cpu_s(clip: Path) -> float:
    """Return the processor time of our network over a clip, for its share of ours."""
    command = [sys.executable, "-m", "benchmarks.plain_loop", str(clip), "--own"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def app_start_s() -> float | None:
    """Seconds until the app answers on its port; None where it does not."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "balance", "app", "--no-browser"]
    nowhere, start_s = subprocess.DEVNULL, time.perf_counter()
    process = subprocess.Popen(
        [*command, "--port", str(port)], stdout=nowhere, stderr=nowhere
    )
    try:
        while time.perf_counter() - start_s < APP_WAIT_S and process.poll() is None:
            try:
                urllib.request.urlopen(f"http://localhost:{port}/_stcore/health")
            except OSError:
                time.sleep(0.1)
            else:
                return time.perf_counter() - start_s
        return None
    finally:
        process.terminate()
        process.wait()
