"""From a video file to its recording: landmarks, then what lies below the pixel."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from balance import __version__
from balance.landmarks import Side
from balance.pose import FloatArray, FootTracks, Recording, SwayTrack
from balance.reference import load_protocol
from balance.request import Progress, Setup
from balance.results import Options, Software, Source
from balance.trials import Stance, find_stances
from balance.trust import trust
from balance.video import Frame, VideoInfo, VideoReader, probe, read_video

# Standing on two legs that is looked at before and after a stand on one.
BESIDE_S = 1.5


def record_video(
    path: Path, setup: Setup, *, progress: Progress, workers: int | None = None
) -> Recording:
    """Landmarks, tracks and scene of a video: all that an assessment needs.

    ``workers`` is the number of cores to use, None for all; it changes no number.
    """
    from balance.detector import SHIPPED_MODEL, model_sha256
    from balance.tracking import track_video

    info = probe(path)
    tracked = track_video(
        path,
        setup.options,
        model=setup.model,
        info=info,
        workers=workers,
        progress=lambda done: progress("pose", done, info.frames),
    )
    frames = len(tracked.pose)
    recording = Recording(
        pose=tracked.pose,
        sway_track=SwayTrack(np.full(frames, np.nan), np.full(frames, np.nan)),
        foot_tracks=FootTracks(
            np.full((frames, 2), np.nan), np.full((frames, 2), np.nan)
        ),
        scene=tracked.scene,
        source=_source(info, tracked.pose.time_s),
        software=_software(model_sha256(setup.model or SHIPPED_MODEL)),
        person=setup.person,
        conditions=setup.conditions,
        options=setup.options,
        protocol=setup.protocol,
        notes=tracked.findings,
        leg_edges_px=tracked.leg_edges_px,
    )
    if not setup.options.flow:
        return recording
    return _followed(path, recording, progress)


def _followed(path: Path, recording: Recording, progress: Progress) -> Recording:
    """Look a second time, below the picture element, at the stands that were found."""
    from balance.optical_flow import StanceWindow, observe

    trusted = trust(recording).recording
    stances, _ = find_stances(trusted, load_protocol(recording.protocol))
    if not stances:
        return recording
    windows = [
        StanceWindow(start_s, end_s, side)
        for start_s, end_s, side in stance_windows(stances)
    ]
    total = len(recording.pose)
    with open_frames(path, recording.options) as frames:
        seen = observe(counted(frames, "flow", total, progress), trusted.pose, windows)
    return replace(
        recording,
        sway_track=seen.sway_track,
        foot_tracks=seen.foot_tracks,
        scene=replace(recording.scene, camera_shift_px=seen.camera_shift_px),
        notes=(*recording.notes, *seen.findings),
    )


def stance_windows(
    stances: tuple[Stance, ...],
) -> Iterator[tuple[float, float, Side]]:
    """Each stance with as much standing on two legs round it as is free."""
    for index, stance in enumerate(stances):
        before = stances[index - 1].end_s if index else -np.inf
        after = stances[index + 1].start_s if index + 1 < len(stances) else np.inf
        yield (
            max(stance.start_s - BESIDE_S, (stance.start_s + before) / 2),
            min(stance.end_s + BESIDE_S, (stance.end_s + after) / 2),
            stance.side,
        )


def open_frames(path: Path, options: Options) -> VideoReader:
    """Read the part of a video that was asked for, mirroring undone."""
    return read_video(
        path, from_s=options.from_s, to_s=options.to_s, mirrored=options.mirrored
    )


def counted(
    frames: Iterable[Frame], what: str, total: int, progress: Progress
) -> Iterator[Frame]:
    """Pass frames on and say how many went by."""
    for frame in frames:
        yield frame
        progress(what, frame.index + 1, total)


def _source(info: VideoInfo, time_s: FloatArray) -> Source:
    """Describe the source by what was decoded, not by what the header says."""
    step_s = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0
    duration_s = float(time_s[-1] - time_s[0]) + step_s if len(time_s) else 0.0
    return Source(
        name=info.name,
        sha256=info.sha256,
        duration_s=duration_s,
        frames=len(time_s),
        rate_hz=1 / step_s if step_s else 0.0,
        width_px=info.width_px,
        height_px=info.height_px,
        rotation_deg=info.rotation_deg,
    )


def _software(model_sha256: str) -> Software:
    from importlib.metadata import version

    return Software(__version__, version("mediapipe"), model_sha256)
