"""Load protocols and norms from the package's data; a number without source fails.

Two shapes are allowed in ``data/*.toml``: a number as ``{ value = …, source = "…" }``,
or a number in a table that carries ``source`` itself (a row of a norm table).
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from balance.model.codes import EndReason, EventCode, RatingCode, TrialKind
from balance.model.errors import InputError
from balance.reference.camera_yaw import YawModel
from balance.reference.exercise import Dose, Exercise, Library, StickPose
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
        raise InputError(f"there is no protocol {code!r}; choose one of: {known}")
    return protocols[wanted]


def protocol_codes() -> tuple[str, ...]:
    """Codes of all protocols, in the order of the data file."""
    return tuple(_protocols())


@cache
def load_norms() -> tuple[HoldNorm, ...]:
    """Hold-time norms, each row with its source."""
    rows = read_data("norms.toml")["hold_norms"]
    return tuple(
        HoldNorm(**{"cap_s": None, **row, "ages": tuple(row["ages"])}) for row in rows
    )


@cache
def load_hold_bands() -> tuple[HoldBand, ...]:
    """Words for short holds from 60 years on."""
    return tuple(_build(HoldBand, row) for row in read_data("norms.toml")["hold_bands"])


@cache
def load_minimum_changes() -> tuple[MinimumChange, ...]:
    """Smallest changes between visits that were published as real."""
    rows = read_data("norms.toml")["change"]
    return tuple(
        _build(MinimumChange, {**row, "ages": tuple(row["ages"])}) for row in rows
    )


@cache
def load_heel_raise_norms() -> tuple[RepetitionNorm, ...]:
    """Typical single-leg heel raises by decade and sex."""
    rows = read_data("norms.toml")["heel_raise_norms"]
    return tuple(
        _build(RepetitionNorm, {**row, "ages": tuple(row["ages"])}) for row in rows
    )


@cache
def load_stage_flags() -> tuple[StageFlag, ...]:
    """Return what the 4-Stage form says of short holds."""
    return tuple(_build(StageFlag, r) for r in read_data("norms.toml")["four_stage"])


@cache
def load_point_changes() -> tuple[PointChange, ...]:
    """Return the smallest changes of BESS scores that were published as real."""
    return tuple(_build(PointChange, r) for r in read_data("norms.toml")["bess_change"])


@cache
def load_safety() -> Safety:
    """Questions, stop rules, disclaimers and gates, each with its source."""
    data = read_data("safety.toml")
    limits, sources = _without_sources(data["gates"])
    return Safety(
        questions=tuple(_build(Question, row) for row in data["questions"]),
        stop_rules=tuple(_build(Statement, row) for row in data["stop_rules"]),
        set_up=tuple(_build(Statement, row) for row in data["set_up"]),
        disclaimers=tuple(_build(Statement, row) for row in data["disclaimers"]),
        gates=Gates(**limits, sources=sources),
    )


@cache
def load_squat_thresholds() -> SquatThresholds:
    """Return what squats are held against."""
    data = read_data("squat_thresholds.toml")
    score = data.pop("score")
    source = score.pop("source")
    usual = data.pop("usual")
    return SquatThresholds(
        **{name: _threshold(table) for name, table in data.items()},
        usual={
            name: Usual(table["mean_deg"], table["sd_deg"], table["source"])
            for name, table in usual.items()
        },
        camera_yaw=_yaw_model(),
        points=score,
        points_source=source,
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
    return tuple(
        RatingRule(
            RatingCode(row["code"]),
            row["source"],
            next((number for name, number in row.items() if "beyond" in name), None),
        )
        for row in read_data("squat_ratings.toml")["items"]
    )


def _threshold(table: Table) -> Threshold:
    """Beyond is the first number of a table, marked the second, where there is one."""
    numbers = [float(v) for v in table.values() if not isinstance(v, str)]
    return Threshold(numbers[0], numbers[-1], table["source"])


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
    goals = {
        code: Goal(table["title"], tuple(table["extras"]), table["source"])
        for code, table in data["goals"].items()
    }
    return Rules(numbers, reasons, goals, sources)


@cache
def load_handbook() -> Handbook:
    """Return everything that a training plan is made from."""
    return Handbook(load_exercises(), load_rules(), load_safety())


def _pose(table: Table) -> StickPose:
    plain = {name: _tuple(entry) for name, entry in table.items()}
    return _build(StickPose, plain)


def _exercise(table: Table, poses: Mapping[str, StickPose]) -> Exercise:
    plain = {name: _tuple(entry) for name, entry in table.items()}
    plain["dose"] = _build(Dose, table["dose"])
    plain["kind"] = TrialKind(table["kind"]) if "kind" in table else None
    plain["drawing"] = tuple(poses[name] for name in table["drawing"])
    return Exercise(**plain)


def _tuple(entry: object) -> Any:
    return tuple(entry) if isinstance(entry, list) else entry


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
    plain["stop_rules"] = frozenset(
        EndReason(rule) for rule in plain.get("stop_rules", ())
    )
    plain["error_types"] = tuple(
        EventCode(error) for error in plain.get("error_types", ())
    )
    for name in ("instructions", "scored", "asked", "not_alone"):
        plain[name] = tuple(plain.get(name, ()))
    stages = []
    for stage_table in table.get("stages", ()):
        stage, stage_sources = _stage(stage_table)
        stages.append(stage)
        sources |= {
            f"{stage.code}.{name}": text for name, text in stage_sources.items()
        }
    plain["stages"] = tuple(stages)
    return Protocol(**plain, sources=sources)


def _stage(table: Table) -> tuple[Stage, dict[str, str]]:
    plain, sources = _without_sources(table)
    plain["kind"] = TrialKind(plain["kind"])
    if plain.get("legs", "both") not in LEGS:
        raise InputError(
            f"stage {plain['code']}: legs must be one of {', '.join(LEGS)}"
        )
    return Stage(**plain), sources


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


def _build(kind: type[T], row: Table) -> T:
    """Fill a dataclass from the keys of a row that it knows."""
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in row.items() if name in known})
