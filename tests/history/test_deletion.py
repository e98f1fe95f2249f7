"""What is deleted is gone: rows, free pages, the log, videos."""

import os
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select
from stored_results import assessment_of, recording_of, stance

from balance.analysis.judging.overruling import Correction
from balance.history import Store, schema
from balance.history.deletion import forget_person, forget_recording, purge
from balance.history.overrules import overrule_stored
from balance.history.people import PersonRecord, add_person, list_people
from balance.history.recordings import load_recordings, save_recording
from balance.history.self_reports import SelfReport, add_self_report
from balance.model.errors import StoreError

SECRET = "Secret-Name-Äöü-4711"


def fill(store: Store, code: str, video: Path | None = None) -> str:
    from datetime import date

    told = assessment_of(stance(), name=f"{SECRET}.mp4")
    key = save_recording(store, code, told, recording_of(), video=video)
    overrule_stored(store, key, Correction.of_text(1, "side", "right", SECRET))
    add_self_report(store, code, SelfReport(date(2026, 1, 1), notes=SECRET))
    return key


def bytes_on_disk(store: Store) -> bytes:
    """Everything in the folder of the history, log and shared memory included."""
    assert store.location.file is not None
    files = [path for path in store.location.file.parent.rglob("*") if path.is_file()]
    return b"".join(path.read_bytes() for path in files)


def rows(store: Store) -> dict[str, int]:
    with store.read() as connection:
        return {
            table.name: connection.execute(
                select(func.count()).select_from(table)
            ).scalar_one()
            for table in schema.metadata.sorted_tables
        }


def test_a_forgotten_person_leaves_no_row(store: Store, a7: str) -> None:
    add_person(store, PersonRecord("B1", consent_at="2026-01-01"))
    fill(store, a7)
    forget_person(store, "a7")
    assert [person.code for person in list_people(store)] == ["B1"]
    assert {name: count for name, count in rows(store).items() if count} == {
        "person": 1
    }


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_forgotten_person_leaves_no_byte_in_the_file(
    store: Store, tmp_path: Path
) -> None:
    video = tmp_path.parent / f"{tmp_path.name}.mp4"
    video.write_bytes(SECRET.encode() * 100)
    add_person(
        store, PersonRecord("A7", consent_at="2026-01-01", name=SECRET, notes=SECRET)
    )
    key = fill(store, "A7", video)
    found = bytes_on_disk(store)
    # The test must be able to fail: before, the name, the key and the video are there.
    assert SECRET.encode() in found
    assert key.encode() in found
    forget_person(store, "A7")
    left = bytes_on_disk(store)
    assert SECRET.encode() not in left
    assert key.encode() not in left
    assert not list(store.location.video_folder.iterdir())


def test_one_recording_can_be_forgotten(store: Store, a7: str) -> None:
    key = fill(store, a7)
    save_recording(store, a7, assessment_of(stance("right", 11.0)))
    forget_recording(store, key)
    assert [kept.key == key for kept in load_recordings(store, a7)] == [False]
    with pytest.raises(StoreError, match="no recording"):
        forget_recording(store, key)


def test_a_video_that_nothing_names_is_swept_after_an_hour(
    store: Store, a7: str
) -> None:
    folder = store.location.video_folder
    folder.mkdir(parents=True)
    old, fresh = folder / "old.mp4", folder / "fresh.mp4"
    for path in (old, fresh):
        path.write_bytes(b"x")
    os.utime(old, (1, 1))
    purge(store)
    assert list(folder.iterdir()) == [fresh]


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_reader_in_the_way_is_told_of(
    store: Store, a7: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("balance.history.deletion._CHECKPOINT_TRIES", 1)
    fill(store, a7)
    reading, done = threading.Event(), threading.Event()

    def read() -> None:
        with store.read() as connection:
            connection.execute(select(schema.person)).all()
            reading.set()
            done.wait(20)

    thread = threading.Thread(target=read)
    thread.start()
    reading.wait(20)
    try:
        with pytest.raises(StoreError, match="another window"):
            forget_person(store, a7)
    finally:
        done.set()
        thread.join()
    assert list_people(store) == []
    purge(store)
