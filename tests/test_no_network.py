"""Analysing a video opens no network connection: told by its system calls.

Set BALANCE_PYTHON to another interpreter to see the test fail, for instance one with
mediapipe 0.10.35, which looks up a logging host.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from balance.video.samples import sample_videos

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace"),
]

ROOT = Path(__file__).parents[1]
PYTHON = os.environ.get("BALANCE_PYTHON", sys.executable)
TRACK = """
import sys
from balance.model.results import Options
from balance.tracking.tracking import track_video
from pathlib import Path
tracked = track_video(Path(sys.argv[1]), Options(to_s=0.5))
assert len(tracked.pose) > 10
"""
LOOK_UP = """
import socket
try:
    socket.getaddrinfo("example.invalid", 80)
except OSError:
    pass
"""
# A socket of the internet family, or anything sent to an internet address.
INTERNET = re.compile(r"\bAF_INET6?\b")


def internet_calls(command: list[str], log: Path) -> list[str]:
    """Run a command and list its system calls that concern the internet."""
    trace = ["strace", "-f", "-qq", "-e", "trace=network", "-o", str(log)]
    done = subprocess.run(
        [*trace, *command], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    return [line for line in log.read_text().splitlines() if INTERNET.search(line)]


def test_tracking_opens_no_connection(tmp_path: Path) -> None:
    clip = str(sample_videos()[0])
    assert internet_calls([PYTHON, "-c", TRACK, clip], tmp_path / "log") == []


def test_the_analyze_command_opens_no_connection(tmp_path: Path) -> None:
    command = [PYTHON, "-m", "balance", "analyze", str(sample_videos()[-1])]
    command += ["--to", "4", "--out", str(tmp_path / "out"), "--no-video"]
    assert internet_calls(command, tmp_path / "log") == []


def test_the_trace_sees_a_connection(tmp_path: Path) -> None:
    """The check itself can fail."""
    assert internet_calls([PYTHON, "-c", LOOK_UP], tmp_path / "log") != []
