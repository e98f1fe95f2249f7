"""What the fixture ``make_clip`` gives: a clip written with the frames asked for."""

from collections.abc import Callable
from pathlib import Path

ClipMaker = Callable[..., Path]
