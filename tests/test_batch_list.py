"""A batch is a folder, a pattern or a list; what the list says goes first."""

from pathlib import Path

import pytest

from balance.model.errors import InputError
from balance.pipeline.batch.list import find_clips


def touch(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return folder


def test_a_folder_gives_its_videos_in_order_and_not_the_results(tmp_path: Path) -> None:
    touch(tmp_path, "b.mp4", "a.MOV", "sub/c.webm", "note.txt", ".hidden.mp4")
    touch(tmp_path, "a/annotated.mp4")
    names = [clip.name for clip in find_clips(str(tmp_path))]
    assert names == ["a.MOV", "b.mp4", "c.webm"]


def test_a_pattern_gives_what_matches(tmp_path: Path) -> None:
    touch(tmp_path, "a1.mp4", "a2.mp4", "b1.mp4")
    assert len(find_clips(str(tmp_path / "a*.mp4"))) == 2


def test_the_second_of_a_name_is_marked(tmp_path: Path) -> None:
    touch(tmp_path, "mon/stand.mp4", "tue/stand.mp4", "tue/squat.mp4")
    twins = {c.place: c.twin for c in find_clips(str(tmp_path))}
    assert sum(twins.values()) == 1
    assert twins[str(tmp_path / "tue" / "stand.mp4")]


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_list_carries_what_is_known(tmp_path: Path, separator: str) -> None:
    lines = [
        "video,person,height_cm,age,test",
        "a.mp4,P-07,171.5,63,squat",
        "b.mp4,,,,",
    ]
    if separator == ";":
        lines = [line.replace(",", ";").replace("171.5", "171,5") for line in lines]
    listed = tmp_path / "list.csv"
    listed.write_text("\n".join(lines), encoding="utf-8")
    first, second = find_clips(str(listed))
    assert first.person == "P-07"
    assert first.options == {"height_cm": 171.5, "age": 63.0, "test": "squat"}
    assert Path(first.place) == tmp_path / "a.mp4"
    assert second.options == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("name\na.mp4", "unknown", id="another column"),
        pytest.param("person\nP", "no column video", id="no video column"),
        pytest.param("video,age\na.mp4,old", "line 2: age must be", id="no number"),
        pytest.param("video,age\n,50", "line 2: no video", id="no video named"),
        pytest.param("video\n", "holds no video", id="an empty list"),
    ],
)
def test_a_list_that_makes_no_sense_is_told(
    tmp_path: Path, text: str, words: str
) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        find_clips(str(listed))


def test_nothing_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no video"):
        find_clips(str(tmp_path / "nowhere"))


def test_an_address_is_listed_through_its_own_file_system(tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    touch(tmp_path, "a.mp4", "b.txt", "c.mp4")
    clips = find_clips(tmp_path.as_uri())
    assert [clip.name for clip in clips] == ["a.mp4", "c.mp4"]
    assert all(clip.is_remote for clip in clips)
