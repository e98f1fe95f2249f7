"""The files of a result: ``assessment.json``, ``landmarks.npz``, ``trials.csv``.

JSON goes through pydantic in both directions, so that what is read back is what was
written, and the schema that is published is the schema that is used.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import IO, Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from balance.model.codes import Answer
from balance.model.errors import InputError
from balance.model.opening import open_regular, read_regular
from balance.model.plausible import require_plausible
from balance.model.publish import write_whole
from balance.model.recording import (
    FootTracks,
    PoseSequence,
    Recording,
    Scene,
    SwayTrack,
)
from balance.model.results import (
    SCHEMA_VERSION,
    Assessment,
    Conditions,
    Finding,
    Measures,
    Options,
    Person,
    Repetition,
    Software,
    Source,
    Trial,
)
from balance.model.unpacking import (
    LARGEST_JSON,
    NotReadableError,
    read_json,
    read_npz,
    write_json,
)

# Numbers are written with this many decimals: a thousandth of a millimetre or a
# microsecond, far below what can be measured, and the same on every machine.
DECIMALS = 6
# No camera has more; a larger number is a mistake.
LONGEST_SIDE_PX = 65_536
# Written only where they say something.
_OPTIONAL_KEYS = (
    *("censored", "at_s", "chance", "becomes"),
    *("code", "examiner", "place"),
)

# Of ``landmarks.npz``; version 1 is read too, its arrays had other names.
RECORDING_SCHEMA_VERSION = 2
NAMES_OF_VERSION_1 = {
    "pelvis_stretch": "pelvis_scale_change",
    "pelvis_down_px": "pelvis_y_px",
    "people": "person_count",
    "cut": "scene_cut",
}


def assessment_to_dict(assessment: Assessment) -> dict[str, Any]:
    """Assessment as the contract's JSON object."""
    plain = _adapter(Assessment).dump_python(assessment, mode="json")
    tidy: dict[str, Any] = _tidied(plain)
    if tidy["scale"] is not None:
        tidy["scale"]["from"] = tidy["scale"].pop("from_")
    first = {"schema_version": tidy.pop("schema_version")}
    return first | tidy


def assessment_from_dict(data: dict[str, Any]) -> Assessment:
    """Assessment from the contract's JSON object.

    Raises
    ------
    InputError
        Where it is none, or of a schema that this version does not know.
    """
    version = data.get("schema_version")
    if version != SCHEMA_VERSION:
        raise InputError(
            f"this result has schema version {version}; this version of balance reads "
            f"{SCHEMA_VERSION}. Update balance, or analyse the recording again."
        )
    scale = data.get("scale")
    if isinstance(scale, dict) and "from" in scale:
        named = {("from_" if k == "from" else k): v for k, v in scale.items()}
        data = {**data, "scale": named}
    try:
        assessment: Assessment = _adapter(Assessment).validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"not a balance result: {where}: {first['msg']}") from error
    require_plausible(assessment.person, assessment.conditions, assessment.options)
    return assessment


def assessment_schema() -> dict[str, Any]:
    """JSON schema of ``assessment.json``, with the lists of all codes."""
    schema = _adapter(Assessment).json_schema(mode="serialization")
    scale = schema["$defs"]["Scale"]
    scale["properties"]["from"] = scale["properties"].pop("from_")
    scale["required"] = [
        "from" if key == "from_" else key for key in scale.get("required", [])
    ]
    return schema


def write_assessment(assessment: Assessment, path: Path) -> None:
    """Write ``assessment.json``."""
    text = write_json(assessment_to_dict(assessment), indent=1)
    write_whole(path, lambda file: file.write(text.encode() + b"\n"))


def read_assessment(path: Path) -> Assessment:
    """Read ``assessment.json``."""
    try:
        data = read_json(read_regular(path, LARGEST_JSON))
    except NotReadableError as error:
        raise InputError(f"{path.name} is not a balance result: no JSON") from error
    if not isinstance(data, dict):
        raise InputError(f"{path.name} is not a balance result")
    return assessment_from_dict(data)


def write_recording(recording: Recording, path: Path) -> None:
    """Write ``landmarks.npz``: all that ``assess`` needs."""
    write_whole(path, lambda file: pack_recording(recording, file))


def pack_recording(recording: Recording, file: IO[bytes]) -> None:
    """Write the content of ``landmarks.npz`` into an open file."""
    meta = {
        name: _adapter(kind).dump_python(getattr(recording, name), mode="json")
        for name, kind in _META.items()
    }
    meta["size_px"] = list(recording.pose.size_px)
    meta["schema_version"] = RECORDING_SCHEMA_VERSION
    arrays = {
        "time_s": recording.pose.time_s,
        "xy_px": recording.pose.xy_px,
        "visibility": recording.pose.visibility,
        "pelvis_ml_px": recording.sway_track.ml_px,
        "pelvis_ml_sd_px": recording.sway_track.sd_px,
        "foot_left_px": recording.foot_tracks.left_px,
        "foot_right_px": recording.foot_tracks.right_px,
        **{field.name: getattr(recording.scene, field.name) for field in fields(Scene)},
        "meta_json": np.array(write_json(meta)),
    }
    if recording.sway_track.scale_change is not None:
        arrays["pelvis_scale_change"] = recording.sway_track.scale_change
    if recording.sway_track.y_px is not None:
        arrays["pelvis_y_px"] = recording.sway_track.y_px
    if recording.leg_edges_px is not None:
        arrays["leg_edges_px"] = recording.leg_edges_px.astype(np.float64)
    if recording.inferred is not None:
        arrays["inferred"] = recording.inferred
    _save_npz(file, arrays)


