"""Landmarks of people in a frame: MediaPipe, with its smoothing switched off.

`Detector` says what the rest of the project needs; `MediaPipeDetector` is the one
that ships. A detector remembers the last frame, so every video gets a fresh one.
"""

import contextlib
import hashlib
import os
import re
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np

from balance.model.errors import DetectorError
from balance.tracking.leg_outline import find_leg_edges
from balance.tracking.mediapipe_import import load_mediapipe
from balance.tracking.network_view import RgbImage, for_network, parts_of
from balance.tracking.subject import SAME_BODY, Body, apart, distinct
from balance.video.memory import set_malloc_thresholds, trim_heap

MODELS = Path(__file__).parents[1] / "data" / "models"
# The whole model. Results name it by its sum; its file stays in the source checkout,
# because the two below find the same and are all that is ever loaded.
SHIPPED_MODEL = MODELS / "pose_landmarker_full.task"
SHIPPED_SHA256 = "4ea45b905cb1b3a53ca3c48de7853758527e5f53e6bbc023f29738e7d042f3d4"
# The same without what only the mask comes from: the same landmarks to the bit in
# three fifths of the time; and with a mask where legs are, in four fifths
# (``scripts/make_pose_model.py`` makes both of the whole one).
NO_MASK_MODEL = MODELS / "pose_landmarker_full_no_mask.task"
LEG_MASK_MODEL = MODELS / "pose_landmarker_full_leg_mask.task"

# VIDEO mode smooths with a filter that works on the time stamps it is given, and that
# eats sway. Frames that claim to be 100 s apart are not smoothed; tracking, which
# looks only at the last frame, goes on as before.
STRETCHED_STEP_MS = 100_000

# How many people a look at everybody can tell apart.
MOST_PEOPLE = 4
# The landmarks end at the eyes and toes; so much more is hidden, in body heights.
HIDING_ROOM = 0.06

# Debian package for each system library that MediaPipe loads.
PACKAGE_OF_LIBRARY = {
    "libGL.so": "libgl1",
    "libEGL.so": "libegl1",
    "libGLESv2.so": "libgles2",
    "libglib-2.0.so": "libglib2.0-0",
    "libgthread-2.0.so": "libglib2.0-0",
}


class Detector(Protocol):
    """Finds bodies; ``follow`` remembers the last frame, ``find_all`` does not."""

    def follow(self, rgb: RgbImage) -> Body | None:
        """Find the one person who is being followed; None where nobody is seen."""
        ...

    def forget(self) -> None:
        """Drop the person followed; the next ``follow`` looks for anybody."""
        ...

    def begin_outlines(self) -> None:
        """Read the outline of the legs in each frame; drop the person followed."""
        ...

    def outlined(self, rgb: RgbImage, body: Body) -> Body:
        """Read the outline in this frame alone; the body as it is where it fails."""
        ...

    def find_all(self, rgb: RgbImage, known: Body | None) -> tuple[Body, ...]:
        """Find everybody, each one once; ``known`` is the one already found."""
        ...

    def close(self) -> None:
        """Free what it holds."""
        ...


