"""Killed at each write of the history: nothing lost, nothing half.

On SQLite and, with the marker ``postgres``, on a real server.
"""

import os
import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from killing import killed_at_every_write, needs_strace
from stored_results import assessment_of, recording_of, squats, stance

from balance.history import Store, open_store
from balance.history.archive import export_person, import_person
from balance.history.backup import restore_backup, write_backup
from balance.history.deletion import forget_person, forget_recording
from balance.history.people import PersonRecord, add_person, list_people
from balance.history.recordings import load_landmarks, load_recordings, save_recording

pytestmark = [pytest.mark.slow, needs_strace]

DAY = date(2026, 1, 2)
AGREED = {"consent_at": "2026-01-01"}


@pytest.fixture
def source(tmp_path: Path) -> Store:
    """A history with two people, landmarks and videos."""
    video = tmp_path / "v.mp4"
    video.write_bytes(os.urandom(300_000))
    with open_store(tmp_path / "source" / "history.sqlite3") as store:
        for code in ("A7", "B2"):
            add_person(store, PersonRecord(code, **AGREED))
            for number in range(4):
                told = assessment_of(stance("left", 10.0 + number), squats())
                save_recording(
                    store, code, told, recording_of(200), on=DAY, video=video
                )
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


def test_restore_with_replace(place: str, source: Store, tmp_path: Path) -> None:
    backup = write_backup(source, tmp_path / "all.zip")
    fresh(place)

    def restore() -> None:
        with open_store(place) as store:
            restore_backup(store, backup, replace=True)

    def see() -> None:
        assert check(place) in (["OLD"], ["A7", "B2"])

    killed_at_every_write(restore, see, tmp_path)
    restore()
    assert check(place) == ["A7", "B2"]


def test_import(place: str, source: Store, tmp_path: Path) -> None:
    archive = export_person(source, "A7", tmp_path / "a7.zip")
    fresh(place)

    def take_in() -> None:
        with open_store(place) as store:
            if len(list_people(store)) == 2:
                forget_person(store, "A7")
            import_person(store, archive)

    def see() -> None:
        assert check(place) in (["OLD"], ["A7", "OLD"])

    killed_at_every_write(take_in, see, tmp_path)
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

    killed_at_every_write(lambda: write_backup(source, target), see, tmp_path)
    write_backup(source, target)
    # What the dead left is swept by the next one.
    assert [path.name for path in target.parent.iterdir()] == ["all.zip"]


def test_saving_and_deleting(place: str, tmp_path: Path) -> None:
    fresh(place)
    video = tmp_path / "v.mp4"
    video.write_bytes(os.urandom(100_000))
    told = assessment_of(stance("left", 12.0), squats())

    def save_and_delete() -> None:
        with open_store(place) as store:
            key = save_recording(store, "OLD", told, recording_of(60), video=video)
            forget_recording(store, key)

    def see() -> None:
        check(place)
        with open_store(place) as store:
            for kept in load_recordings(store, "OLD"):
                assert kept.video is None or kept.video.stat().st_size == 100_000
                assert len(kept.assessment.trials) == (1 if kept.video is None else 2)

    killed_at_every_write(save_and_delete, see, tmp_path)
