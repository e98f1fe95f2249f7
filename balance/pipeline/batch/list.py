"""Which videos a batch measures: a folder, a pattern, an address, or a list."""

import csv
import glob
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from balance.model.errors import InputError
from balance.video.door import SUFFIXES

# Columns of a list and how each is read. ``person`` is whoever the clip belongs to.
COLUMNS: tuple[str, ...] = (
    "video",
    "person",
    "height_cm",
    "age",
    "sex",
    "test",
    "protocol",
    "eyes",
    "footwear",
    "surface",
    "fps",
    "slow_motion",
)
_NUMBERS = ("height_cm", "age", "fps", "slow_motion")


@dataclass(frozen=True)
class Clip:
    """One video of a batch.

    ``place`` is a path or an address that fsspec knows; ``options`` holds what the list
    says of it and goes before what the command line says; ``name`` is the folder of
    its result, ``twin`` True where an earlier video has the same name.
    """

    place: str
    person: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    twin: bool = False

    @property
    def is_remote(self) -> bool:
        """Whether it must be fetched before it can be read."""
        return "://" in self.place

    @property
    def name(self) -> str:
        """File name."""
        return (
            PurePosixPath(self.place).name if self.is_remote else Path(self.place).name
        )

    @property
    def stem(self) -> str:
        """File name without its ending."""
        return Path(self.name).stem


def find_clips(source: str) -> tuple[Clip, ...]:
    """List the videos of a folder, pattern, address, single file or ``.csv`` list.

    Raises
    ------
    InputError
        If nothing is there, or the list says something that cannot be understood.
    """
    path = Path(source)
    if source.lower().endswith(".csv"):
        clips = list(_from_list(path))
    elif "://" in source:
        clips = [Clip(place) for place in _remote(source)]
    elif path.is_dir():
        clips = [Clip(str(p)) for p in sorted(path.rglob("*")) if _is_video(p)]
    else:
        found = [source] if path.is_file() else glob.glob(source, recursive=True)  # noqa: PTH207
        clips = [Clip(place) for place in sorted(found) if Path(place).is_file()]
    if not clips:
        raise InputError(
            f"{source} holds no video; give a folder, a pattern in quotes such as "
            f"'clips/*.mp4', or a list with a column video."
        )
    return _twins_marked(clips)


def _is_video(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts[-2:])
    # An annotated video is a result, not a recording.
    made_here = path.name == "annotated.mp4"
    return path.suffix.lower() in SUFFIXES and not hidden and not made_here


def _remote(source: str) -> list[str]:
    """Addresses below a folder or matching a pattern."""
    import fsspec

    files, root = fsspec.core.url_to_fs(source)
    if files.isdir(root):
        found = files.find(root)
    else:
        found = files.glob(root) if any(c in root for c in "*?[") else [root]
    return sorted(
        files.unstrip_protocol(place)
        for place in found
        if place.lower().endswith(SUFFIXES)
    )


def _from_list(path: Path) -> Iterator[Clip]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            head = file.readline()
            file.seek(0)
            # Spreadsheets of half of Europe write semicolons.
            rows = csv.DictReader(file, delimiter=";" if ";" in head else ",")
            _require_columns(path, rows.fieldnames)
            for number, row in enumerate(rows, start=2):
                yield _clip_of_row(path, number, row)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise InputError(f"the list {path} cannot be read: {reason}") from error


def _require_columns(path: Path, names: Iterable[str] | None) -> None:
    known = [str(name).strip() for name in names or ()]
    strange = [name for name in known if name not in COLUMNS]
    if "video" not in known or strange:
        what = f"the column {strange[0]!r} is unknown" if strange else "no column video"
        raise InputError(f"{path.name}: {what}; columns may be {', '.join(COLUMNS)}.")


def _clip_of_row(path: Path, number: int, row: Mapping[str, str | None]) -> Clip:
    options: dict[str, Any] = {
        str(name).strip(): text.strip()
        for name, text in row.items()
        if isinstance(text, str) and text.strip()
    }
    place = options.pop("video", "")
    if not place:
        raise InputError(f"{path.name}, line {number}: no video is named.")
    for name in _NUMBERS:
        if name in options:
            options[name] = _number(path, number, name, options[name])
    if "://" not in place and not Path(place).is_absolute():
        place = str(path.parent / place)
    return Clip(place, options.pop("person", ""), options)


def _number(path: Path, line: int, name: str, text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        raise InputError(
            f"{path.name}, line {line}: {name} must be a number, not {text!r}."
        ) from error


def _twins_marked(clips: Iterable[Clip]) -> tuple[Clip, ...]:
    seen: Counter[str] = Counter()
    marked = []
    for clip in clips:
        twin = bool(seen[clip.stem])
        seen[clip.stem] += 1
        marked.append(Clip(clip.place, clip.person, clip.options, twin))
    return tuple(marked)
