"""Load protocols and norms from the package's data; a number without source fails.

A number stands as ``{ value = …, source = "…" }`` or in a table that carries ``source``
itself (a row of a norm table). Pydantic models refuse a key that they do not know.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, fields
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from balance.model.errors import InputError
from balance.reference.camera_yaw import YawModel
from balance.reference.exercise import Dose, Exercise, Library, StickPose, drawn_pose
from balance.reference.norms import (
    HoldBand,
    HoldNorm,
    MinimumChange,
    PointChange,
    RepetitionNorm,
    StageFlag,
)
from balance.reference.protocol import LEGS, Protocol, Stage
from balance.reference.safety import Gates, Question, Safety, Statement
from balance.reference.thresholds import RatingRule, SquatThresholds, Threshold, Usual
from balance.reference.training_rules import Goal, Handbook, Rules

T = TypeVar("T")
Table = Mapping[str, Any]
# How the data files begin the reason of a number that no paper names.
_NOT_PUBLISHED = ("Own ", "Calibrated", "Suggested gate")


def load_protocol(code: str) -> Protocol:
    """Protocol by its code; hyphens are as good as underscores."""
    protocols = _protocols()
    wanted = code.strip().lower().replace("-", "_")
    if wanted not in protocols:
        known = ", ".join(protocols)
        close = get_close_matches(wanted, protocols, n=1)
        hint = f". Did you mean {close[0]}?" if close else ""
        raise InputError(f"there is no protocol {code!r}; choose one of: {known}{hint}")
    return protocols[wanted]


def protocol_codes() -> tuple[str, ...]:
    """Codes of all protocols, in the order of the data file."""
    return tuple(_protocols())


@cache
def load_norms() -> tuple[HoldNorm, ...]:
    """Hold-time norms, each row with its source."""
    rows = _norms("hold_norms")
    return tuple(_build(HoldNorm, {"cap_s": None, **row}) for row in rows)


@cache
def load_hold_bands() -> tuple[HoldBand, ...]:
    """Words for short holds from 60 years on."""
    return tuple(_build(HoldBand, row) for row in _norms("hold_bands"))


@cache
def load_minimum_changes() -> tuple[MinimumChange, ...]:
    """Smallest changes between visits that were published as real."""
    return tuple(_build(MinimumChange, row) for row in _norms("change"))


@cache
def load_heel_raise_norms() -> tuple[RepetitionNorm, ...]:
    """Typical single-leg heel raises by decade and sex."""
    return tuple(_build(RepetitionNorm, row) for row in _norms("heel_raise_norms"))


@cache
def load_stage_flags() -> tuple[StageFlag, ...]:
    """Return what the 4-Stage form says of short holds."""
    return tuple(_build(StageFlag, row) for row in _norms("four_stage"))


@cache
def load_point_changes() -> tuple[PointChange, ...]:
    """Return the smallest changes of BESS scores that were published as real."""
    return tuple(_build(PointChange, row) for row in _norms("bess_change"))


def _norms(name: str) -> list[dict[str, Any]]:
    """Return the rows of one table of ``norms.toml``."""
    data = known_keys(read_data("norms.toml"), NORM_TABLES, "norms.toml")
    rows: list[dict[str, Any]] = data[name]
    return rows


@cache
def load_safety() -> Safety:
    """Questions, stop rules, disclaimers and gates, each with its source."""
    parts = ("questions", "stop_rules", "set_up", "disclaimers", "gates")
    data = known_keys(read_data("safety.toml"), parts, "safety.toml")
    limits, sources = _without_sources(data["gates"])
    return Safety(
        questions=tuple(_build(Question, row) for row in data["questions"]),
        stop_rules=tuple(_build(Statement, row) for row in data["stop_rules"]),
        set_up=tuple(_build(Statement, row) for row in data["set_up"]),
        disclaimers=tuple(_build(Statement, row) for row in data["disclaimers"]),
        gates=_build(Gates, {**limits, "sources": sources}),
    )


@cache
def load_squat_thresholds() -> SquatThresholds:
    """Return what squats are held against."""
    name = "squat_thresholds.toml"
    data = known_keys(read_data(name), (*THRESHOLD_KEYS, "score", "usual"), name)
    score = known_keys(data["score"], SCORE_KEYS, f"{name}: score")
    return SquatThresholds(
        **{code: _threshold(code, data[code]) for code in THRESHOLD_KEYS},
        usual={
            key: Usual(table["mean_deg"], table["sd_deg"], table["source"])
            for key, table in data["usual"].items()
        },
        camera_yaw=_yaw_model(),
        points={key: points for key, points in score.items() if key != "source"},
        points_source=score["source"],
    )


def _yaw_model() -> YawModel:
    data = read_data("camera_yaw.toml")["model"]
    return YawModel(
        tuple(data["names"]),
        tuple(tuple(row) for row in data["by_sine"]),
        tuple(tuple(row) for row in data["covariance"]),
        data["widened"],
        data["freedom"],
        data["source"],
    )


@cache
def load_squat_ratings() -> tuple[RatingRule, ...]:
    """Return what raters look at in a single-leg squat."""
    return tuple(_rating(row) for row in read_data("squat_ratings.toml")["items"])


def _rating(row: Table) -> RatingRule:
    """Read an item; its number carries its unit in its name."""
    plain = known_keys(row, ("code", "source", *_RATING_NUMBERS), "squat_ratings.toml")
    numbers = [plain.pop(name) for name in _RATING_NUMBERS if name in plain]
    return _build(RatingRule, {**plain, "beyond": numbers[0] if numbers else None})


_RATING_NUMBERS = ("beyond_pct_trunk", "beyond_pct_leg")
# The numbers of each threshold by their names: beyond, and marked where there is one.
THRESHOLD_KEYS: dict[str, tuple[str, ...]] = {
    "knee_valgus": ("beyond_deg", "marked_deg"),
    "knee_separation": ("flag_below",),
    "trunk_lean": ("beyond_deg", "marked_deg"),
    "pelvic_drop": ("beyond_deg", "marked_deg"),
    "hip_adduction": ("beyond_deg", "marked_deg"),
    "heel_lift": ("noise_factor",),
    "shift_away": ("beyond_pct", "marked_pct"),
    "left_right_difference": ("beyond_deg",),
}
SCORE_KEYS = (
    "out_of",
    "knee_valgus",
    "trunk_lean",
    "pelvic_drop",
    "shift_away",
    "heel_lift",
    "drift_share",
    "source",
)
NORM_TABLES = (
    "hold_norms",
    "hold_bands",
    "change",
    "four_stage",
    "bess_change",
    "heel_raise_norms",
)


def _threshold(code: str, table: Table) -> Threshold:
    """Read a threshold; without a number for marked, what is beyond is marked."""
    names = THRESHOLD_KEYS[code]
    plain = known_keys(table, (*names, "source"), f"squat_thresholds.toml: {code}")
    beyond, marked = plain[names[0]], plain[names[-1]]
    source = plain["source"]
    return _build(Threshold, {"beyond": beyond, "marked": marked, "source": source})


@cache
def load_exercises() -> Library:
    """Return the exercise library; a link to an unknown exercise is refused."""
    data = read_data("exercises.toml")
    poses = {name: _pose(table) for name, table in data["poses"].items()}
    built = [_exercise(table, poses) for table in data["exercises"]]
    library = Library({exercise.code: exercise for exercise in built})
    for exercise in built:
        for other in (exercise.easier, exercise.harder):
            if other is not None and other not in library.exercises:
                raise InputError(f"{exercise.code}: there is no exercise {other!r}")
    return library


@cache
def load_rules() -> Rules:
    """Return the programme's rules: numbers, sentences and goals with sources."""
    data = read_data("programme_rules.toml")
    numbers, sources = _without_sources(data["numbers"])
    reasons = {row["code"]: _build(Statement, row) for row in data["reasons"]}
    goals = {code: _build(Goal, table) for code, table in data["goals"].items()}
    return Rules(numbers, reasons, goals, sources)


