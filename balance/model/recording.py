"""What was recorded: landmarks, the tracks beside them, and the scene, per frame.

Axes: T frames, 33 landmarks, (x, y) in displayed picture elements (px), x to the
right, y down. Times are seconds of the video's own clock. NaN = not seen; a frame
that could not be measured keeps its row.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from balance.model.errors import InputError
from balance.model.landmarks import LANDMARK_COUNT, Landmark
from balance.model.results import Conditions, Finding, Options, Person, Software, Source

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]


def _require_shape(
    name: str, array: NDArray[np.generic], shape: tuple[int, ...]
) -> None:
    if array.shape != shape:
        raise InputError(f"{name} must have shape {shape}, got {array.shape}")


@dataclass(frozen=True, eq=False)
class PoseSequence:
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
        Width and height of the displayed picture.
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
        if frames and not np.all(np.diff(self.time_s) > 0):
            raise InputError("time_s must increase from frame to frame")

    def __len__(self) -> int:
        return len(self.time_s)

    def __getitem__(self, rows: slice) -> "PoseSequence":
        """Return some of the frames."""
        return replace(
            self,
            time_s=self.time_s[rows],
            xy_px=self.xy_px[rows],
            visibility=self.visibility[rows],
        )

    def point(self, landmark: Landmark) -> FloatArray:
        """(T, 2) px of one landmark."""
        return self.xy_px[:, landmark]

    @property
    def rate_hz(self) -> float:
        """Frames per second from the median spacing; NaN below two frames."""
        if len(self) < 2:
            return float("nan")
        return float(1.0 / np.median(np.diff(self.time_s)))


@dataclass(frozen=True, eq=False)
class SwayTrack:
    """Side-to-side pelvis position, camera motion taken out.

    ``ml_px`` (T,) is picture x in px, ``sd_px`` (T,) its standard deviation; NaN
    where the pelvis was not followed. ``stretch`` (T,) is by what share the pelvis
    looks larger than at some moment of the same stand, because it is nearer, and
    ``down_px`` (T,) its picture y, camera motion taken out; None or NaN where that is
    not known.
    """

    ml_px: FloatArray
    sd_px: FloatArray
    stretch: FloatArray | None = None
    down_px: FloatArray | None = None

    def __getitem__(self, rows: slice) -> "SwayTrack":
        """Return some of the frames."""
        stretch = None if self.stretch is None else self.stretch[rows]
        down_px = None if self.down_px is None else self.down_px[rows]
        return SwayTrack(self.ml_px[rows], self.sd_px[rows], stretch, down_px)


@dataclass(frozen=True, eq=False)
class FootTracks:
    """Both feet followed by their texture: (T, 2) px each, NaN where not followed."""

    left_px: FloatArray
    right_px: FloatArray

    def __getitem__(self, rows: slice) -> "FootTracks":
        """Return some of the frames."""
        return FootTracks(self.left_px[rows], self.right_px[rows])


@dataclass(frozen=True, eq=False)
class Scene:
    """What the picture round the person did, per frame.

    ``camera_shift_px`` (T, 2) how far the background stands from where it stood in
    the first frame; ``luma`` (T,) mean brightness 0–255; ``sharpness`` (T,) variance
    of the Laplacian on the person and ``people`` (T,) number of people seen, both NaN
    where nobody looked; ``cut`` (T,) True on the first frame after a cut.
    """

    camera_shift_px: FloatArray
    luma: FloatArray
    sharpness: FloatArray
    people: FloatArray
    cut: BoolArray

    @classmethod
    def unknown(cls, frames: int) -> "Scene":
        """Return a scene that nobody looked at."""
        nan = np.full(frames, np.nan)
        return cls(np.full((frames, 2), np.nan), nan, nan, nan, np.zeros(frames, bool))

    def __getitem__(self, rows: slice) -> "Scene":
        """Return some of the frames."""
        return Scene(
            self.camera_shift_px[rows],
            self.luma[rows],
            self.sharpness[rows],
            self.people[rows],
            self.cut[rows],
        )


@dataclass(frozen=True, eq=False)
class Recording:
    """All that ``assess`` needs; stored whole, so a result can be had again."""

    pose: PoseSequence
    sway_track: SwayTrack
    foot_tracks: FootTracks
    scene: Scene
    source: Source
    software: Software
    # What the person was asked and told; changes numbers, so it is kept with them.
    person: Person = field(default_factory=Person)
    conditions: Conditions = field(default_factory=Conditions)
    options: Options = field(default_factory=Options)
    protocol: str = "auto"
    # (T, 2, rows, 2) px, see ``leg_outline``; None where no outline was read.
    leg_edges_px: FloatArray | None = None
    # What was noticed while the video was read and tracked.
    notes: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        frames = len(self.pose)
        _require_shape("sway_track.ml_px", self.sway_track.ml_px, (frames,))
        _require_shape("sway_track.sd_px", self.sway_track.sd_px, (frames,))
        for name in ("stretch", "down_px"):
            part = getattr(self.sway_track, name)
            if part is not None:
                _require_shape(f"sway_track.{name}", part, (frames,))
        _require_shape("foot_tracks.left_px", self.foot_tracks.left_px, (frames, 2))
        _require_shape("foot_tracks.right_px", self.foot_tracks.right_px, (frames, 2))
        shift = self.scene.camera_shift_px
        _require_shape("scene.camera_shift_px", shift, (frames, 2))
        for name in ("luma", "sharpness", "people", "cut"):
            _require_shape(f"scene.{name}", getattr(self.scene, name), (frames,))
        if self.leg_edges_px is not None:
            shape = (frames, *self.leg_edges_px.shape[1:])
            _require_shape("leg_edges_px", self.leg_edges_px, shape)

    def __getitem__(self, rows: slice) -> "Recording":
        """Return some of the frames, with all that was told of the person."""
        edges = self.leg_edges_px
        return replace(
            self,
            pose=self.pose[rows],
            sway_track=self.sway_track[rows],
            foot_tracks=self.foot_tracks[rows],
            scene=self.scene[rows],
            leg_edges_px=None if edges is None else edges[rows],
        )
