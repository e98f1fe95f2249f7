"""A page as PDF, printed by a headless Chromium where there is one."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from balance.model.errors import OutputError
from balance.model.publish import whole_file

_BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
_PATIENCE_S = 120.0


def find_browser() -> str | None:
    """Return the path of a Chromium or one of its kin, None where there is none."""
    found = (shutil.which(name) for name in _BROWSERS)
    return next((path for path in found if path), None)


def require_browser() -> str:
    """Return the browser that prints.

    Raises
    ------
    OutputError
        Where there is none, with what to do instead.
    """
    browser = find_browser()
    if browser is None:
        raise OutputError(
            "a PDF needs Chromium or Chrome, and none was found: install one, or open "
            "the HTML report in any browser and print it from there"
        )
    return browser


def print_pdf(page: str, path: str | Path) -> None:
    """Print an HTML page on A4, whole or not at all; nothing is fetched for it."""
    browser = require_browser()
    target = Path(path)
    with tempfile.TemporaryDirectory(prefix="balance-pdf-") as folder:
        source, printed = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_text(page, encoding="utf-8")
        _run(browser, Path(folder), source, printed)
        with whole_file(target) as part:
            shutil.copyfile(printed, part)


def _run(browser: str, folder: Path, source: Path, printed: Path) -> None:
    command = [
        browser,
        "--headless",
        "--disable-gpu",
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        "--no-first-run",
        f"--user-data-dir={folder / 'profile'}",
        "--no-pdf-header-footer",
        f"--print-to-pdf={printed}",
        source.as_uri(),
    ]
    # Chromium refuses its sandbox to root, as in a container.
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.insert(1, "--no-sandbox")
    try:
        subprocess.run(command, capture_output=True, timeout=_PATIENCE_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise OutputError(
            f"the PDF was not printed within {_PATIENCE_S:.0f} s"
        ) from error
    if not printed.exists():
        raise OutputError(
            f"{Path(browser).name} could not print the PDF; open the HTML report in a "
            "browser and print it from there"
        )
