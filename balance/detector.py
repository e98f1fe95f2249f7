"""Landmarks of people in a picture: MediaPipe, with its smoothing switched off.

`Detector` says what the rest of the project needs; `MediaPipeDetector` is the one
that ships. A detector remembers the last picture, so every video gets a fresh one.
"""

import contextlib
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from balance.errors import DetectorError
from balance.leg_outline import find_leg_edges
from balance.subject import Body, distinct

RgbImage = NDArray[np.uint8]

SHIPPED_MODEL = Path(__file__).parent / "data" / "models" / "pose_landmarker_full.task"

# VIDEO mode smooths with a filter that works on the time stamps it is given, and that
# eats sway. Pictures that claim to be 100 s apart are not smoothed; tracking, which
# looks only at the last picture, goes on as before.
STRETCHED_STEP_MS = 100_000

# How many people a look at everybody can tell apart.
MOST_PEOPLE = 4

# Debian package for each system library that MediaPipe loads.
PACKAGE_OF_LIBRARY = {
    "libGL.so": "libgl1",
    "libEGL.so": "libegl1",
    "libGLESv2.so": "libgles2",
    "libglib-2.0.so": "libglib2.0-0",
    "libgthread-2.0.so": "libglib2.0-0",
}


class Detector(Protocol):
    """Finds bodies; ``follow`` remembers the last picture, ``find_all`` does not."""

    def follow(self, rgb: RgbImage) -> Body | None:
        """Find the one person who is being followed; None where nobody is seen."""
        ...

    def forget(self) -> None:
        """Drop the person followed; the next ``follow`` looks for anybody."""
        ...

    def find_all(self, rgb: RgbImage) -> tuple[Body, ...]:
        """Find everybody, each one once."""
        ...

    def close(self) -> None:
        """Free what it holds."""
        ...


class MediaPipeDetector:
    """The pose landmarker of MediaPipe on one core.

    Parameters
    ----------
    model
        A ``.task`` bundle; None is the one that ships with the package.

    Raises
    ------
    DetectorError
        If the model or a system library is missing.
    """

    def __init__(self, model: Path | None = None) -> None:
        path = SHIPPED_MODEL if model is None else model
        self.model_sha256 = model_sha256(path)
        self._pictures = 0
        self._found_once = False
        with _quiet_stderr():
            # The mask comes from the same network and costs a tenth more time.
            self._one = _landmarker(path, "VIDEO", people=1, mask=True)
            self._all = _landmarker(path, "IMAGE", people=MOST_PEOPLE)

    def follow(self, rgb: RgbImage) -> Body | None:
        """Find the one person who is being followed, where the last picture had him."""
        self._pictures += 1
        with self._quiet_at_first():
            result = self._one.detect_for_video(
                _as_image(rgb), self._pictures * STRETCHED_STEP_MS
            )
        bodies = self._bodies(result, rgb)
        if not bodies:
            return None
        mask = result.segmentation_masks[0].numpy_view().reshape(rgb.shape[:2])
        return replace(bodies[0], leg_edges_px=find_leg_edges(mask, bodies[0].xy_px))

    def forget(self) -> None:
        """Drop the person followed: a black picture shows nobody."""
        self.follow(np.zeros((64, 64, 3), np.uint8))

    def find_all(self, rgb: RgbImage) -> tuple[Body, ...]:
        """Find up to four people, each one once."""
        with self._quiet_at_first():
            result = self._all.detect(_as_image(rgb))
        return distinct(self._bodies(result, rgb))

    def close(self) -> None:
        """Free the native memory."""
        self._one.close()
        self._all.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _quiet_at_first(self) -> contextlib.AbstractContextManager[None]:
        # Each native step talks when it runs for the first time.
        return contextlib.nullcontext() if self._found_once else _quiet_stderr()

    def _bodies(self, result: Any, rgb: RgbImage) -> list[Body]:
        size = np.array(rgb.shape[1::-1], float)
        self._found_once = self._found_once or bool(result.pose_landmarks)
        return [
            Body(
                np.array([(point.x, point.y) for point in points]) * size,
                np.array([point.visibility for point in points], float),
            )
            for points in result.pose_landmarks
        ]


@cache
def model_sha256(path: Path = SHIPPED_MODEL) -> str:
    """SHA-256 of a model bundle, which goes into every result."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DetectorError(
            f"The pose model {path} cannot be read: {error.strerror}."
        ) from error


def mediapipe_version() -> str:
    """Version of the library that finds the landmarks, without loading it."""
    from importlib.metadata import version

    return version("mediapipe")


def _landmarker(path: Path, mode: str, people: int, mask: bool = False) -> Any:
    try:
        from mediapipe.tasks.python import BaseOptions, vision

        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(path)),
            running_mode=vision.RunningMode[mode],
            num_poses=people,
            output_segmentation_masks=mask,
        )
        return vision.PoseLandmarker.create_from_options(options)
    except (ImportError, OSError) as error:
        raise DetectorError(_what_is_missing(str(error))) from error
    except (RuntimeError, ValueError) as error:
        raise DetectorError(
            f"{path.name} is not a pose model that MediaPipe can load; "
            f"leave --model away to use the one that ships."
        ) from error


def _what_is_missing(problem: str) -> str:
    """Name the package to install for a library that could not be loaded."""
    for library, package in PACKAGE_OF_LIBRARY.items():
        if library in problem:
            return (
                f"The system library {library} is missing, which MediaPipe needs; "
                f"on Debian or Ubuntu install it with: sudo apt install {package}"
            )
    if match := re.search(r"(lib[\w.+-]+\.so[\w.]*)", problem):
        return (
            f"The system library {match.group(1)} is missing, which MediaPipe needs; "
            f"install the package of your system that holds it."
        )
    return f"MediaPipe cannot be loaded: {problem}."


def _as_image(rgb: RgbImage) -> Any:
    import mediapipe

    return mediapipe.Image(mediapipe.ImageFormat.SRGB, rgb)


@contextlib.contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Keep the native libraries' start-up notes off the screen.

    They write to the file descriptor, out of reach of ``sys.stderr``.
    """
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
