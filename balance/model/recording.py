"""What was recorded: landmarks, the tracks beside them, and the scene, per frame.

Axes: T frames, 33 landmarks, (x, y) in displayed pixels (px), x to the
right, y down. Times are seconds of the video's own clock. NaN = not seen; a frame
that could not be measured keeps its row.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from balance.model.errors import InputError, OutputError
from balance.model.landmarks import LANDMARK_COUNT, Landmark
from balance.model.plausible import HIGHEST_RATE_HZ, LATEST_S
from balance.model.results import Conditions, Finding, Options, Person, Software, Source

if TYPE_CHECKING:
    import pandas
    import xarray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]
Array = NDArray[Any]


def _require_shape(
    name: str, array: NDArray[np.generic], shape: tuple[int, ...]
) -> None:
    if array.shape != shape:
        raise InputError(f"{name} must have shape {shape}, got {array.shape}")


class PerFrame:
    """A frozen dataclass whose arrays all have the frames as their first axis.

    Parts that are ``PerFrame`` too are changed with it; whatever else it holds (size,
    person, options) stays as it is.
    """

    def map(self, change: Callable[[Array], Array]) -> Self:
        """Return a copy with ``change`` applied to each array of it."""
        return self._merged(lambda arrays: change(arrays[0]))

    def select(self, rows: slice | Array) -> Self:
        """Return some of the frames, by slice, mask (T,) or index."""
        return self.map(lambda array: array[rows])

    def concat(self, *others: Self) -> Self:
        """Return these frames followed by those of others; the rest is this one's."""
        return self._merged(np.concatenate, *others)

    def __getitem__(self, rows: slice) -> Self:
        """Return some of the frames."""
        return self.select(rows)

    def _merged(self, merge: Callable[[list[Array]], Array], *others: Self) -> Self:
        changed: dict[str, object] = {}
        for one in fields(self):  # type: ignore[arg-type]
            values = [getattr(part, one.name) for part in (self, *others)]
            if all(isinstance(value, np.ndarray) for value in values):
                changed[one.name] = merge(values)
            elif isinstance(values[0], PerFrame):
                changed[one.name] = values[0]._merged(merge, *values[1:])
            elif isinstance(values[0], np.ndarray):
                changed[one.name] = None  # known in some of the parts only
        return replace(self, **changed)  # type: ignore[type-var]


@dataclass(frozen=True, eq=False)
class PoseSequence(PerFrame):
    """Landmarks of one person over time.

    Parameters
    ----------
    time_s
        (T,) strictly increasing.
    xy_px
        (T, 33, 2), NaN where not seen.
    visibility
        (T, 33), MediaPipe's own, 0 to 1. It stays near 0.99 for joints that cannot
        be seen, so it is no gate; see ``quality.py``.
    size_px
        Width and height of the displayed frame.
    source
        Name of what was recorded.
    """

    time_s: FloatArray
    xy_px: FloatArray
    visibility: FloatArray
    size_px: tuple[int, int]
    source: str = ""

    def __post_init__(self) -> None:
        frames = len(self.time_s)
        _require_shape("time_s", self.time_s, (frames,))
        _require_shape("xy_px", self.xy_px, (frames, LANDMARK_COUNT, 2))
        _require_shape("visibility", self.visibility, (frames, LANDMARK_COUNT))
        if not np.all(np.isfinite(self.time_s)) or not np.all(np.diff(self.time_s) > 0):
            raise InputError("time_s must increase from frame to frame")
        _require_a_recording_s(self.time_s)

    def __len__(self) -> int:
        return len(self.time_s)

    def point(self, landmark: Landmark) -> FloatArray:
        """(T, 2) px of one landmark."""
        return self.xy_px[:, landmark]

    @property
    def rate_hz(self) -> float:
        """Frames per second from the median spacing; NaN below two frames."""
        if len(self) < 2:
            return float("nan")
        return float(1.0 / np.median(np.diff(self.time_s)))

    def to_xarray(self) -> "xarray.Dataset":
        """Return the landmarks as a data set.

        ``xy_px`` (time, landmark, axis) in px of the displayed frame, x to the right,
        y down; ``visibility`` (time, landmark) 0 to 1; coordinates ``time`` (s),
        ``landmark`` (names of MediaPipe's 33) and ``axis`` (x, y). NaN = not seen.

        Raises
        ------
        OutputError
            Where xarray is not installed.
        """
        try:
            import xarray
        except ImportError as error:
            raise OutputError("this needs xarray: pip install xarray") from error
        names = [landmark.name.lower() for landmark in Landmark]
        return xarray.Dataset(
            {
                "xy_px": (("time", "landmark", "axis"), self.xy_px, {"units": "px"}),
                "visibility": (("time", "landmark"), self.visibility),
            },
            coords={
                "time": ("time", self.time_s, {"units": "s"}),
                "landmark": names,
                "axis": ["x", "y"],
            },
            attrs={"source": self.source, "size_px": list(self.size_px)},
        )


def _require_a_recording_s(time_s: FloatArray) -> None:
    """Refuse times at which no camera records, before memory is taken for them."""
    if len(time_s) < 2:
        return
    lasted_s = float(time_s[-1] - time_s[0])
    if lasted_s > LATEST_S or len(time_s) > lasted_s * HIGHEST_RATE_HZ + 1:
        raise InputError("time_s must be seconds of a recording, at most a day of it")


