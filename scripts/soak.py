"""Long runs with their memory: ``soak.py webcam``, ``soak.py video``.

``webcam`` answers a live test at 30 frames a second for some minutes, over a real
socket, and sends a large video to the same server meanwhile; ``video`` measures a
video of 1080p with the real command. Both print a curve of the memory that the
program holds (with its children), and fail where it grows.

    python scripts/soak.py webcam --minutes 30 --upload-mb 1900
    python scripts/soak.py video --minutes 20
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

RATE_HZ = 30.0
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20
# Of memory, from the first to the last quarter of a run; and of the slowest
# answers in a hundred, in seconds: a cue that comes later is late.
MOST_GROWTH_MB = 60.0
MOST_LATENCY_S = 0.25


def memory_mb(pid: int) -> float:
    """Return what a process and its children hold."""
    try:
        held = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_MB
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        children = [int(one) for task in tasks for one in task.read_text().split()]
    except (OSError, ValueError):
        return 0.0
    return held + sum(map(memory_mb, children))


def say_curve(curve_mb: list[float], every_s: float) -> bool:
    """Print the memory over time; return whether it stays flat."""
    marks = np.linspace(0, len(curve_mb) - 1, min(12, len(curve_mb))).astype(int)
    for mark in marks:
        held = curve_mb[mark]
        print(f"{mark * every_s / 60:6.1f} min {held:7.0f} MB {'#' * round(held / 20)}")
    quarter = max(1, len(curve_mb) // 4)
    # What is loaded once is loaded in the first eighth.
    early = curve_mb[quarter // 2 : quarter // 2 + quarter]
    grown = float(np.median(curve_mb[-quarter:]) - np.median(early))
    print(f"grown by {grown:.0f} MB, at most {max(curve_mb):.0f} MB")
    return grown < MOST_GROWTH_MB


# -- webcam ----------------------------------------------------------------------


def serve() -> None:
    """Answer as the app does, for one page whose secret is printed."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from balance.app.guard import Guard
    from balance.app.uploads import ToDisk
    from balance.app.webcam.live_session import LIVE_SESSIONS
    from balance.app.webcam.routes import webcam_routes
    from balance.live import LivePlan

    async def keep(request: Request) -> Response:
        """Stand in for Streamlit, which keeps the name of an upload."""
        await request.body()
        return Response(status_code=204)

    place = "/_stcore/upload_file/{tab}/{file}"
    routes = [*webcam_routes(), Route(place, keep, methods=["PUT"])]
    app = Starlette(routes=routes, middleware=[Middleware(Guard), Middleware(ToDisk)])
    session = LIVE_SESSIONS.open()
    session.begin(LivePlan(countdown_s=3.0))
    port = free_port()
    print(json.dumps({"sid": session.sid, "port": port}), flush=True)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def talk(told: dict, frames: int) -> list[float]:
    """Send frames at the rate of a camera; return how long each answer took (s)."""
    import websockets

    place = f"ws://localhost:{told['port']}/balance/webcam/live?sid={told['sid']}"
    took_s, heard = [], 0
    async with websockets.connect(place, max_size=None) as line:
        began_s = time.monotonic()
        for number in range(frames):
            await asyncio.sleep(max(0, began_s + number / RATE_HZ - time.monotonic()))
            sent_s = time.monotonic()
            message = {"frames": [frame(number)], "heard": heard}
            if number % int(60 * RATE_HZ) == 0:
                message["press"], heard = "again", 0
            await line.send(json.dumps(message))
            answer = json.loads(await line.recv())
            heard += len(answer["events"])
            took_s.append(time.monotonic() - sent_s)
    return took_s


def frame(number: int) -> dict:
    """Return landmarks of somebody who sways a little, as the browser sends them."""
    import base64

    from balance.app.webcam.wire import STEPS

    xy = np.linspace([0.45, 0.1], [0.55, 0.9], 33)
    xy[:, 0] += 0.005 * np.sin(number / RATE_HZ)
    packed = base64.b64encode(np.rint(xy * STEPS).astype("<i2").tobytes()).decode()
    return {"q": number, "t": 1000 * number / RATE_HZ, "s": [640, 480], "l": packed}


