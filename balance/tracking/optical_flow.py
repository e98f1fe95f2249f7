"""Second pass over a video: follow pelvis, feet and background below the px.

Landmarks wander by half a px and more, which is millimetres; the frame itself
holds the motion ten times finer. Only the windows in which somebody stands on one
leg are looked at. Each region is compared with one reference frame of itself
(``alignment``), so nothing drifts; what the background does is the camera's doing
and is taken out; where there is nothing to follow, the landmarks stand in, with
their wider standard deviation (``fusion``).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from balance.model.camera import Pinhole
from balance.model.codes import FindingCode, Severity
from balance.model.landmarks import Side
from balance.model.recording import (
    BoolArray,
    FloatArray,
    FootTracks,
    PoseSequence,
    SwayTrack,
)
from balance.model.results import Finding
from balance.tracking import body_regions, coding, fusion
from balance.tracking.alignment import Motion
from balance.tracking.background import CameraWatch
from balance.tracking.region import RegionWatch

if TYPE_CHECKING:
    from balance.tracking.pelvis_process import PelvisElsewhere
    from balance.video.video import GreyFrame

# Frames are brought down by whole factors to about this thigh length: more px
# make it slower, not better.
THIGH_PX = 110.0
# Elements that take part: enough for hundredths of a px, few enough to be quick.
BODY_ELEMENTS = 900
FOOT_ELEMENTS = 250
# The reference is sought in the first so many seconds of a window; frames before it
# wait in memory, those after it are followed as they come.
WAITING_S = 8.0
# Feet are followed so long from the start and up to the end of a window: long enough
# for the foot to leave and to come.
FOOT_S = 3.0
# A foot that has been lost for so long is in the air; it will not come back as it was.
GIVE_UP_S = 0.5
# Landmarks so far outside of a window still count for what stands at its ends.
MARGIN_S = 0.5


@dataclass(frozen=True, slots=True)
class StanceWindow:
    """Seconds worth following, with a margin of two-leg standing before and after.

    ``stance`` is the leg that carries; None for both.
    """

    start_s: float
    end_s: float
    stance: Side | None


@dataclass(frozen=True, eq=False)
class Observation:
    """What the second pass adds to the landmarks; see ``pose.py`` for the parts."""

    sway_track: SwayTrack
    foot_tracks: FootTracks
    camera_shift_px: FloatArray
    findings: tuple[Finding, ...]


def observe(
    frames: Iterable["GreyFrame"],
    pose: PoseSequence,
    windows: Sequence[StanceWindow],
    *,
    only_standing: bool = False,
    elsewhere: "Callable[[RegionWatch], PelvisElsewhere] | None" = None,
) -> Observation:
    """Follow pelvis, feet and camera through the windows.

    Parameters
    ----------
    frames
        The same video again, upright, without its colours; frames outside the windows
        are passed over.
    pose
        Cleaned landmarks of the first pass, one row a frame.
    windows
        In order, not overlapping. Each is followed by itself, so that the result
        does not depend on what else is in the video.
    only_standing
        Follow the camera and the standing feet alone; the rest is as if lost.
    elsewhere
        Lets another process follow a pelvis; None where it is followed here.
    """
    watches = [_WindowWatch(pose, window, only_standing) for window in windows]
    for watch in watches:
        if elsewhere is not None and isinstance(watch.pelvis, RegionWatch):
            watch.pelvis = elsewhere(watch.pelvis)
    camera = CameraWatch(pose, _watched(pose, windows))
    is_b_frame = np.zeros(len(pose), bool)
    for frame in frames:
        row = _row_at(pose.time_s, frame.time_s)
        for watch in watches:
            if watch.first <= row <= watch.last:
                is_b_frame[row] = frame.is_b_frame
                camera.see(row, frame)
                watch.see(row, frame)
    return _gather(pose, watches, camera, is_b_frame)


def _row_at(time_s: FloatArray, now_s: float) -> int:
    """Return the row nearest to a time, without looking at all of them."""
    after = int(np.searchsorted(time_s, now_s))
    if after == 0:
        return 0
    if after == len(time_s):
        return after - 1
    before_is_nearer = now_s - time_s[after - 1] <= time_s[after] - now_s
    return after - 1 if before_is_nearer else after


class _WindowWatch:
    """Everything followed in one window.

    Followers know only the rows ``part`` of the video, so that a long video with many
    windows takes no more memory than its landmarks.
    """

    def __init__(
        self, pose: PoseSequence, window: StanceWindow, only_standing: bool
    ) -> None:
        self.window = window
        time_s = pose.time_s
        self.first = int(np.searchsorted(time_s, window.start_s - 1e-6))
        self.last = int(np.searchsorted(time_s, window.end_s + 1e-6)) - 1
        self.part = slice(
            int(np.searchsorted(time_s, window.start_s - MARGIN_S)),
            int(np.searchsorted(time_s, window.end_s + MARGIN_S)),
        )
        own = pose[self.part]
        ends = (self.first - self.part.start, self.last - self.part.start)
        self.pelvis: RegionWatch | PelvisElsewhere | None = (
            None if only_standing else self._pelvis(own, *ends)
        )
        self.feet: dict[Side, list[RegionWatch]] = {side: [] for side in Side}
        for side in Side:
            if side is window.stance or not only_standing:
                self.feet[side] = self._feet(own, side, *ends)

    def see(self, row: int, frame: "GreyFrame") -> None:
        row -= self.part.start
        if self.pelvis is not None:
            self.pelvis.see(row, frame)
        for parts in self.feet.values():
            for part in parts:
                part.see(row, frame)

    def settle(self) -> RegionWatch | None:
        """Follow what still waits; no more frames come. Return the pelvis."""
        for follower in (*self.feet[Side.LEFT], *self.feet[Side.RIGHT]):
            follower.settle()
        return None if self.pelvis is None else self.pelvis.settle()

    def _pelvis(self, pose: PoseSequence, first: int, last: int) -> RegionWatch | None:
        rows = slice(first, last + 1)
        reference = fusion.typical_row(pose, rows, WAITING_S)
        if reference is None:
            return None
        points = fusion.points_about(pose, reference)
        stance = self.window.stance
        reach = body_regions.thigh_length(points, stance)
        return RegionWatch(
            rows=(first, last),
            reference=reference,
            outline=body_regions.stance_region(points, stance),
            centre=body_regions.hip_centre(points, stance),
            reach_px=reach,
            kind=Motion.LEANING,
            elements=BODY_ELEMENTS,
            shrink=max(1, round(reach / THIGH_PX)),
            guess=fusion.thigh_motion(pose, points, stance),
            patience=len(pose),
        )

    def _feet(
        self, pose: PoseSequence, side: Side, first: int, last: int
    ) -> list[RegionWatch]:
        """Follow a foot from how it stood first, and back from how it stood last."""
        time_s = pose.time_s
        ends = [
            (first, int(np.searchsorted(time_s, time_s[first] + FOOT_S)), first),
            (int(np.searchsorted(time_s, time_s[last] - FOOT_S)), last, last),
        ]
        if side is self.window.stance:
            ends = [(first, last, first)]
        followers = []
        for start, stop, reference in ends:
            points = fusion.points_about(pose, reference)
            if not np.isfinite(points).all():
                continue
            reach = body_regions.thigh_length(points, None)
            foot = points[[side.landmark("ankle"), side.landmark("foot_index")]]
            followers.append(
                RegionWatch(
                    rows=(start, min(stop, last)),
                    reference=reference,
                    outline=body_regions.foot_region(points, side),
                    centre=foot.mean(axis=0),
                    reach_px=reach,
                    kind=Motion.SHIFT,
                    elements=FOOT_ELEMENTS,
                    shrink=max(1, round(reach / THIGH_PX)),
                    guess=fusion.foot_motion(pose, points, side),
                    patience=_frames(pose, GIVE_UP_S),
                    leaves=self.window.stance is side.other,
                )
            )
        return followers


def _frames(pose: PoseSequence, seconds: float) -> int:
    return round(seconds * pose.rate_hz) if len(pose) > 1 else 1


def _watched(pose: PoseSequence, windows: Sequence[StanceWindow]) -> BoolArray:
    """(T,) True inside of any window."""
    inside = np.zeros(len(pose), bool)
    for window in windows:
        inside |= (pose.time_s >= window.start_s) & (pose.time_s <= window.end_s)
    return inside


def _gather(
    pose: PoseSequence,
    watches: Sequence[_WindowWatch],
    camera: CameraWatch,
    is_b_frame: BoolArray,
) -> Observation:
    """Put the parts together, camera motion taken out.

    ``is_b_frame`` (T,): which frames were coded between two others.
    """
    frames = len(pose)
    flow_px, flow_sd, stretch, down_px = (np.full(frames, np.nan) for _ in range(4))
    feet = {side: np.full((frames, 2), np.nan) for side in Side}
    findings = []
    camera.settle()
    moved = np.nan_to_num(camera.shift_px)
    focal_px = Pinhole.usual(pose.size_px).focal_px
    for watch in watches:
        track, part = watch.settle(), watch.part
        if track is not None:
            ok = np.isfinite(track.sd_px)
            share = 1 - body_regions.SURFACE_NEARER * track.reach_px / focal_px
            hips_px = track.centre[0] + share * (track.motion[:, 0] - moved[part, 0])
            hips_px = coding.smooth_b_frames(
                pose.time_s[part], hips_px, is_b_frame[part]
            )
            flow_px[part][ok] = hips_px[ok]
            flow_sd[part][ok] = track.sd_px[ok]
            stretch[part][ok] = track.motion[ok, 2] / track.reach_px
            down_px[part][ok] = (track.centre[1] + track.motion[:, 1])[ok]
        for side, parts in watch.feet.items():
            for foot in parts:
                ok = np.isfinite(foot.sd_px)
                there = np.nan_to_num(camera.shift_at(foot.centre, watch.part))
                feet[side][watch.part][ok] = (foot.centre + foot.motion - there)[ok]
    windows = [(w.first, w.last) for w in watches]
    sway, untextured = fusion.fuse(pose, flow_px, flow_sd, moved, windows)
    stretch -= np.nan_to_num(camera.stretch)
    for first, last in untextured:
        findings.append(_no_texture(pose, first, last))
        stretch[first : last + 1] = down_px[first : last + 1] = np.nan
    return Observation(
        replace(sway, scale_change=stretch, y_px=down_px - moved[:, 1]),
        FootTracks(feet[Side.LEFT], feet[Side.RIGHT]),
        camera.shift_px,
        tuple(findings),
    )


def _no_texture(pose: PoseSequence, first: int, last: int) -> Finding:
    start, end = pose.time_s[first], pose.time_s[last]
    return Finding(
        FindingCode.NO_TEXTURE,
        Severity.WARNING,
        f"From {start:.1f} s to {end:.1f} s the clothes show too little to be "
        "followed at the hips, so sway comes from the body points alone and is less "
        "exact. Clothes that stand out from the wall, or a belt, help.",
        float(start),
    )
