"""One command out, one command back, on a file or a server."""

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from stored_results import assessment_of, recording_of, squats, stance

from balance.analysis.judging.overruling import Correction
from balance.history import Store, open_store, zips
from balance.history.backup import restore_backup, write_backup
from balance.history.overrules import overrule_stored
from balance.history.people import PersonRecord, add_person, list_people
from balance.history.recordings import load_landmarks, load_recordings, save_recording
from balance.model.errors import OutputError, StoreError


@pytest.fixture
def backup(store: Store, a7: str, tmp_path: Path) -> Path:
    video = tmp_path / "v.mp4"
    video.write_bytes(b"video")
    key = save_recording(
        store, a7, assessment_of(stance(), squats()), recording_of(), video=video
    )
    overrule_stored(store, key, Correction.of_text(1, "side", "right", "B"))
    return write_backup(store, tmp_path / "out" / "all.balance-backup")


def test_a_restored_history_equals_the_one_backed_up(
    store: Store, other_store: Store, a7: str, backup: Path
) -> None:
    assert restore_backup(other_store, backup) == 1
    [before], [after] = load_recordings(store, a7), load_recordings(other_store, a7)
    assert before.video is not None
    assert after.video is not None
    assert after.video.read_bytes() == b"video"
    assert (after.key, after.assessment, after.original) == (
        before.key, before.assessment, before.original,
    )  # fmt: skip
    assert list_people(store) == list_people(other_store)
    assert load_landmarks(other_store, after.key) is not None


def test_a_file_can_be_restored_into_a_server_and_back(
    place: str, store: Store, other_store: Store, tmp_path: Path
) -> None:
    add_person(other_store, PersonRecord("Z1", consent_at="2026-01-01"))
    save_recording(other_store, "Z1", assessment_of(squats()))
    file = write_backup(other_store, tmp_path / "z.backup")
    assert restore_backup(store, file) == 1
    assert load_recordings(store, "Z1")[0].assessment == assessment_of(squats())
    save_recording(store, "Z1", assessment_of(stance()))


def test_people_are_not_overwritten_unasked(
    other_store: Store, a7: str, backup: Path
) -> None:
    add_person(other_store, PersonRecord("B1", consent_at="2026-01-01"))
    with pytest.raises(StoreError, match="already holds people"):
        restore_backup(other_store, backup)
    assert restore_backup(other_store, backup, replace=True) == 1
    assert [person.code for person in list_people(other_store)] == [a7]


