"""TRC, as Sports2D, Pose2Sim, OpenCap and balance itself write it."""

from pathlib import Path

import numpy as np

from balance.model.errors import InputError
from balance.tracking.importers.named import Imported, by_name

_UNITS = {"m": "m", "mm": "mm", "px": "px", "pixel": "px", "pixels": "px"}


def read_trc(path: Path) -> Imported:
    """Read markers with their times; empty cells are points that were not seen."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    if len(lines) < 6 or not lines[0].startswith("PathFileType"):
        raise InputError(f"{path.name} is not a TRC file")
    unit = _unit(lines, path)
    names = [name for name in lines[3].split("\t")[2:] if name.strip()]
    table = [_numbers(line, len(names), path) for line in lines[5:] if line.strip()]
    if not table:
        raise InputError(f"{path.name} holds no frames")
    numbers = np.array(table)
    points = by_name(names, numbers[:, 2:].reshape(len(table), -1, 3), path.name)
    if np.ptp(np.nan_to_num(points[..., 2])) == 0:
        points = points[..., :2]  # one camera: no depth
    visibility = np.isfinite(points).all(axis=2).astype(float)
    return Imported(numbers[:, 1], points, visibility, unit, "TRC")


def _unit(lines: list[str], path: Path) -> str:
    head = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=False))
    unit = head.get("Units", "").strip().lower()
    if unit not in _UNITS:
        raise InputError(f"{path.name} has the unit {unit!r}, not m, mm or px")
    return _UNITS[unit]


def _numbers(line: str, markers: int, path: Path) -> list[float]:
    """One row: frame, time, x y z of each marker; cells may be missing at the end."""
    cells = line.split("\t")
    cells += [""] * (2 + 3 * markers - len(cells))
    try:
        return [
            float(cell) if cell.strip() else float("nan")
            for cell in cells[: 2 + 3 * markers]
        ]
    except ValueError:
        raise InputError(f"{path.name} has a row that is no numbers") from None
