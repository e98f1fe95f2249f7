"""From a video file to its recording: landmarks, then what lies below the pixel."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from balance.model.codes import TESTS, TrialKind
from balance.model.landmarks import Side
from balance.model.recording import FloatArray, FootTracks, Recording, SwayTrack
from balance.model.results import Software, Source
from balance.model.setup import Progress, Setup
from balance.model.version import __version__
from balance.reference.loader import load_protocol
from balance.video.parts import (
    counted,
    open_grey,
)
from balance.video.read_ahead import read_ahead
from balance.video.segments import Segment
from balance.video.video import (
    VideoInfo,
    probe,
)

if TYPE_CHECKING:
    from balance.analysis.events.trials import Stance
    from balance.tracking.optical_flow import StanceWindow
    from balance.tracking.pelvis_process import Elsewhere

# Standing on two legs that is looked at before and after a stand on one.
BESIDE_S = 1.5
# What is either followed below the pixel or moves too much for a frame to be left out.
FOLLOWED_OR_QUICK = {
    TrialKind.SINGLE_LEG_STANCE,
    TrialKind.SINGLE_LEG_SQUAT_SET,
    TrialKind.SQUAT_SET,
}


def record_video(
    path: Path, setup: Setup, *, progress: Progress, workers: int | None = None
) -> Recording:
    """Landmarks, tracks and scene of a video: all that an assessment needs.

    ``workers`` is the number of cores to use, None for all; it changes no number.
    """
    from balance.tracking.pelvis_process import pelvis_process

    info = probe(path, setup.options.slow_motion)
    if not setup.options.flow:
        return _tracked(path, setup, info, progress, workers)
    with pelvis_process(info.frames, workers) as elsewhere:
        recording = _tracked(path, setup, info, progress, workers)
        return follow_stands(path, recording, progress, elsewhere)


def _tracked(
    path: Path,
    setup: Setup,
    info: VideoInfo,
    progress: Progress,
    workers: int | None,
) -> Recording:
    """Return the landmarks and the scene; nothing is followed below the pixel yet."""
    from balance.tracking.detector import SHIPPED_MODEL, model_sha256
    from balance.tracking.tracking import track_video
    from balance.video.memory import trim_heap

    tracked = track_video(
        path,
        setup.options,
        model=setup.model,
        every_frame=needs_every_frame(setup),
        info=info,
        workers=workers,
        progress=lambda done: progress("pose", done, info.frames),
    )
    trim_heap()  # the bodies of all frames are arrays by now
    frames = len(tracked.pose)
    return Recording(
        pose=tracked.pose,
        sway_track=SwayTrack(np.full(frames, np.nan), np.full(frames, np.nan)),
        foot_tracks=FootTracks(
            np.full((frames, 2), np.nan), np.full((frames, 2), np.nan)
        ),
        scene=tracked.scene,
        source=_source(info, tracked.pose.time_s, setup.recorded_at),
        software=_software(model_sha256(setup.model or SHIPPED_MODEL)),
        person=setup.person,
        conditions=setup.conditions,
        options=setup.options,
        protocol=setup.protocol,
        notes=tracked.findings,
        leg_edges_px=tracked.leg_edges_px,
        inferred=tracked.inferred,
    )


def needs_every_frame(setup: Setup) -> bool:
    """Whether landmarks are wanted in each frame, even while nothing moves.

    What sways without being followed below the pixel is measured by landmarks alone.
    """
    kinds = TESTS.get(setup.options.test) or {
        stage.kind for stage in load_protocol(setup.protocol).stages
    }
    options = setup.options
    return options.every_frame or not options.flow or not kinds <= FOLLOWED_OR_QUICK


def follow_stands(
    path: Path,
    recording: Recording,
    progress: Progress,
    elsewhere: "Elsewhere | None" = None,
) -> Recording:
    """Look a second time, below the pixel, at the stands that were found.

    ``elsewhere`` lets another process follow the pelvis; None follows it here.

    Standing feet seem to hop where a camera shakes, and what it did is known only after
    a look. Until then no stand is cut at a hop. Where one may have to be, the camera
    and the standing feet are looked at alone, and they decide on the stands.
    """
    windows, if_still = _stands(recording, camera_known=(False, True))
    if not windows:
        return recording
    hops = not _alike(windows, if_still)
    if hops:
        known = _looked_at(path, recording, windows, progress, only_standing=True)
        windows = stands_to_follow(known)
        if not windows:
            return known
    followed = _looked_at(path, recording, windows, progress, elsewhere)
    if hops:
        return followed
    turned_out = stands_to_follow(followed)
    if not turned_out or _alike(windows, turned_out):
        return followed
    return _looked_at(path, recording, turned_out, progress, elsewhere)


def stands_to_follow(recording: Recording) -> "list[StanceWindow]":
    """Return the parts that are worth a look, by what is known so far."""
    followed = bool(np.isfinite(recording.scene.camera_shift_px).any())
    return _stands(recording, camera_known=(followed,))[0]


def _stands(
    recording: Recording, camera_known: Sequence[bool]
) -> "list[list[StanceWindow]]":
    """Return the stands for each answer to whether the camera's motion is known."""
    from balance.analysis.body.clean_recording import clean
    from balance.analysis.body.contact import find_feet
    from balance.analysis.contact import BOTH, recording_contact
    from balance.analysis.events.trials import find_single_leg_stances
    from balance.reference.contact_model import load_contact_model
    from balance.tracking.optical_flow import StanceWindow

    cleaned = clean(recording).recording
    contact = recording_contact(cleaned, load_contact_model())
    feet = find_feet(cleaned, contact.state == BOTH)
    protocol = load_protocol(recording.protocol)
    found = (
        find_single_leg_stances(cleaned, protocol, feet, contact, camera_known=known)[0]
        for known in camera_known
    )
    return [[StanceWindow(*window) for window in stance_windows(one)] for one in found]