async def upload(told: dict, size_mb: int, after_s: float) -> tuple[float, float]:
    """Send a video as a browser sends a form; return when it began and ended (s)."""
    await asyncio.sleep(after_s)
    head = b'--b\r\ncontent-disposition: form-data; name="f"; filename="f"\r\n\r\n'
    tail, block = b"\r\n--b--\r\n", os.urandom(2**20)
    length = len(head) + size_mb * len(block) + len(tail)
    reader, writer = await asyncio.open_connection("localhost", told["port"])
    began_s = time.monotonic()
    writer.write(
        b"PUT /_stcore/upload_file/tab/file HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: multipart/form-data; boundary=b\r\nConnection: close\r\n"
        b"Content-Length: %d\r\n\r\n" % length + head
    )
    for _ in range(size_mb):
        writer.write(block)
        await writer.drain()
    writer.write(tail)
    await writer.drain()
    status = (await reader.readline()).split()[1]
    if status != b"204":
        raise SystemExit(f"the upload was refused: {status!r}")
    writer.close()
    return began_s, time.monotonic()


async def watch(pid: int, every_s: float, curve_mb: list[float]) -> None:
    """Note the memory now and then."""
    while True:
        curve_mb.append(memory_mb(pid))
        await asyncio.sleep(every_s)


async def webcam(minutes: float, upload_mb: int) -> bool:
    """Run a live test, the second half with an upload beside it."""
    command = [sys.executable, __file__, "serve"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert server.stdout is not None
        told = json.loads(server.stdout.readline())
        while True:
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", told["port"])) == 0:
                    break
            await asyncio.sleep(0.1)
        every_s, curve_mb = max(1.0, minutes), []
        watching = asyncio.create_task(watch(server.pid, every_s, curve_mb))
        sending = asyncio.create_task(upload(told, upload_mb, minutes * 30))
        began_s = time.monotonic()
        took_s = np.array(await talk(told, int(minutes * 60 * RATE_HZ)))
        start_s, end_s = await sending
        watching.cancel()
    finally:
        server.terminate()
        server.wait()
    sent_s = began_s + np.arange(len(took_s)) / RATE_HZ
    beside = (sent_s >= start_s) & (sent_s <= end_s)
    print(f"{len(took_s)} frames; {upload_mb} MB came in {end_s - start_s:.1f} s")
    for name, part in (("alone", took_s[~beside]), ("beside it", took_s[beside])):
        if len(part):
            ms = 1000 * np.percentile(part, [50, 95, 99])
            print(f"answers {name}: {ms[0]:.1f} ms, 95 % {ms[1]:.1f}, 99 % {ms[2]:.1f}")
    late = float(np.percentile(took_s[beside], 99)) if beside.any() else 0.0
    return say_curve(curve_mb, every_s) and late < MOST_LATENCY_S


# -- video -----------------------------------------------------------------------


def long_video(path: Path, minutes: float) -> None:
    """Write somebody at 1080p, to and fro, for so long."""
    import cv2

    from balance.video.samples import sample_videos
    from balance.video.video import read_video
    from balance.video.video_writer import VideoWriter

    short = [f.rgb for f in read_video(sample_videos()[0], to_s=2.0)]
    large = [cv2.resize(rgb, (1440, 1080)) for rgb in short]
    there_and_back = [*large, *large[-2:0:-1]]
    with VideoWriter(path, (1440, 1080), RATE_HZ) as video:
        for number in range(int(minutes * 60 * RATE_HZ)):
            rgb = there_and_back[number % len(there_and_back)]
            video.write(rgb, number / RATE_HZ)


def frames_of(command: list[str]) -> Iterator[float]:
    """Run a command; yield its memory every second until it ends."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as child:
        while child.poll() is None:
            yield memory_mb(child.pid)
            time.sleep(1.0)
    if child.returncode not in (0, 3):
        raise SystemExit(f"the command ended with {child.returncode}")


def video(minutes: float) -> bool:
    """Measure a long video with the real command."""
    with tempfile.TemporaryDirectory() as place:
        video = Path(place) / "video.mp4"
        long_video(video, minutes)
        print(f"{minutes:g} min of 1080p, {video.stat().st_size / 2**20:.0f} MB")
        command = [sys.executable, "-m", "balance", "analyze", str(video)]
        return say_curve(list(frames_of([*command, "--out", place, "--quiet"])), 1.0)


def main() -> int:
    """Run what was asked for; 1 where memory grows or answers come late."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["webcam", "video", "serve"])
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--upload-mb", type=int, default=300)
    told = parser.parse_args()
    if told.what == "serve":
        serve()
        return 0
    with tempfile.TemporaryDirectory() as place:
        os.environ["BALANCE_STORE"] = str(Path(place) / "history.db")
        if told.what == "webcam":
            flat = asyncio.run(webcam(told.minutes, told.upload_mb))
        else:
            flat = video(told.minutes)
    return 0 if flat else 1


if __name__ == "__main__":
    raise SystemExit(main())
