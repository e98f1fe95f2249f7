"""Measure human balance with an ordinary camera.

>>> import balance
>>> result = balance.analyze("clip.mp4", height_cm=178)  # doctest: +SKIP

What stands in ``__all__`` is public and stays; everything heavy is loaded on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from balance.model.version import __version__ as __version__

if TYPE_CHECKING:
    from balance.model import errors as errors
    from balance.model.codes import TrialKind as TrialKind
    from balance.model.errors import BalanceError as BalanceError
    from balance.model.errors import DetectorError as DetectorError
    from balance.model.errors import InputError as InputError
    from balance.model.errors import OutputError as OutputError
    from balance.model.errors import StoreError as StoreError
    from balance.model.errors import VideoError as VideoError
    from balance.model.recording import Recording as Recording
    from balance.model.results import Assessment as Assessment
    from balance.model.results import Conditions as Conditions
    from balance.model.results import Measurement as Measurement
    from balance.model.results import Options as Options
    from balance.model.results import Person as Person
    from balance.model.results import Trial as Trial
    from balance.model.setup import Setup as Setup
    from balance.pipeline.analyze import Result as Result
    from balance.pipeline.api import BatchResult as BatchResult
    from balance.pipeline.api import analyze as analyze
    from balance.pipeline.api import assess as assess
    from balance.pipeline.api import batch as batch
    from balance.pipeline.api import read_recording as read_recording

_HOMES = {
    "balance.pipeline.api": (
        "BatchResult",
        "analyze",
        "assess",
        "batch",
        "read_recording",
    ),
    "balance.pipeline.analyze": ("Result",),
    "balance.model.setup": ("Setup",),
    "balance.model.recording": ("Recording",),
    "balance.model.codes": ("TrialKind",),
    "balance.model.results": (
        "Assessment",
        "Conditions",
        "Measurement",
        "Options",
        "Person",
        "Trial",
    ),
    "balance.model.errors": (
        "BalanceError",
        "DetectorError",
        "InputError",
        "OutputError",
        "StoreError",
        "VideoError",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Assessment",
    "BalanceError",
    "BatchResult",
    "Conditions",
    "DetectorError",
    "InputError",
    "Measurement",
    "Options",
    "OutputError",
    "Person",
    "Recording",
    "Result",
    "Setup",
    "StoreError",
    "Trial",
    "TrialKind",
    "VideoError",
    "__version__",
    "analyze",
    "assess",
    "batch",
    "errors",
    "read_recording",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name == "errors":
        return import_module("balance.model.errors")
    if name not in _HOME_OF:
        raise AttributeError(f"module 'balance' has no attribute {name!r}")
    found = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
