"""Everything about a person goes out in one file and comes back equal."""

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from stored_results import assessment_of, recording_of, squats, stance

from balance.analysis.judging.overruling import Correction
from balance.history import Store
from balance.history.archive import export_person, import_person
from balance.history.overrules import overrule_stored
from balance.history.pages import person_page
from balance.history.people import PersonRecord, add_person, get_person, list_people
from balance.history.recordings import load_landmarks, load_recordings, save_recording
from balance.history.self_reports import SelfReport, add_self_report
from balance.model.errors import StoreError
from balance.model.files import assessment_from_dict


@pytest.fixture
def archive(store: Store, a7: str, tmp_path: Path) -> Path:
    add_person(store, PersonRecord("OTHER", name="Somebody else"))
    video = tmp_path / "v.mp4"
    video.write_bytes(b"video")
    for day in (1, 2):
        save_recording(
            store,
            a7,
            assessment_of(stance("left", 10.0 + day), squats()),
            recording_of(),
            on=date(2026, 1, day),
            video=video if day == 1 else None,
        )
    key = load_recordings(store, a7)[0].key
    overrule_stored(store, key, Correction.of_text(1, "end_s", "9.25", "B"))
    add_self_report(store, a7, SelfReport(date(2026, 1, 3), fatigue=2))
    return export_person(store, a7, tmp_path / "a7.zip")


def test_a_person_comes_back_equal_in_a_fresh_store(
    store: Store, other_store: Store, a7: str, archive: Path
) -> None:
    assert import_person(other_store, archive) == a7
    assert get_person(other_store, a7) == get_person(store, a7)
    before, after = load_recordings(store, a7), load_recordings(other_store, a7)
    assert [kept.assessment for kept in after] == [kept.assessment for kept in before]
    assert after[0].original == before[0].original != before[0].assessment
    assert after[0].video is not None
    assert after[0].video.read_bytes() == b"video"
    assert load_landmarks(other_store, after[1].key) is not None
    pages = [person_page(one, a7) for one in (store, other_store)]
    assert list(pages[0].trends) == list(pages[1].trends)
    assert pages[0].self_reports == pages[1].self_reports


def test_the_file_is_readable_without_this_program(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        content = json.loads(opened.read("person.json"))
    assert content["person"]["birth_year"] == 1956
    first = content["recording"][0]["assessment"]
    assert assessment_from_dict(first).trials[1] == squats()
    assert "Somebody else" not in json.dumps(content)


def test_nobody_is_overwritten(store: Store, archive: Path) -> None:
    with pytest.raises(StoreError, match="already a person"):
        import_person(store, archive)


def test_the_same_recordings_under_another_code_are_refused(
    store: Store, archive: Path
) -> None:
    def rename(content: dict[str, Any]) -> None:
        content["person"]["code"] = "NEW"

    with pytest.raises(StoreError, match="already"):
        import_person(store, changed(archive, rename))
    assert len(list_people(store)) == 2


def changed(archive: Path, change: Any) -> Path:
    """Return a copy of an archive with its content changed."""
    target = archive.with_name("changed.zip")
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(target, "w") as new:
        content = json.loads(old.read("person.json"))
        change(content)
        new.writestr("person.json", json.dumps(content))
        for name in old.namelist()[1:]:
            new.writestr(name, old.read(name))
    return target


@pytest.mark.parametrize(
    ("path", "value", "error"),
    [
        (("person", "code"), "../../etc/x", StoreError),
        (("recording", 0, "id"), "../../x", StoreError),
        (("recording", 0, "video_name"), "../../x.mp4", StoreError),
        (("archive_version",), 3, StoreError),
        (("recording", 0, "assessment"), {"schema_version": 99}, StoreError),
        (("recording",), None, StoreError),
    ],
)
def test_nothing_in_an_archive_is_trusted(
    other_store: Store, archive: Path, path: Any, value: object, error: type[Exception]
) -> None:
    def change(content: Any) -> None:
        for part in path[:-1]:
            content = content[part]
        content[path[-1]] = value

    with pytest.raises(error):
        import_person(other_store, changed(archive, change))
    assert list_people(other_store) == []


def test_what_is_no_archive_is_a_sentence(store: Store, tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    other.write_bytes(b"nothing")
    with pytest.raises(StoreError, match="not an exported person"):
        import_person(store, other)
    with pytest.raises(StoreError, match="cannot read"):
        import_person(store, tmp_path / "gone.zip")
