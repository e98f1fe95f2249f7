"""Take the screenshots of the documentation: start page, test view, and a report page.

    python scripts/take_screenshots.py [REPORT.html]

Needs Chromium and a checkout with the [test] extra. The person in them is rendered;
the report is one that ``balance demo`` wrote, without one its screenshot stays as
it is. Each screenshot is less than 200 kB.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from tests.browser.clips import CLIPS, write_mjpeg  # noqa: E402
from tests.browser.conftest import CHROMIUM, FLAGS, Server, settled  # noqa: E402
from tests.browser.test_webcam import to_the_camera, wait_for_phase  # noqa: E402

LARGEST_BYTES = 200_000
COLOURS = 128
CLIP = "stand"


def report_page(playwright: Any, report: Path, target: Path) -> None:
    """Keep the upper part of a report as the screen shows it."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    page = browser.new_page(viewport={"width": 1000, "height": 1150})
    page.goto(report.resolve().as_uri())
    page.wait_for_timeout(1000)
    page.screenshot(path=target)
    browser.close()


def start_page(playwright: Any, server: Server, target: Path) -> None:
    """Keep the app's start page."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    page = browser.new_page(viewport={"width": 1100, "height": 800})
    page.goto(server.url)
    page.get_by_role("button", name="Test myself").wait_for()
    settled(page)
    page.wait_for_timeout(1500)
    page.screenshot(path=target)
    browser.close()


def test_view(playwright: Any, server: Server, video: Path, target: Path) -> None:
    """Keep the test view while the seconds of a stand are counted."""
    flags = [
        *FLAGS,
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={video}",
    ]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
    page = browser.new_page(viewport={"width": 1100, "height": 800})
    page.set_default_timeout(300_000)
    to_the_camera(page, server)
    wait_for_phase(page, "running", timeout_s=300)
    page.wait_for_timeout(4000)
    page.screenshot(path=target)
    browser.close()


def make_small(path: Path) -> None:
    """Store a screenshot with few colours, so that it stays small in the repository."""
    from PIL import Image

    with Image.open(path) as image:
        few = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    assert path.stat().st_size < LARGEST_BYTES, f"{path.name} is too large"


def main(report: Path | None, folder: Path = ROOT / "docs" / "images") -> None:
    """Take all screenshots."""
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        if report is not None:
            report_page(playwright, report, folder / "report.png")
            make_small(folder / "report.png")
        video = write_mjpeg(Path(scratch) / "camera.mjpeg", CLIPS[CLIP]())
        server = Server(Path(scratch))
        try:
            start_page(playwright, server, folder / "start.png")
            test_view(playwright, server, video, folder / "test_view.png")
        finally:
            server.stop()
        make_small(folder / "start.png")
        make_small(folder / "test_view.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else None)
