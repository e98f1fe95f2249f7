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


def internet_calls(
    command: list[str], log: Path, env: dict[str, str] | None = None
) -> list[str]:
    """Run a command and list its system calls that concern the internet."""
    trace = ["strace", "-f", "-qq", "-e", "trace=network", "-o", str(log)]
    done = subprocess.run(
        [*trace, *command],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return [line for line in log.read_text().splitlines() if INTERNET.search(line)]


def test_tracking_opens_no_connection(tmp_path: Path) -> None:
    clip = str(sample_videos()[0])
    assert internet_calls([PYTHON, "-c", TRACK, clip], tmp_path / "log") == []


NAMES = """
import os, shutil, sys
from balance.model.errors import BalanceError
from balance.video.video import probe, read_video
here = "127.0.0.1:9"
forms = ["tcp:" + here, "udp:" + here, "http:x.mp4", f"http://{here}/a.mp4",
    f"https://{here}/a.mp4", f"rtmp://{here}/a", f"rtsp://{here}/a", f"rtp://{here}",
    f"tls:{here}", f"srt://{here}", f"ftp://{here}/a.mp4", f"gopher://{here}",
    "concat:a.mp4|b.mp4", "subfile:,,start,0,end,9,,:a.mp4", "crypto:a.mp4",
    f"hls+http://{here}/a.m3u8", f"ffrtmphttp://{here}", f"async:http://{here}",
    f"cache:http://{here}", "data:video/mp4;base64,AAAA", "pipe:0", "fd:0",
    f"//{here}/a.mp4", "lavfi:testsrc", "/dev/video0"]
url = f"http://{here}/a.mp4"
lists = {
    "a.m3u8": f"#EXTM3U\\n#EXT-X-TARGETDURATION:1\\n#EXTINF:1,\\n{url}\\n",
    "b.mp4": f"#EXTM3U\\n#EXT-X-TARGETDURATION:1\\n#EXTINF:1,\\n{url}\\n",
    "c.mp4": f"ffconcat version 1.0\\nfile '{url}'\\n",
    "d.sdp": "v=0\\no=- 0 0 IN IP4 127.0.0.1\\ns=x\\nc=IN IP4 127.0.0.1\\nt=0 0\\n"
             "m=video 5004 RTP/AVP 96\\n",
    "e.mpd": f"<MPD><Period><BaseURL>{url}</BaseURL></Period></MPD>",
    "f.mp4": f"[playlist]\\nFile1={url}\\n",
}
os.chdir(sys.argv[2])
for name, text in lists.items():
    open(name, "w").write(text)
refused = 0
for name in [*forms, *lists]:
    for way in (probe, lambda n: list(read_video(n, to_s=0.2))):
        try:
            way(name)
        except BalanceError:
            refused += 1
assert refused == 2 * len([*forms, *lists]), refused
whole = 0
for form in ("tcp:x.mp4", "http:x.mp4", "concat:a|b.mp4", "pipe:0.mp4", "12:30.mp4"):
    shutil.copy(sys.argv[1], form)
    whole += probe(form).width_px > 0 and len(list(read_video(form, to_s=0.2))) > 3
assert whole == 5
"""


def test_no_form_of_a_name_opens_a_connection(tmp_path: Path) -> None:
    """Addresses are files that are not there; lists of addresses are no videos."""
    clip = str(sample_videos()[0])
    command = [PYTHON, "-c", NAMES, clip, str(tmp_path)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert internet_calls(command, tmp_path / "log", env) == []


def test_the_analyze_command_opens_no_connection(tmp_path: Path) -> None:
    command = [PYTHON, "-m", "balance", "analyze", str(sample_videos()[-1])]
    command += ["--to", "4", "--out", str(tmp_path / "out")]
    assert internet_calls(command, tmp_path / "log") == []


def test_the_trace_sees_a_connection(tmp_path: Path) -> None:
    """The check itself can fail."""
    assert internet_calls([PYTHON, "-c", LOOK_UP], tmp_path / "log") != []
