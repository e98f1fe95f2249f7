"""A video that is uploaded in a real Chromium goes to the disk and is measured."""

import os

import pytest

from tests.browser.conftest import settled

pytestmark = pytest.mark.browser

SIZE = 60_000_000


def test_an_upload_lies_on_the_disk_and_not_in_memory(browse, server, tmp_path) -> None:
    video = tmp_path / "large.mp4"
    video.write_bytes(os.urandom(SIZE))
    page = browse(None)
    page.goto(f"{server.url}/analyse")
    settled(page)
    arriving = server.folder / "app" / "arriving"
    others = set(arriving.iterdir())  # of other tests
    before = resident(server.process.pid)
    page.locator("input[type=file]").set_input_files(video)
    page.get_by_role("button", name="Measure", exact=True).wait_for()
    page.wait_for_function(
        "[...document.querySelectorAll('button')]"
        ".some(b => b.innerText.trim() === 'Measure' && !b.disabled)",
        timeout=120_000,
    )
    (kept,) = (path for path in set(arriving.iterdir()) - others if path.is_file())
    assert kept.read_bytes() == video.read_bytes()
    assert resident(server.process.pid) - before < SIZE / 2
    page.get_by_role("button", name="Measure", exact=True).click()
    page.get_by_text("large.mp4 is not a video").wait_for(timeout=120_000)
    assert page.errors == []


def resident(pid: int) -> int:
    """Bytes of memory that a process holds."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