def test_a_damaged_backup_changes_nothing(
    other_store: Store, backup: Path, tmp_path: Path
) -> None:
    add_person(other_store, PersonRecord("B1", consent_at="2026-01-01"))
    whole = backup.read_bytes()
    broken = tmp_path / "broken"
    for content in (b"", b"no zip", whole[: len(whole) // 2]):
        broken.write_bytes(content)
        with pytest.raises(StoreError, match="broken"):
            restore_backup(other_store, broken, replace=True)
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("other.txt", "x")
    with pytest.raises(StoreError, match="not a backup"):
        restore_backup(other_store, broken, replace=True)
    assert [person.code for person in list_people(other_store)] == ["B1"]


def test_a_path_inside_a_backup_leads_nowhere(
    other_store: Store, backup: Path, tmp_path: Path
) -> None:
    link = zipfile.ZipInfo(f"videos/{'0' * 32}.mp4")
    link.external_attr = 0o120777 << 16  # a symbolic link, and nobody's video
    with zipfile.ZipFile(backup, "a") as archive:
        for name in (
            "../escaped.txt", "videos/../../escaped.mp4", f"{tmp_path}/escaped.mp4",
            "C:\\escaped.mp4", "videos/C:escaped.mp4", "videos/..\\escaped.mp4",
            "videos/..", "videos/.", "videos/", "videos/" + "a" * 300,
        ):  # fmt: skip
            archive.writestr(name, "x")
        archive.writestr(link, "/etc/passwd")
    restore_backup(other_store, backup)
    assert not list(tmp_path.parent.rglob("*escaped*"))
    folder = other_store.location.video_folder
    assert [path.name for path in folder.iterdir()] == [
        path.name.removeprefix("videos/")
        for path in map(Path, zipfile.ZipFile(backup).namelist()[1:2])
    ]


def with_database(backup: Path, *commands: str) -> Path:
    """Return a backup whose database was changed by hand."""
    target = backup.with_name("changed")
    file = backup.with_name("changed.sqlite3")
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(target, "w") as new:
        file.write_bytes(old.read("history.sqlite3"))
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            for command in commands:
                connection.execute(command)
        new.write(file, "history.sqlite3")
    return target


@pytest.mark.parametrize(
    ("said", "commands"),
    [
        ("on_day", ["UPDATE visit SET on_day = 'yesterday'"]),
        ("on_day", ["UPDATE visit SET on_day = x'00ff'"]),
        ("not JSON", ["UPDATE recording SET assessment = '[['"]),
        ("height_mm", ["UPDATE person SET height_mm = -5"]),
        ("height_mm", ["UPDATE person SET height_mm = 'tall'"]),
        ("code", ["UPDATE person SET code = '../../x'"]),
        ("video_name", ["UPDATE recording SET video_name = '../../x.mp4'"]),
        ("newer version", ["UPDATE alembic_version SET version_num = 'r9999'"]),
        ("no table trial", ["DROP TABLE trial"]),
        ("damaged", ["PRAGMA foreign_keys = off", "DELETE FROM visit"]),
        ("more than tables", [
            "CREATE TRIGGER t AFTER INSERT ON visit BEGIN SELECT 1; END"]),
        ("more than tables", [
            "ALTER TABLE person RENAME TO other",
            "CREATE VIEW person AS WITH RECURSIVE n(x) AS "
            "(SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS id FROM n"]),
    ],
)  # fmt: skip
def test_no_row_of_a_backup_is_trusted(
    other_store: Store, backup: Path, said: str, commands: list[str]
) -> None:
    """What no page could show is said of the backup, before anything is changed."""
    add_person(other_store, PersonRecord("B1", consent_at="2026-01-01"))
    with pytest.raises(StoreError, match=f"changed was not restored.*{said}"):
        restore_backup(other_store, with_database(backup, *commands), replace=True)
    assert [person.code for person in list_people(other_store)] == ["B1"]


def test_a_backup_that_unpacks_without_end_is_refused(
    other_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member far larger than its bytes; many that are modest each, and not all."""
    monkeypatch.setattr(zips, "LARGEST_SMALL", 10**6)
    for sizes in ([10**7], [9 * 10**5] * 20):
        with zipfile.ZipFile(tmp_path / "bomb", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("history.sqlite3", b"x")
            for number, size in enumerate(sizes):
                archive.writestr(f"videos/{number:032x}.mp4", bytes(size))
        with pytest.raises(StoreError, match="would unpack without end"):
            restore_backup(other_store, tmp_path / "bomb")


def test_a_missing_file_and_a_bad_target_are_sentences(
    store: Store, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match="cannot read gone"):
        restore_backup(store, tmp_path / "gone")
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot write"):
        write_backup(store, tmp_path / "file" / "b.zip")


def test_a_backup_leaves_no_scratch_behind(backup: Path) -> None:
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]


def test_an_older_backup_is_migrated(tmp_path: Path, other_store: Store) -> None:
    from old_store import make_store_of

    file = tmp_path / "history.sqlite3"
    make_store_of("r0001", f"sqlite:///{file}")
    backup = tmp_path / "old.zip"
    with zipfile.ZipFile(backup, "w") as archive:
        archive.write(file, "history.sqlite3")
    assert restore_backup(other_store, backup) == 1
    with open_store(other_store.location.file) as again:
        assert [person.code for person in list_people(again)] == ["OLD-1"]
