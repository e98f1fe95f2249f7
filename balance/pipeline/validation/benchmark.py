"""Recordings of people whose motion is known exactly, beside their truth.

Beside each recording ``NAME.npz`` lies its truth ``NAME.json``. One that holds
``squats`` is compared by ``benchmark_squats``, any other by ``benchmark_stands``.
"""

import json
from pathlib import Path

from balance.model.errors import InputError
from balance.pipeline.validation.benchmark_squats import compare_squats
from balance.pipeline.validation.benchmark_stands import compare_stand
from balance.pipeline.validation.benchmark_table import Row


def compare_folder(folder: Path) -> list[Row]:
    """Compare every recording of a folder with the truth beside it."""
    truths = sorted(folder.glob("*.json"))
    if not truths:
        raise InputError(f"{folder} holds no NAME.json with a truth")
    return [row for path in truths for row in compare(path)]


def compare(path: Path) -> list[Row]:
    """Compare one recording; ``path`` is that of its truth."""
    truth = json.loads(path.read_text(encoding="utf-8"))
    return compare_squats(path) if "squats" in truth else compare_stand(path, truth)
