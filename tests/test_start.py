"""Two projects share one import name: the command says so, and what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def overlaid(tmp_path: Path) -> Path:
    """Our package with files of the other one among them, as pip leaves them."""
    package = tmp_path / "balance"
    package.mkdir()
    for part in (ROOT / "balance").iterdir():
        if part.name not in ("__init__.py", "__pycache__"):
            (package / part.name).symlink_to(part)
    (package / "__init__.py").write_text((ROOT / "balance/__init__.py").read_text())
    (package / "sample_class.py").write_text("class Sample: ...\n")
    return package


def start(package: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "balance", "--version"],
        capture_output=True,
        text=True,
        cwd=package.parent,
        env={**os.environ, "PYTHONPATH": str(package.parent)},
        check=False,
    )


def test_alone_it_says_nothing() -> None:
    done = start(ROOT / "balance")
    assert (done.returncode, done.stderr) == (0, "")


def test_another_package_beside_it_is_told_and_the_command_works(overlaid) -> None:
    done = start(overlaid)
    assert done.returncode == 0
    assert done.stdout.startswith("balance ")
    assert "pip uninstall balance" in done.stderr


def test_another_package_over_it_is_told_in_one_sentence(overlaid) -> None:
    theirs = "from balance.sample_class import Sample\n__version__ = '0.23.0'\n"
    (overlaid / "__init__.py").write_text(theirs)
    done = start(overlaid)
    assert done.returncode == 2
    assert "installed over this tool, pose-balance" in done.stderr
    assert "Traceback" not in done.stderr
