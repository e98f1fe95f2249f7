"""Load MediaPipe without its parts for drawing and for sound.

The package imports them all, and with them Matplotlib and a sound library: three
quarters of the 1.5 s of processor time that it takes to load.
"""

import contextlib
import sys
import threading
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

LEFT_OUT = (
    "mediapipe.tasks.python.audio",
    "mediapipe.tasks.python.vision.drawing_styles",
    "mediapipe.tasks.python.vision.drawing_utils",
)
_lock = threading.Lock()


def load_mediapipe() -> Any:
    """Return the package ``mediapipe``; who imports a left out part later gets it."""
    with _lock:
        if "mediapipe" in sys.modules:
            return sys.modules["mediapipe"]
        with _empty(LEFT_OUT):
            return import_module("mediapipe")


class _EmptyModules(MetaPathFinder, Loader):
    """Finds modules of these names, with nothing in them."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, _path: object = None, _target: object = None
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname in self._names else None

    def exec_module(self, module: ModuleType) -> None:
        """Leave it empty."""


@contextlib.contextmanager
def _empty(names: Sequence[str]) -> Iterator[None]:
    """Let modules of these names be empty, and forget them afterwards."""
    finder = _EmptyModules(names)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in names:
            parent, _, own = name.rpartition(".")
            if sys.modules.pop(name, None) is not None and parent in sys.modules:
                vars(sys.modules[parent]).pop(own, None)
