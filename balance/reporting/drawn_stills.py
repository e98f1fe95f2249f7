"""The stills of a report that is written already, for who has no video any more."""

from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

from balance.errors import InputError

# ``data:`` address of each still by its time in s.
DrawnStills = Mapping[float, str]
# Files keep times to a few milliseconds; pictures are farther apart than this.
NEAR_S = 0.005
_HEAD = "data:image/jpeg;base64,"


def read_drawn_stills(report: Path) -> DrawnStills:
    """Return the stills of a report of ours; empty where there is no such file."""
    if not report.is_file():
        return {}
    try:
        page = report.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{report.name} cannot be read as a report") from error
    reader = _Stills()
    reader.feed(page)
    return reader.found


def drawn_at(stills: DrawnStills, time_s: float) -> str | None:
    """Return the still of a moment; None where there is none."""
    nearest = min(stills, key=lambda known: abs(known - time_s), default=None)
    if nearest is None or abs(nearest - time_s) > NEAR_S:
        return None
    return stills[nearest]


class _Stills(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[float, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        address, time_s = told.get("src") or "", told.get("data-time")
        if tag == "img" and time_s and address.startswith(_HEAD):
            self.found[float(time_s)] = address
