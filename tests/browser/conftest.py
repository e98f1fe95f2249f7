"""A real server, a real Chromium, a fake camera that plays a rendered person."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.clips import CLIPS, write_mjpeg
from tests.kept_results import keep_visit

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
IMAGES = ROOT / "artefacts" / "screenshots"
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
]
REMEMBER_TRACKS = """
window.tracks = [];
window.recorded = [];
const Recorder = window.MediaRecorder;
if (Recorder) {
  window.MediaRecorder = class extends Recorder {
    constructor(stream, how) {
      super(stream, how);
      window.recorded.push(this.videoBitsPerSecond);
    }
  };
}
const devices = navigator.mediaDevices;
if (devices) {
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (wanted) => {
    const stream = await open(wanted);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
}
"""


# What stands in the working folder, or in the environment, of whoever starts the app.
FOREIGN = """[server]
enableCORS = false
enableXsrfProtection = false
enableStaticServing = true
corsAllowedOrigins = ["*", "http://page.example"]
allowedHosts = ["*"]
cookieSecret = "known"
[client]
allowedOrigins = ["http://page.example"]
showErrorDetails = "full"
[browser]
gatherUsageStats = true
[global]
developmentMode = false
unitTest = true
"""


class Server:
    """The app as its user starts it, in a folder with a foreign config file."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.environment = environment
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        (folder / ".streamlit").mkdir()
        (folder / ".streamlit" / "config.toml").write_text(FOREIGN)
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "balance", "app", "--no-browser"]
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)],
            cwd=self.folder,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "STREAMLIT_SERVER_ENABLE_CORS": "false",
                "TMPDIR": str(self.folder),
                "BALANCE_STORE": str(self.folder / "history.db"),
                **self.environment,
            },
        )
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2).close()
            except OSError:
                time.sleep(0.2)
            else:
                return
        raise AssertionError("the app did not start")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("server"))
    yield started
    started.stop()


@pytest.fixture(scope="session")
def camera(tmp_path_factory):
    """Path of a fake-camera video, made once a session, or once where they are kept."""
    kept = os.environ.get("CAMERA_FILMS")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("camera")

    def video(name: str) -> Path:
        path = folder / f"{name}.mjpeg"
        return path if path.exists() else write_mjpeg(path, CLIPS[name]())

    return video


@pytest.fixture
def browse(server, camera):
    """Open a page whose camera plays a clip; no request of it may leave the machine."""
    from playwright.sync_api import sync_playwright

    if not Path(CHROMIUM).exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    with sync_playwright() as playwright:
        opened, visited = [], []

        def page(clip: str | None = "stand", *, allow: bool = True, **context):
            flags = [*FLAGS]
            flags.append(
                "--use-fake-ui-for-media-stream"
                if allow
                else "--deny-permission-prompts"
            )
            if clip:
                flags.append(f"--use-file-for-fake-video-capture={camera(clip)}")
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
            opened.append(browser)
            context.setdefault("viewport", {"width": 1200, "height": 900})
            made = browser.new_context(**context).new_page()
            made.set_default_timeout(120_000)
            made.add_init_script(REMEMBER_TRACKS)
            made.outside, made.errors = [], []
            here = (server.url, server.url.replace("http", "ws"), "blob:", "data:")
            made.on(
                "request",
                lambda r: (
                    None if r.url.startswith(here) else made.outside.append(r.url)
                ),
            )
            made.on("pageerror", lambda e: made.errors.append(str(e)))
            visited.append(made)
            made.goto(server.url)
            return made

        yield page
        for browser in opened:
            browser.close()
    assert [made.outside for made in visited if made.outside] == []


@pytest.fixture
def figures(record_property):
    """Note a line of measured figures; the run prints them all at its end."""
    return lambda line: record_property("figures", line)


def pytest_terminal_summary(terminalreporter) -> None:
    lines = [
        line
        for report in terminalreporter.stats.get("passed", [])
        for name, line in report.user_properties
        if name == "figures"
    ]
    if lines:
        terminalreporter.section("measured in the browser")
        terminalreporter.write_line("\n".join(lines))


def answered(page, server: Server) -> None:
    """Let a page belong to a new visit of its own, at which all was answered."""
    token = secrets.token_hex(8)
    keep_visit(server.folder / "app" / "here", token)
    cookie = {"name": "balance_visit", "value": token, "url": server.url}
    page.context.clear_cookies()
    page.context.add_cookies([cookie])


def settled(page) -> None:
    """Wait until the page is drawn to its end; what is pressed before may be lost."""
    page.locator(".stApp[data-test-script-state=notRunning]").wait_for()


def image(page, name: str) -> None:
    """Keep a screenshot where git does not look."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=IMAGES / f"{name}.png", full_page=True)