def read_recording(path: Path) -> Recording:
    """Read ``landmarks.npz``; InputError with one sentence where it is none."""
    try:
        with open_regular(path) as file:
            return unpack_recording(file, path.name)
    except OSError as error:
        reason = error.strerror or "it is not a landmarks file"
        raise InputError(f"cannot read {path.name}: {reason}") from error


def unpack_recording(file: IO[bytes], name: str) -> Recording:
    """Read the content of ``landmarks.npz`` from an open file; ``name`` for errors."""
    try:
        arrays = read_npz(file)
    except NotReadableError as error:
        raise InputError(
            f"{name} is not a landmarks file of balance: {error}"
        ) from error
    try:
        return _recording(arrays)
    except InputError as error:
        raise InputError(f"{name}: {error}") from error
    except _NOT_OURS as error:
        raise InputError(
            f"{name} is not a landmarks file of balance, or of another version"
        ) from error


def _recording(arrays: dict[str, Any]) -> Recording:
    meta = read_json(str(arrays["meta_json"]))
    if meta.get("schema_version", 1) == 1:
        arrays = {NAMES_OF_VERSION_1.get(key, key): a for key, a in arrays.items()}
    for key, array in arrays.items():
        if key != "meta_json" and array.dtype.kind not in "fiub":
            raise InputError(f"the array {key} holds no numbers")
    width, height = meta["size_px"]
    if not (0 < width <= LONGEST_SIDE_PX and 0 < height <= LONGEST_SIDE_PX):
        raise InputError(f"a frame of {width}x{height} pixels makes no sense")
    asked = {
        name: _adapter(kind).validate_python(meta[name]) for name, kind in _META.items()
    }
    require_plausible(asked["person"], asked["conditions"], asked["options"])
    pose = PoseSequence(
        arrays["time_s"],
        arrays["xy_px"],
        arrays["visibility"],
        (int(width), int(height)),
        asked["source"].name,
    )
    return Recording(
        pose,
        SwayTrack(
            arrays["pelvis_ml_px"],
            arrays["pelvis_ml_sd_px"],
            arrays.get("pelvis_scale_change"),
            arrays.get("pelvis_y_px"),
        ),
        FootTracks(arrays["foot_left_px"], arrays["foot_right_px"]),
        Scene(**{field.name: arrays[field.name] for field in fields(Scene)}),
        **asked,
        leg_edges_px=arrays.get("leg_edges_px"),
        inferred=arrays.get("inferred"),
    )


CSV_COLUMNS = (
    "clip",
    "trial",
    "kind",
    "side",
    "repetition",
    "start_s",
    "end_s",
    "measure",
    "value",
    "low",
    "high",
    "unit",
)


def write_trials(assessment: Assessment, path: Path) -> None:
    """Write ``trials.csv``: one row a measure, long form."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(CSV_COLUMNS)
    writer.writerows(trial_rows(assessment))
    write_whole(path, lambda file: file.write(text.getvalue().encode()))


# Whether a rater's fault was observed; empty = the camera cannot tell.
_AS_NUMBER = {Answer.YES: 1, Answer.NO: 0, Answer.CANNOT_TELL: ""}


def trial_rows(assessment: Assessment) -> Iterator[list[object]]:
    """Rows of ``trials.csv``: measures and ratings of a trial, then its repetitions."""
    clip = plain_text(assessment.source.name)
    for number, trial in enumerate(assessment.trials, start=1):
        head = [clip, number, trial.kind.value, trial.side]
        yield from _measure_rows([*head, ""], trial, trial.measures)
        span = [_rounded(trial.start_s), _rounded(trial.end_s)]
        for rating in trial.ratings:
            seen = _AS_NUMBER[rating.answer]
            yield [*head, "", *span, f"rating_{rating.code}", seen, "", "", "observed"]
        for count, repetition in enumerate(trial.repetitions, start=1):
            yield from _measure_rows([*head, count], repetition, repetition.measures)


def _measure_rows(
    head: list[object], part: Trial | Repetition, measures: Measures
) -> Iterator[list[object]]:
    span = [_rounded(part.start_s), _rounded(part.end_s)]
    for name, measure in measures.items():
        if measure is None:
            yield [*head, *span, name, "", "", "", ""]
            continue
        numbers = [_rounded(measure.value), _rounded(measure.low)]
        yield [*head, *span, name, *numbers, _rounded(measure.high), measure.unit]


_BLANKS = ("\t", "\r", "\n")
_FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def plain_text(text: str) -> str:
    """Text that a spreadsheet shows and does not run as a formula."""
    # Spreadsheets look past white space, and take the wide signs of East Asian
    # keyboards for the plain ones.
    starts = text[:1] in _BLANKS or text.strip()[:1] in _FORMULA_SIGNS
    return "'" + text if starts else text


def _save_npz(file: IO[bytes], arrays: dict[str, Any]) -> None:
    np.savez_compressed(file, **arrays)


_NOT_OURS = (KeyError, TypeError, ValueError, AttributeError, OverflowError)

_META: dict[str, Any] = {
    "source": Source,
    "software": Software,
    "person": Person,
    "conditions": Conditions,
    "options": Options,
    "protocol": str,
    "notes": tuple[Finding, ...],
}


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _rounded(value: float | None) -> float | None:
    if value is None:
        return None
    # Adding 0.0 turns a negative zero into a plain one.
    return round(float(value), DECIMALS) + 0.0


def _tidied(node: Any) -> Any:
    """Round every number and leave out what says nothing."""
    if isinstance(node, dict):
        return {
            key: _tidied(value)
            for key, value in node.items()
            if not (key in _OPTIONAL_KEYS and value is None)
        }
    if isinstance(node, list):
        return [_tidied(item) for item in node]
    return _rounded(node) if isinstance(node, float) else node
