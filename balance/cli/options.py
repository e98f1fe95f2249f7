"""Every option that more than one command has, and all that take one of some words.

One name, one meaning and one help text each; the choices stand in the help. Options
that go together are a group: a command takes a group as one dictionary (`takes`).
"""

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from balance.model.codes import CHOICES, RequestedTest
from balance.model.errors import InputError
from balance.reference.exercise import GOALS

# Exit status where everything was readable but nothing could be measured.
NOTHING_MEASURED = 3
UNUSABLE = 2

LIVE_TESTS = {
    RequestedTest.SINGLE_LEG_STANCE.value: "single_leg_stance_eyes_open",
    RequestedTest.SQUAT.value: "squat",
    RequestedTest.SINGLE_LEG_SQUAT.value: "single_leg_squat",
}
SIDES = ("left", "right")
LEGS = (*SIDES, "both")
LANDMARK_FORMATS = ("auto", "trc", "openpose", "freemocap", "mediapipe")
EXPORT_FORMATS = ("csv", "parquet", "json", "schema", "fhir", "trc", "c3d", "mot")


def _choice(name: str, choices: Iterable[str], text: str, *more: str) -> Any:
    """Return an option that lists its choices in the help and completes them.

    What is none of them is refused where all that was said is checked.
    """
    words = tuple(choices)

    def complete(incomplete: str) -> list[str]:
        return [word for word in words if word.startswith(incomplete)]

    return typer.Option(
        name, *more, metavar="|".join(words), help=text, autocompletion=complete
    )


def _codes(load: Callable[[], Iterable[str]]) -> Callable[[str], list[str]]:
    def complete(incomplete: str) -> list[str]:
        return [code for code in load() if code.startswith(incomplete)]

    return complete


def _protocols() -> Iterable[str]:
    from balance.reference.loader import protocol_codes

    return protocol_codes()


def complete_person(incomplete: str) -> list[str]:
    """Codes of the people in the history that begin like this."""
    from balance.history import open_store
    from balance.history.people import list_people
    from balance.model.errors import BalanceError

    try:
        with open_store(None) as store:
            codes = [person.code for person in list_people(store)]
    except BalanceError:
        return []
    return [code for code in codes if code.startswith(incomplete)]


# -- facts about the person and the test -------------------------------------------

Test = Annotated[
    str | None,
    _choice("--test", CHOICES["test"], "What was done; auto (default) finds out."),
]
LiveTest = Annotated[str, _choice("--test", LIVE_TESTS, "The test that is done.")]
HeightCm = Annotated[
    float | None,
    typer.Option("--height-cm", help="Body height in cm; gives millimetres."),
]
Age = Annotated[
    float | None, typer.Option("--age", help="Age in years; gives norms from 18 on.")
]
Sex = Annotated[str | None, _choice("--sex", CHOICES["sex"], "Where norms differ.")]
Eyes = Annotated[str | None, _choice("--eyes", CHOICES["eyes"], "During the test.")]
Footwear = Annotated[
    str | None, _choice("--footwear", CHOICES["footwear"], "What was on the feet.")
]
Surface = Annotated[
    str | None, _choice("--surface", CHOICES["surface"], "What was under the feet.")
]
ProtocolCode = Annotated[
    str | None,
    typer.Option(
        "--protocol",
        metavar="CODE",
        help="Named protocol, see 'balance protocols'; auto (default): no time limit.",
        autocompletion=_codes(_protocols),
    ),
]

Examiner = Annotated[
    str | None, typer.Option("--examiner", help="Who did the test, for the report.")
]
Place = Annotated[
    str | None, typer.Option("--place", help="Where it was done, for the report.")
]

# -- people and days ---------------------------------------------------------------

Code = Annotated[
    str,
    typer.Argument(
        help="Code of a person.", metavar="PERSON", autocompletion=complete_person
    ),
]
ForPerson = Annotated[
    str | None,
    typer.Option(
        "--for",
        metavar="PERSON",
        help="Take height, age and sex from this person of the history, and save the "
        "visit there.",
        autocompletion=complete_person,
    ),
]
Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        help="File or postgresql:// URL; else $BALANCE_STORE, else your data folder.",
    ),
]
Day = Annotated[str | None, typer.Option("--on", help="Day of the visit, YYYY-MM-DD.")]
Dominant = Annotated[str | None, _choice("--dominant", SIDES, "The stronger leg.")]
Injured = Annotated[str | None, _choice("--injured", SIDES, "An injured leg.")]
Side = Annotated[str, _choice("--side", LEGS, "The stance leg; both: in turn.")]

