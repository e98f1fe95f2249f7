"""Write the gate's figures into docs/accuracy.md, real people first.

    python scripts/accuracy_table.py FOLDER [--print]

FOLDER holds what ``score.py`` printed, one file NAME.txt a table; its last line
is the figure. With ``--print`` the table is shown and nothing is written.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "accuracy.md"
START, END = "<!-- scores: written by scripts/accuracy_table.py -->", "<!-- /scores -->"
# What a table may say below its figure.
LOST = "right before, wrong now"
CLIPS = {
    "real": "real clips, events read by eye",
    "moves": "real motion on rendered people",
    "motion": "measured motion through virtual cameras",
    "many": "many measured motions, three virtual cameras each",
    "stands": "rendered people: stands",
    "sway": "rendered people: sway",
    "squats": "rendered people: squats",
    "judgements": "rendered people: knee inwards or not",
    "coverage": "rendered people: intervals",
}


def table(folder: Path) -> str:
    """Make the table of the files that are there."""
    rows = [
        f"| {what} | {figure} |"
        for name, what in CLIPS.items()
        for figure in _figures(folder / f"{name}.txt")
    ]
    return "\n".join(["| clips | figures |", "|---|---|", *rows])


def _figures(path: Path) -> Iterator[str]:
    lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    told = [line.strip() for line in lines if line.strip()]
    told = [line for line in told if not line.startswith(LOST)]
    if told:
        yield told[-1].replace("|", "\\|")


def main(folder: Path, *, write: bool) -> None:
    """Show the table, or put it between the marks of the page."""
    made = table(folder)
    if not write:
        print(made)
        return
    page = PAGE.read_text(encoding="utf-8")
    marks = re.compile(f"{re.escape(START)}.*{re.escape(END)}", re.DOTALL)
    new, count = marks.subn(lambda _: f"{START}\n\n{made}\n\n{END}", page)
    if count != 1:
        sys.exit(f"{PAGE} has no marks for the figures")
    PAGE.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), write="--print" not in sys.argv[2:])
