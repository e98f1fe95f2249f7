"""FreeMoCap: the body's 33 points in space, in mm, as NPY or CSV."""

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from balance.model.errors import InputError
from balance.model.landmarks import LANDMARK_COUNT
from balance.model.unpacking import NotReadableError, read_npy
from balance.tracking.importers.named import Imported, by_name

FloatArray = NDArray[np.float64]


def read_freemocap(path: Path, rate_hz: float | None) -> Imported:
    """Read ``…body_3d_xyz.npy`` or ``.csv``; the rate must be told."""
    if rate_hz is None:
        raise InputError(
            "FreeMoCap files carry no times; say the frame rate with --fps"
        )
    points = _read_npy(path) if path.suffix.lower() == ".npy" else _read_csv(path)
    visibility = np.isfinite(points).all(axis=2).astype(float)
    time_s = np.arange(len(points)) / rate_hz
    return Imported(time_s, points, visibility, "mm", "FreeMoCap")


def _read_npy(path: Path) -> FloatArray:
    try:
        with path.open("rb") as file:
            points = read_npy(file, path.stat().st_size)
    except NotReadableError as error:
        raise InputError(f"{path.name} is not an array of numbers") from error
    if points.dtype.kind not in "fiub":
        raise InputError(f"{path.name} is not an array of numbers")
    if points.ndim != 3 or points.shape[1] < LANDMARK_COUNT or points.shape[2] != 3:
        raise InputError(
            f"{path.name} must have shape (frames, 33 or more, 3), got {points.shape}"
        )
    # Files with hands and face have the body first.
    return np.asarray(points[:, :LANDMARK_COUNT], float)


def _read_csv(path: Path) -> FloatArray:
    """Columns ``nose_x, nose_y, nose_z, …``, in any order, others left out."""
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        rows = list(csv.DictReader(file))
    if not rows:
        raise InputError(f"{path.name} holds no frames")
    columns = [name for name in rows[0] if name]
    names = [name.removesuffix("_x") for name in columns if name.endswith("_x")]
    try:
        values = np.array(
            [
                [
                    [_number(row.get(f"{name}_{axis}")) for axis in "xyz"]
                    for name in names
                ]
                for row in rows
            ],
            float,
        ).reshape(len(rows), len(names), 3)
    except ValueError:
        raise InputError(f"{path.name} has a cell that is no number") from None
    return by_name(names, values, path.name)


def _number(cell: str | None) -> float:
    return float(cell) if cell and cell.strip() else float("nan")