@dataclass(frozen=True, eq=False)
class Sway:
    """Side-to-side path of the pelvis over time, for a table.

    ``ml_px`` (T,) image x in px, camera motion taken out, ``sd_px`` (T,) its standard
    deviation, ``y_px`` (T,) image y; NaN where the pelvis was not followed. Measures in
    mm come from `balance.assess`.
    """

    time_s: FloatArray
    ml_px: FloatArray
    sd_px: FloatArray
    y_px: FloatArray

    def to_dataframe(self) -> "pandas.DataFrame":
        """Return a data frame, one row a frame: ``time_s, ml_px, sd_px, y_px``.

        Raises
        ------
        OutputError
            Where pandas is not installed.
        """
        try:
            import pandas
        except ImportError as error:
            raise OutputError("this needs pandas: pip install pandas") from error
        names = [field.name for field in fields(self)]
        return pandas.DataFrame({name: getattr(self, name) for name in names})


@dataclass(frozen=True, eq=False)
class SwayTrack(PerFrame):
    """Side-to-side pelvis position, camera motion taken out.

    ``ml_px`` (T,) is image x in px, ``sd_px`` (T,) its standard deviation; NaN
    where the pelvis was not followed. ``scale_change`` (T,) is by what share the pelvis
    looks larger than at some moment of the same stand, because it is nearer, and
    ``y_px`` (T,) its image y, camera motion taken out; None or NaN where that is
    not known.
    """

    ml_px: FloatArray
    sd_px: FloatArray
    scale_change: FloatArray | None = None
    y_px: FloatArray | None = None


@dataclass(frozen=True, eq=False)
class FootTracks(PerFrame):
    """Both feet followed by their texture: (T, 2) px each, NaN where not followed."""

    left_px: FloatArray
    right_px: FloatArray


@dataclass(frozen=True, eq=False)
class Scene(PerFrame):
    """What the frame round the person did, per frame.

    ``camera_shift_px`` (T, 2) how far the background stands from where it stood in
    the first frame; ``luma`` (T,) mean brightness 0–255; ``sharpness`` (T,) variance
    of the Laplacian on the person and ``person_count`` (T,) number of people seen,
    both NaN where nobody looked; ``scene_cut`` (T,) True on the first frame
    after a cut.
    """

    camera_shift_px: FloatArray
    luma: FloatArray
    sharpness: FloatArray
    person_count: FloatArray
    scene_cut: BoolArray

    @classmethod
    def unknown(cls, frames: int) -> "Scene":
        """Return a scene that nobody looked at."""
        nan = np.full(frames, np.nan)
        return cls(np.full((frames, 2), np.nan), nan, nan, nan, np.zeros(frames, bool))


@dataclass(frozen=True, eq=False)
class Recording(PerFrame):
    """All that ``assess`` needs; stored whole, so a result can be had again.

    Parameters
    ----------
    pose
        Landmarks, (T, 33, 2) px, with their times (T,) in s; NaN = not seen.
    sway_track, foot_tracks
        Pelvis and feet followed by their texture, in px; NaN where they were not.
    scene
        What the frame round the person did.
    source, software
        Of what and by what it was made.
    person, conditions, options, protocol
        What was asked and told; they change numbers, so they are kept with them.
    leg_edges_px
        (T, 2, rows, 2) outlines of the legs, see ``leg_outline``; None: not read.
    inferred
        (T,) False where landmarks are interpolated, because nothing moved; None: each
        frame was looked at.
    notes
        What was noticed while the video was read and tracked.

    Raises
    ------
    InputError
        Where the parts differ in their number of frames.
    """

    pose: PoseSequence
    sway_track: SwayTrack
    foot_tracks: FootTracks
    scene: Scene
    source: Source
    software: Software
    person: Person = field(default_factory=Person)
    conditions: Conditions = field(default_factory=Conditions)
    options: Options = field(default_factory=Options)
    protocol: str = "auto"
    leg_edges_px: FloatArray | None = None
    inferred: BoolArray | None = None
    notes: tuple[Finding, ...] = ()

    @property
    def sway(self) -> Sway:
        """Side-to-side path of the pelvis with its times."""
        track = self.sway_track
        y_px = np.full(len(self.pose), np.nan) if track.y_px is None else track.y_px
        return Sway(self.pose.time_s, track.ml_px, track.sd_px, y_px)

    def __post_init__(self) -> None:
        frames = len(self.pose)
        _require_shape("sway_track.ml_px", self.sway_track.ml_px, (frames,))
        _require_shape("sway_track.sd_px", self.sway_track.sd_px, (frames,))
        for name in ("scale_change", "y_px"):
            part = getattr(self.sway_track, name)
            if part is not None:
                _require_shape(f"sway_track.{name}", part, (frames,))
        _require_shape("foot_tracks.left_px", self.foot_tracks.left_px, (frames, 2))
        _require_shape("foot_tracks.right_px", self.foot_tracks.right_px, (frames, 2))
        shift = self.scene.camera_shift_px
        _require_shape("scene.camera_shift_px", shift, (frames, 2))
        for name in ("luma", "sharpness", "person_count", "scene_cut"):
            _require_shape(f"scene.{name}", getattr(self.scene, name), (frames,))
        if self.leg_edges_px is not None:
            shape = (frames, *self.leg_edges_px.shape[1:])
            _require_shape("leg_edges_px", self.leg_edges_px, shape)
        if self.inferred is not None:
            _require_shape("inferred", self.inferred, (frames,))