def _alike(some: "list[StanceWindow]", others: "list[StanceWindow]") -> bool:
    """Whether windows hold the same stands, with enough standing round them."""
    return len(some) == len(others) and all(
        one.stance is other.stance
        and abs(one.start_s - other.start_s) <= BESIDE_S / 2
        and abs(one.end_s - other.end_s) <= BESIDE_S / 2
        for one, other in zip(some, others, strict=True)
    )


def _looked_at(  # noqa: PLR0913  (of what, where, and who helps)
    path: Path,
    recording: Recording,
    windows: "list[StanceWindow]",
    progress: Progress,
    elsewhere: "Elsewhere | None" = None,
    *,
    only_standing: bool = False,
) -> Recording:
    """Follow what lies below the pixel; ``only_standing``: camera and standing feet."""
    from balance.analysis.body.clean_recording import clean
    from balance.tracking.optical_flow import observe
    from balance.tracking.pelvis_process import ProcessLostError

    part = _covering(windows, recording)
    total = int(part.holds(recording.pose.time_s).sum())
    try:
        with (
            open_grey(path, recording.options, part) as reader,
            contextlib.closing(read_ahead(reader)) as ahead,
        ):
            frames = counted(ahead, "flow", total, progress)
            pose = clean(recording).recording.pose
            seen = observe(
                frames, pose, windows, only_standing=only_standing, elsewhere=elsewhere
            )
    except ProcessLostError:
        return _looked_at(
            path, recording, windows, progress, only_standing=only_standing
        )
    # Clothes that nobody looked at are not said to have no texture.
    findings = () if only_standing else seen.findings
    return replace(
        recording,
        sway_track=seen.sway_track,
        foot_tracks=seen.foot_tracks,
        scene=replace(recording.scene, camera_shift_px=seen.camera_shift_px),
        notes=(*recording.notes, *findings),
    )


def _covering(windows: "Sequence[StanceWindow]", recording: Recording) -> Segment:
    """Part of the video that holds all windows, a frame more at each end."""
    more_s = 2 / recording.source.rate_hz if recording.source.rate_hz else 0.1
    # Times that had to be filled in depend on those before: such a file is read
    # from its start, as it was when it was tracked.
    start_s = None if recording.notes else windows[0].start_s - more_s
    return Segment(start_s, windows[-1].end_s + more_s)


def stance_windows(
    stances: "tuple[Stance, ...]",
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


def _source(
    info: VideoInfo, time_s: FloatArray, recorded_at: str | None = None
) -> Source:
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
        recorded_at=recorded_at or info.recorded_at,
    )


def _software(model_sha256: str) -> Software:
    from importlib.metadata import version

    return Software(__version__, version("mediapipe"), model_sha256)
