"""The documentation does as it says: its commands run, its links lead somewhere."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
# A block of commands is run where this line stands above it; ``video`` needs minutes.
BLOCK = re.compile(r"<!-- run(: video)? -->\n```(sh|python)\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)")
# Made when the pages are built.
GENERATED = {"commands.md", "changelog.md", "contributing.md"}


def blocks(video: bool) -> list:
    """Blocks of all pages, of videos or not."""
    return [
        pytest.param(*found.group(2, 3), id=f"{page.name}-{number}")
        for page in PAGES
        for number, found in enumerate(BLOCK.finditer(page.read_text()), 1)
        if bool(found.group(1)) == video
    ]


def run(language: str, commands: str, folder: Path) -> None:
    """Run commands in a folder where ``balance`` is the one that is tested."""
    command = folder / "bin" / "balance"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m balance "$@"\n')
    command.chmod(0o755)
    bash = ["bash", "-euo", "pipefail", "-c"]
    done = subprocess.run(
        [*(bash if language == "sh" else [sys.executable, "-c"]), commands],
        cwd=folder,
        env={
            **os.environ,
            "PATH": f"{command.parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a reader has after the demo: results of one clip, and a video."""
    from balance.model.files import read_recording, write_assessment
    from balance.pipeline.analyze import assess_recording

    (tmp_path / "videos").mkdir()
    results = tmp_path / "results" / "stand_left"
    results.mkdir(parents=True)
    shutil.copy(ROOT / "tests/rendered/stand_left.npz", results / "landmarks.npz")
    assessment = assess_recording(read_recording(results / "landmarks.npz"))
    write_assessment(assessment, results / "assessment.json")
    for place in ("clip.mp4", "videos/clip.mp4"):
        shutil.copy(ROOT / "sample_videos/stand_left.mp4", tmp_path / place)
    return tmp_path


@pytest.mark.parametrize(("language", "commands"), blocks(video=False))
def test_commands_run_as_they_stand(language, commands, folder: Path) -> None:
    run(language, commands, folder)


@pytest.mark.slow
@pytest.mark.parametrize(("language", "commands"), blocks(video=True))
def test_commands_on_a_video_run_as_they_stand(language, commands, folder) -> None:
    run(language, commands, folder)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_images_are_there(page: Path) -> None:
    for target in LINK.findall(page.read_text()):
        assert target in GENERATED or (page.parent / target).exists(), target


def test_images_are_small() -> None:
    images = sorted((ROOT / "docs" / "images").glob("*"))
    assert images
    assert all(image.stat().st_size < 200_000 for image in images)


def test_the_readme_starts_with_the_demo_and_goes_on_with_the_tests() -> None:
    demo, tests = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    assert "balance demo" in demo
    assert "pytest" in tests


def test_the_version_is_told_in_one_way() -> None:
    from balance import __version__

    assert f"version: {__version__}\n" in (ROOT / "CITATION.cff").read_text()
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text()