@cache
def load_handbook() -> Handbook:
    """Return everything that a training plan is made from."""
    return Handbook(load_exercises(), load_rules(), load_safety())


def _pose(table: Table) -> StickPose:
    return _build(StickPose, table)


def _exercise(table: Table, poses: Mapping[str, StickPose]) -> Exercise:
    dose = _build(Dose, table["dose"])
    drawing = tuple(drawn_pose(name, poses) for name in table["drawing"])
    return _build(Exercise, {**table, "dose": dose, "drawing": drawing})


def read_data(name: str) -> dict[str, Any]:
    """Read one data file of the package and refuse numbers without a source."""
    text = files("balance").joinpath("data", name).read_text(encoding="utf-8")
    data = tomllib.loads(text)
    unsourced = numbers_without_source(data)
    if unsourced:
        raise InputError(f"{name}: no source for {', '.join(unsourced)}")
    return data


def published_sources(name: str) -> tuple[str, ...]:
    """Return what a data file rests on, each source once; own choices left out."""
    found = dict.fromkeys(_sources(read_data(name)))
    return tuple(source for source in found if not source.startswith(_NOT_PUBLISHED))


def _sources(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key == "source" and isinstance(value, str):
                yield value
            else:
                yield from _sources(value)
    elif isinstance(node, list):
        for item in node:
            yield from _sources(item)


def numbers_without_source(
    node: object, path: str = "", sourced: bool = False
) -> list[str]:
    """Paths of all numbers that neither stand beside nor below a ``source``.

    A source must say something: empty text, or one marked as remembered ("[M]"),
    is none.
    """
    if isinstance(node, bool):
        return []
    if isinstance(node, int | float):
        return [] if sourced else [path]
    if isinstance(node, list):
        return [
            found
            for index, item in enumerate(node)
            for found in numbers_without_source(item, f"{path}[{index}]", sourced)
        ]
    if not isinstance(node, dict):
        return []
    sourced = sourced or _is_source(node.get("source"))
    return [
        found
        for key, item in node.items()
        for found in numbers_without_source(item, f"{path}.{key}".strip("."), sourced)
    ]


def _is_source(text: object) -> bool:
    return isinstance(text, str) and bool(text.strip()) and "[M]" not in text


@cache
def _protocols() -> dict[str, Protocol]:
    data = read_data("protocols.toml")
    measuring = data["measuring"]
    built = [_protocol({**measuring, **table}) for table in data["protocols"]]
    return {protocol.code: protocol for protocol in built}


def _protocol(table: Table) -> Protocol:
    plain, sources = _without_sources(table)
    stages = []
    for stage_table in table.get("stages", ()):
        stage, stage_sources = _stage(stage_table)
        stages.append(stage)
        sources |= {
            f"{stage.code}.{name}": text for name, text in stage_sources.items()
        }
    plain["stages"] = tuple(stages)
    return _build(Protocol, {**plain, "sources": sources})


def _stage(table: Table) -> tuple[Stage, dict[str, str]]:
    plain, sources = _without_sources(table)
    if plain.get("legs", "both") not in LEGS:
        raise InputError(
            f"stage {plain['code']}: legs must be one of {', '.join(LEGS)}"
        )
    return _build(Stage, plain), sources


def _without_sources(table: Table) -> tuple[dict[str, Any], dict[str, str]]:
    """Split ``{ value, source }`` pairs; a bare number in a protocol is refused."""
    plain: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name, entry in table.items():
        if isinstance(entry, Mapping) and "value" in entry:
            if not _is_source(entry.get("source")):
                raise InputError(f"{table.get('code')}.{name}: a number needs a source")
            plain[name], sources[name] = entry["value"], entry["source"]
        elif isinstance(entry, int | float) and not isinstance(entry, bool):
            raise InputError(f"{table.get('code')}.{name}: a number needs a source")
        elif name != "stages":
            plain[name] = entry
    return plain, sources


def known_keys(table: Table, keys: Iterable[str], where: str) -> dict[str, Any]:
    """Return a table whose keys are all known.

    Raises
    ------
    InputError
        With the key that is none of them, and what may have been meant.
    """
    known = list(keys)
    for name in table:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise InputError(f"{where}: the key {name!r} is unknown{hint}")
    return dict(table)


# Keys that tell readers of a file where a row is from.
_FOR_READERS = ("source", "provenance")


@cache
def _model(kind: type[Any]) -> type[BaseModel]:
    """Return the pydantic model of a dataclass, which refuses any other key."""
    hints = get_type_hints(kind)
    shape: dict[str, Any] = {name: (str, "") for name in _FOR_READERS}
    for field in fields(kind):
        default: Any = ...
        if field.default is not MISSING:
            default = field.default
        elif field.default_factory is not MISSING:
            default = Field(default_factory=field.default_factory)
        shape[field.name] = (hints[field.name], default)
    forbid = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    return create_model(kind.__name__, __config__=forbid, **shape)


def _build(kind: type[T], row: Table) -> T:
    """Fill a dataclass from a row, each value checked by its type.

    InputError where a key is unknown or missing, or a value is of another type.
    """
    try:
        shape: Any = kind
        checked = _model(shape).model_validate(dict(row))
    except ValidationError as error:
        found = error.errors()
        # A misspelt key is the cause of the one that is missing.
        first = next((e for e in found if e["type"] == "extra_forbidden"), found[0])
        where = ".".join(str(part) for part in first["loc"])
        named = row.get("code") or row.get("text") or ""
        raise InputError(
            f"{kind.__name__} {named}: {where}: {first['msg']}".replace("  ", " ")
        ) from error
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    return kind(**{name: getattr(checked, name) for name in names})