class MediaPipeDetector:
    """The pose landmarker of MediaPipe on one core.

    The mask that the outline of the legs needs comes from the same network and changes
    no landmark, but takes half as long again; so it is made only when asked for.

    Parameters
    ----------
    model
        A ``.task`` bundle; None is the one that ships with the package.
    any_finder
        What looks for everybody, shared with others; None is one of its own.

    Raises
    ------
    DetectorError
        If the model or a system library is missing.
    """

    def __init__(
        self, model: Path | None = None, any_finder: "AnyFinder | None" = None
    ) -> None:
        self.model_sha256 = model_sha256(model or SHIPPED_MODEL)
        self._masked = model or LEG_MASK_MODEL
        self._frames = 0
        self._found_once = False
        set_malloc_thresholds()
        with _quiet_stderr():
            self._one = _landmarker(model or NO_MASK_MODEL, "VIDEO", mask=False)
        self._any = any_finder or AnyFinder(model)
        self._shares_any = any_finder is not None

    def follow(self, rgb: RgbImage) -> Body | None:
        """Find the one person who is being followed, where the last frame had him."""
        self._frames += 1
        small, times = for_network(rgb)
        with self._quiet_at_first():
            result = self._one.detect_for_video(
                _as_image(small), self._frames * STRETCHED_STEP_MS
            )
        bodies = self._bodies(result, small, times)
        if not bodies or not result.segmentation_masks:
            return bodies[0] if bodies else None
        return _with_outline(bodies[0], result.segmentation_masks[0], times)

    def forget(self) -> None:
        """Drop the person followed: a black frame shows nobody."""
        self.follow(np.zeros((64, 64, 3), np.uint8))

    def begin_outlines(self) -> None:
        """Go on with a model that draws masks; it has not seen anybody yet."""
        self._one.close()
        with _quiet_stderr():
            self._one = _landmarker(self._masked, "VIDEO", mask=True)

    def outlined(self, rgb: RgbImage, body: Body) -> Body:
        """Read the outline in this frame, if the model finds this body in it."""
        small, times = for_network(rgb)
        with self._quiet_at_first():
            result = self._any.detect(small)
        bodies = self._bodies(result, small, times)
        for found, mask in zip(bodies, result.segmentation_masks or (), strict=False):
            if apart(found, body) <= SAME_BODY:
                return _with_outline(body, mask, times)
        return body

    def find_all(self, rgb: RgbImage, known: Body | None) -> tuple[Body, ...]:
        """Find up to four people, each one once; ``known`` is already found.

        Asked for several people at once, the model overlooks those beside the most
        prominent one. So each one found is hidden, and the rest is searched again.
        In a very wide frame it overlooks everybody; its parts are searched, too.
        """
        found = self._searched(rgb, [] if known is None else [known])
        for left, part in parts_of(_hidden(rgb, found)):
            seen = [body.moved(left) for body in self._searched(part, [])]
            found = list(distinct([*found, *seen]))
        return tuple(found[:MOST_PEOPLE])

    def _searched(self, rgb: RgbImage, known: Sequence[Body]) -> list[Body]:
        found = list(known)
        while len(found) < MOST_PEOPLE:
            with self._quiet_at_first():
                hidden, times = for_network(_hidden(rgb, found))
                result = self._any.detect(hidden)
            bodies = self._bodies(result, hidden, times)
            new = distinct([*found, *bodies])[len(found) :]
            if not new:
                break
            found.extend(new)
        return found

    def close(self) -> None:
        """Free the native memory."""
        self._one.close()
        if not self._shares_any:
            self._any.close()
        del self._one, self._any
        trim_heap()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _quiet_at_first(self) -> contextlib.AbstractContextManager[None]:
        # Each native step talks when it runs for the first time.
        return contextlib.nullcontext() if self._found_once else _quiet_stderr()

    def _bodies(self, result: Any, small: RgbImage, times: int) -> list[Body]:
        size = times * np.array(small.shape[1::-1], float)
        self._found_once = self._found_once or bool(result.pose_landmarks)
        return [
            Body(
                np.array([(point.x, point.y) for point in points]) * size,
                np.array([point.visibility for point in points], float),
            )
            for points in result.pose_landmarks
        ]


class AnyFinder:
    """Finds bodies in single frames, with masks; remembers nothing.

    Threads may share it: a model takes 75 MB and 0.2 s to load.
    """

    def __init__(self, model: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._model = model or LEG_MASK_MODEL
        self._landmarker: Any = None

    def detect(self, rgb: RgbImage) -> Any:
        """Return what the landmarker finds; it is loaded for the first frame."""
        with self._lock:
            if self._landmarker is None:
                with _quiet_stderr():
                    self._landmarker = _landmarker(self._model, "IMAGE", mask=True)
            return self._landmarker.detect(_as_image(rgb))

    def close(self) -> None:
        """Free the native memory."""
        with self._lock:
            if self._landmarker is not None:
                self._landmarker.close()
            self._landmarker = None


def _with_outline(body: Body, mask: Any, times: int) -> Body:
    """Add the outline, read in a frame that is so many times smaller."""
    shares = mask.numpy_view()
    shares = shares.reshape(shares.shape[:2])
    edges = times * find_leg_edges(shares, body.xy_px / times)
    return replace(body, leg_edges_px=edges)


@cache
def model_sha256(path: Path = SHIPPED_MODEL) -> str:
    """SHA-256 of a model bundle, which goes into every result."""
    if path == SHIPPED_MODEL:
        return SHIPPED_SHA256
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


def _landmarker(path: Path, mode: str, *, mask: bool) -> Any:
    try:
        load_mediapipe()
        from mediapipe.tasks.python import BaseOptions, vision

        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(path)),
            running_mode=vision.RunningMode[mode],
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


def _hidden(rgb: RgbImage, bodies: Sequence[Body]) -> RgbImage:
    """Paint grey over bodies, head and feet included."""
    if not bodies:
        return rgb
    rgb = rgb.copy()
    for body in bodies:
        room = HIDING_ROOM * body.height_px
        low = np.maximum(body.xy_px.min(axis=0) - room, 0).astype(int)
        high = np.maximum(body.xy_px.max(axis=0) + room, 0).astype(int)
        rgb[low[1] : high[1], low[0] : high[0]] = 128
    return rgb


def _as_image(rgb: RgbImage) -> Any:
    import mediapipe

    return mediapipe.Image(mediapipe.ImageFormat.SRGB, rgb)


class _Quiet:
    """Keeps the native libraries' start-up notes off the screen.

    They write to the file descriptor, out of reach of ``sys.stderr``. Several
    detectors may start at the same time: the first in turns the notes away, the last
    out gives the descriptor back.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._kept = -1

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._kept = os.dup(2)
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, 2)
                os.close(nowhere)
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                os.dup2(self._kept, 2)
                os.close(self._kept)


_quiet = _Quiet()


def _quiet_stderr() -> contextlib.AbstractContextManager[None]:
    return _quiet
