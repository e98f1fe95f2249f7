"""A disk that is full, at every point of every write: nothing lost, nothing half.

Each step is done on a small disk of its own (tmpfs) whose free room grows from none to
enough. Whatever fails says so in a sentence, and what was there is still there.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "history"))
from stored_results import assessment_of, recording_of, squats, stance

from balance.history import Store, open_store
from balance.history.archive import export_person, import_person
from balance.history.backup import restore_backup, write_backup
from balance.history.people import PersonRecord, add_person, list_people
from balance.history.recordings import load_recordings, save_recording
from balance.model.errors import BalanceError
from balance.model.files import write_assessment, write_recording, write_trials
from balance.model.result_folder import written_result

pytestmark = pytest.mark.slow

DISK_KB = 4096
ROOMS_KB = (0, 4, 8, 16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536)
DAY = date(2026, 1, 2)


@pytest.fixture(params=[DISK_KB], ids=["small"])
def disk(request: pytest.FixtureRequest) -> Iterator[Path]:
    # Not in a folder of pytest's, where a database's own user may not go.
    place = Path(tempfile.mkdtemp(prefix="balance-disk-"))
    size = ["-o", f"size={request.param}k"]
    mount = ["mount", "-t", "tmpfs", *size, "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        place.rmdir()
        pytest.skip("only root can make a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)
    place.rmdir()


def fill(disk: Path, room_kb: int) -> None:
    """Leave so much room on the disk."""
    ballast = disk / "ballast"
    ballast.unlink(missing_ok=True)
    found = os.statvfs(disk)
    free = found.f_bavail * found.f_frsize - room_kb * 1024
    # Others may have taken of it meanwhile: then it is as full as can be.
    with contextlib.suppress(OSError), ballast.open("wb") as file:
        file.write(bytes(max(0, free)))


def room_grows(
    disk: Path, step: Callable[[], object], check: Callable[[], None]
) -> int:
    """Try a step on an ever emptier disk; return how often it failed first."""
    failed = 0
    for room_kb in ROOMS_KB:
        fill(disk, room_kb)
        try:
            step()
        except BalanceError:
            failed += 1
            (disk / "ballast").unlink()
            check()
            assert not [p for p in disk.rglob(".balance-*")], "something half is left"
        else:
            (disk / "ballast").unlink()
            return failed
    raise AssertionError("it never succeeded")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Store]:
    """A history with two people and a video, on another disk."""
    video = tmp_path / "v.mp4"
    video.write_bytes(os.urandom(100_000))
    with open_store(tmp_path / "there" / "history.sqlite3") as store:
        for code in ("A7", "B2"):
            add_person(store, PersonRecord(code, consent_at="2026-01-01"))
            for number in range(3):
                told = assessment_of(stance("left", 10.0 + number), squats())
                save_recording(store, code, told, recording_of(60), on=DAY, video=video)
        yield store


def old_history(disk: Path) -> Path:
    place = disk / "history.sqlite3"
    with open_store(place) as store:
        add_person(store, PersonRecord("OLD", consent_at="2026-01-01"))
        save_recording(store, "OLD", assessment_of(stance()), recording_of(30), on=DAY)
    return place


def check_old(place: Path) -> None:
    with open_store(place) as store:
        assert [one.code for one in list_people(store)] == ["OLD"]
        assert len(load_recordings(store, "OLD")) == 1
        folder = store.location.video_folder
        assert not folder.exists() or not list(folder.iterdir())


def test_restore_with_replace(disk: Path, tmp_path: Path, elsewhere: Store) -> None:
    """A failed one used to leave the new rows without videos, the old ones gone."""
    backup = write_backup(elsewhere, tmp_path / "all.zip")
    place = old_history(disk)

    def restore() -> None:
        with open_store(place) as store:
            restore_backup(store, backup, replace=True)

    assert room_grows(disk, restore, lambda: check_old(place)) > 3
    with open_store(place) as store:
        assert [one.code for one in list_people(store)] == ["A7", "B2"]
        kept = [one.video for one in load_recordings(store, "A7")]
        assert all(
            video is not None and video.stat().st_size == 100_000 for video in kept
        )


def test_import_of_a_person(disk: Path, tmp_path: Path, elsewhere: Store) -> None:
    archive = export_person(elsewhere, "A7", tmp_path / "a7.zip")
    place = old_history(disk)

    def take_in() -> None:
        with open_store(place) as store:
            import_person(store, archive)

    assert room_grows(disk, take_in, lambda: check_old(place)) > 3
    with open_store(place) as store:
        assert len(load_recordings(store, "A7")) == 3


def test_saving_a_result(disk: Path, tmp_path: Path, elsewhere: Store) -> None:
    place = old_history(disk)
    told = assessment_of(stance("left", 12.0), squats())

    def save() -> None:
        with open_store(place) as store:
            video = tmp_path / "v.mp4"
            save_recording(store, "OLD", told, recording_of(60), on=DAY, video=video)

    assert room_grows(disk, save, lambda: check_old(place)) > 3
    with open_store(place) as store:
        assert len(load_recordings(store, "OLD")) == 2


def test_backup_and_export(disk: Path, elsewhere: Store) -> None:
    targets = {"all.zip": write_backup, "a7.zip": None}
    for name in targets:
        target = disk / name
        target.write_bytes(b"the old one")

        def write(target: Path = target, name: str = name) -> None:
            if name == "all.zip":
                write_backup(elsewhere, target)
            else:
                export_person(elsewhere, "A7", target)

        def check(target: Path = target) -> None:
            assert target.read_bytes() == b"the old one"

        assert room_grows(disk, write, check) > 3
        assert target.stat().st_size > 100_000
        target.unlink()


def test_tables_and_motion_files(disk: Path, elsewhere: Store) -> None:
    pytest.importorskip("ezc3d")
    from balance.reporting.export.json_export import write_json
    from balance.reporting.export.motion import write_c3d, write_trc
    from balance.reporting.export.tables import write_csv, write_parquet

    pose = recording_of(600).pose
    writers: dict[str, Callable[[Path], object]] = {
        "a.csv": lambda path: write_csv(elsewhere, path, None),
        "a.parquet": lambda path: write_parquet(elsewhere, path, None),
        "a.json": lambda path: write_json(elsewhere, path, None),
        "a.trc": lambda path: write_trc(pose, path),
        "a.c3d": lambda path: write_c3d(pose, path),
    }
    for name, write in writers.items():
        target = disk / name
        target.write_bytes(b"old")

        def check(target: Path = target) -> None:
            assert target.read_bytes() == b"old"

        failed = room_grows(disk, lambda t=target, w=write: w(t), check)
        assert failed > 0, name
        assert target.stat().st_size > 100
        target.unlink()


def test_a_result_folder(disk: Path) -> None:
    folder = disk / "clip"
    told, recording = assessment_of(stance()), recording_of(900)

    def write() -> None:
        with written_result(folder) as work:
            write_assessment(told, work / "assessment.json")
            write_recording(recording, work / "landmarks.npz")
            write_trials(told, work / "trials.csv")

    def check() -> None:
        assert not folder.exists()

    assert room_grows(disk, write, check) > 2
    assert len(list(folder.iterdir())) == 3


def test_a_full_disk_leaves_the_history_readable(disk: Path) -> None:
    place = old_history(disk)
    fill(disk, 0)
    with open_store(place) as store:
        assert [one.code for one in list_people(store)] == ["OLD"]
        assert len(load_recordings(store, "OLD")) == 1


@pytest.mark.postgres
@pytest.mark.parametrize("disk", [200_000], indirect=True)
def test_a_full_disk_of_the_server(
    disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What PostgreSQL cannot keep is refused in a sentence; the rest is still there."""
    from postgres_server import PostgresServer

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("tempfile.tempdir", str(disk))
    recording = recording_of(6000)
    with PostgresServer.start() as server, server.database() as url:
        kept: set[str] = set()

        def save() -> None:
            told = assessment_of(stance(), squats(), name=f"{len(kept)}.mp4")
            with open_store(url) as store:
                kept.add(save_recording(store, "OLD", told, recording, on=DAY))

        def save_many() -> None:
            for _ in range(100):
                save()

        with open_store(url) as store:
            add_person(store, PersonRecord("OLD", consent_at="2026-01-01"))
        save()
        fill(disk, 64)
        with pytest.raises(BalanceError):
            save_many()
        (disk / "ballast").unlink()
        server.down("immediate")  # it may have stopped by itself
        server.up()
        with open_store(url) as store:
            assert {one.key for one in load_recordings(store, "OLD")} == kept
        save()