# -- what of a video ---------------------------------------------------------------

From = Annotated[float | None, typer.Option("--from", help="Start at this second.")]
To = Annotated[float | None, typer.Option("--to", help="Stop at this second.")]
Who = Annotated[
    str | None,
    typer.Option(
        "--person",
        metavar="left|centre|right|N",
        help="Who, if there are several people; N counts from the left.",
    ),
]
Mirrored = Annotated[
    bool, typer.Option("--mirrored", help="The video is a mirror image (selfie).")
]
Model = Annotated[
    Path | None, typer.Option("--model", help="Another pose model (.task file).")
]
Fps = Annotated[
    float | None,
    typer.Option("--fps", help="Frames per second of a file without time stamps."),
]
SlowMotion = Annotated[
    float | None,
    typer.Option(
        "--slow-motion",
        metavar="TIMES",
        help="How many times slower it plays than it was; default as the file says.",
    ),
]
NoFlow = Annotated[
    bool, typer.Option("--no-flow", help="Landmarks only, no texture tracking.")
]
EveryFrame = Annotated[
    bool,
    typer.Option(
        "--every-frame",
        help="Find landmarks in every frame, even while nothing moves; slower.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", min=1, help="Cores to use; default all. Does not affect results."
    ),
]

# -- what is written ---------------------------------------------------------------

Out = Annotated[Path, typer.Option("--out", help="Folder for the results.")]
NoVideo = Annotated[bool, typer.Option("--no-video", help="Write no annotated video.")]
NoReport = Annotated[bool, typer.Option("--no-report", help="Write no report.html.")]
Pdf = Annotated[
    bool,
    typer.Option(
        "--pdf", help="Write the report as PDF too; needs Chromium or Chrome."
    ),
]
Details = Annotated[
    bool,
    typer.Option("--details", help="Report with all details open, printed at the end."),
]
BlurFaces = Annotated[
    bool, typer.Option("--blur-faces", help="Make faces in images unrecognisable.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Goal = Annotated[str, _choice("--goal", GOALS, "What the training is for.")]
ExportFormat = Annotated[
    str, _choice("--format", EXPORT_FORMATS, "What to write.", "-f")
]
LandmarkFormat = Annotated[
    str,
    _choice("--format", LANDMARK_FORMATS, "Format; auto finds out.", "-f", "--from"),
]


# -- groups --------------------------------------------------------------------------

Group = Mapping[str, tuple[Any, Any]]
Given = dict[str, Any]

# What was said of the person and the test; None = not said. Goes to `make_setup`.
FACTS: Group = {
    "test": (Test, None),
    "height_cm": (HeightCm, None),
    "age": (Age, None),
    "sex": (Sex, None),
    "eyes": (Eyes, None),
    "footwear": (Footwear, None),
    "surface": (Surface, None),
    "protocol": (ProtocolCode, None),
    "examiner": (Examiner, None),
    "place": (Place, None),
}
# Whose visit a result is, and where it is kept.
VISIT: Group = {"for_": (ForPerson, None), "on": (Day, None), "store": (Store, None)}
# Which pages are written.
PAGES: Group = {
    "no_report": (NoReport, False),
    "pdf": (Pdf, False),
    "details": (Details, False),
}

Command = Callable[..., Any]


def takes(**groups: Group) -> Callable[[Command], Command]:
    """Give a command the options of each group in place of the parameter so named."""

    def with_groups(command: Command) -> Command:
        @functools.wraps(command)
        def run(**given: Any) -> Any:
            for name, group in groups.items():
                given[name] = {option: given.pop(option) for option in group}
            return command(**given)

        parameters: list[inspect.Parameter] = []
        for own in inspect.signature(command).parameters.values():
            group = groups.get(own.name, {own.name: (own.annotation, own.default)})
            parameters += [
                inspect.Parameter(
                    name,
                    inspect.Parameter.KEYWORD_ONLY,
                    default=default,
                    annotation=kind,
                )
                for name, (kind, default) in group.items()
            ]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        return run

    return with_groups


def day_of(text: str | None) -> date | None:
    """Read a day from the command line."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is no day; write it as 2026-11-20") from None
    from balance.history.people import check_day

    return check_day(day)


def worst(statuses: Iterable[int]) -> int:
    """Return the worst exit status: 2 before 3 before 0."""
    order = {0: 0, NOTHING_MEASURED: 1}
    return max(statuses, key=lambda status: order.get(status, 2), default=0)
