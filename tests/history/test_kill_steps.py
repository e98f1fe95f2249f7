"""Killed at any moment of a backup, a restore or an import: nothing lost or half."""

import os
import random
import signal
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from stored_results import assessment_of, recording_of, squats, stance

from balance.history import Store, open_store
from balance.history.archive import export_person, import_person
from balance.history.backup import restore_backup, write_backup
from balance.history.people import PersonRecord, add_person, list_people
from balance.history.recordings import load_landmarks, load_recordings, save_recording

pytestmark = pytest.mark.slow

KILLS = 8
DAY = date(2026, 1, 2)
AGREED = {"consent_at": "2026-01-01"}


def killed(step: Callable[[], object], after_s: float) -> bool:
    """Do a step in a child and kill it; return whether it ended before that."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            step()
            status = 0
        finally:
            os._exit(status)
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status):
        assert os.WEXITSTATUS(status) == 0, "the step failed by itself"
    return os.WIFEXITED(status)


@pytest.fixture
def source(tmp_path: Path) -> Store:
    """A history with two people, landmarks and videos."""
    film = tmp_path / "v.mp4"
    film.write_bytes(os.urandom(300_000))
    with open_store(tmp_path / "source" / "history.sqlite3") as store:
        for code in ("A7", "B2"):
            add_person(store, PersonRecord(code, **AGREED))
            for number in range(4):
                told = assessment_of(stance("left", 10.0 + number), squats())
                save_recording(store, code, told, recording_of(200), on=DAY, video=film)
        return store


def check(place: str) -> list[str]:
    """Everything that is there is whole; return the codes."""
    with open_store(place) as store:
        codes = [one.code for one in list_people(store)]
        for code in codes:
            for kept in load_recordings(store, code):
                assert load_landmarks(store, kept.key) is not None
                if code != "OLD":
                    assert kept.video is not None
                    assert kept.video.stat().st_size == 300_000
    return codes


def fresh(place: str) -> None:
    with open_store(place) as store:
        if not list_people(store):
            add_person(store, PersonRecord("OLD", **AGREED))
            save_recording(store, "OLD", assessment_of(stance()), recording_of(30))


def rounds(step: Callable[[], object], see: Callable[[], None]) -> None:
    began_s = time.monotonic()
    rng = random.Random(20261128)
    ended = 0
    for _ in range(KILLS):
        ended += killed(step, rng.uniform(0.0, 0.6))
        see()
    print(f"{KILLS} kills, {ended} had ended, {time.monotonic() - began_s:.0f} s")


def test_restore_with_replace(place: str, source: Store, tmp_path: Path) -> None:
    backup = write_backup(source, tmp_path / "all.zip")
    fresh(place)

    def restore() -> None:
        with open_store(place) as store:
            restore_backup(store, backup, replace=True)

    def see() -> None:
        assert check(place) in (["OLD"], ["A7", "B2"])

    rounds(restore, see)
    restore()
    assert check(place) == ["A7", "B2"]


def test_import(place: str, source: Store, tmp_path: Path) -> None:
    archive = export_person(source, "A7", tmp_path / "a7.zip")
    fresh(place)

    def take_in() -> None:
        with open_store(place) as store:
            if len(list_people(store)) == 1:
                import_person(store, archive)

    def see() -> None:
        assert check(place) in (["OLD"], ["A7", "OLD"])

    rounds(take_in, see)
    take_in()
    assert check(place) == ["A7", "OLD"]


def test_backup(source: Store, tmp_path: Path) -> None:
    target = tmp_path / "out" / "all.zip"
    target.parent.mkdir()
    target.write_bytes(b"the old one")
    whole = write_backup(source, tmp_path / "whole.zip").stat().st_size

    def see() -> None:
        size = target.stat().st_size
        assert size == len(b"the old one") or abs(size - whole) < whole / 10

    rounds(lambda: write_backup(source, target), see)
    write_backup(source, target)
    # What the dead left is swept by the next one.
    assert [path.name for path in target.parent.iterdir()] == ["all.zip"]
