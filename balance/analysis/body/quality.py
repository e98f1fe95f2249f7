"""Can it be trusted? What the frame, the camera and the tracking allow.

Each check returns findings whose texts say what to do better next time.
"""

import numpy as np

from balance.analysis.signals import median
from balance.model.codes import FindingCode, Severity
from balance.model.landmarks import Landmark, Side
from balance.model.recording import BoolArray, PoseSequence, Recording
from balance.model.results import Finding

# Below this leg length one pixel is 1 cm and more of a leg of 0.85 m.
SMALL_LEG_PX = 90.0
# Mean brightness (0-255) below which landmarks of rendered people get noisier.
DARK_LUMA = 40.0
# Sharpness of the person (see scene.py): 0.10-0.45 in usual clips, 0.04 in a dim and
# noisy one, 0.014 in a frame of 108 x 192.
BLURRED_SHARPNESS = 0.025
# Below this rate a step of the foot is seen in two frames only.
LOW_RATE_HZ = 15.0
# Background shift beyond this share of the image's height is a moved camera.
MOVED_SHARE = 0.01
# A foot this often outside the image is not in the image.
OUT_SHARE = 0.2
FEET = tuple(side.landmark(joint) for side in Side for joint in ("heel", "foot_index"))


def inside_frame(pose: PoseSequence) -> BoolArray:
    """(T, 33) True where a landmark lies inside the image; NaN counts as outside.

    MediaPipe goes on inventing feet below the lower edge with high visibility.
    """
    width, height = pose.size_px
    x, y = pose.xy_px[..., 0], pose.xy_px[..., 1]
    with np.errstate(invalid="ignore"):
        return np.asarray((x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1))


def image_findings(recording: Recording, leg_px: float) -> list[Finding]:
    """List what is wrong with the frame, worst first."""
    pose = recording.pose
    tracked = np.isfinite(pose.xy_px[:, Landmark.LEFT_HIP, 0])
    if not tracked.any():
        return [_no_person()]
    found = [
        _feet_out(pose, tracked),
        _person_small(leg_px),
        _rate_low(pose),
        _dark(recording),
        _blurred(recording),
        _camera_moved(recording),
        _cut(recording),
        _second_person(recording),
    ]
    return [finding for finding in found if finding is not None]


def _no_person() -> Finding:
    return Finding(
        FindingCode.NO_PERSON,
        Severity.ERROR,
        "No person was found in the video. Record the whole body, from head to feet, "
        "in good light.",
    )


def _feet_out(pose: PoseSequence, tracked: BoolArray) -> Finding | None:
    outside = ~inside_frame(pose)[tracked][:, list(FEET)].all(axis=1)
    share = float(outside.mean())
    if share < OUT_SHARE:
        return None
    first = float(pose.time_s[tracked][np.argmax(outside)])
    return Finding(
        FindingCode.FEET_OUT_OF_FRAME,
        Severity.ERROR if share > 0.9 else Severity.WARNING,
        f"The feet are outside the frame in {100 * share:.0f} % of the video. Step "
        "back or tilt the camera down until both feet show with some floor below.",
        first,
    )


def _person_small(leg_px: float) -> Finding | None:
    if not leg_px < SMALL_LEG_PX:
        return None
    return Finding(
        FindingCode.PERSON_TOO_SMALL,
        Severity.WARNING,
        f"The person is small in the frame (leg of {leg_px:.0f} pixels). "
        "Come nearer or use a higher resolution; the intervals are wide.",
    )


def _rate_low(pose: PoseSequence) -> Finding | None:
    if not pose.rate_hz < LOW_RATE_HZ:
        return None
    return Finding(
        FindingCode.FRAME_RATE_TOO_LOW,
        Severity.WARNING,
        f"The video has only {pose.rate_hz:.0f} frames per second; times are known to "
        f"{1 / pose.rate_hz:.2f} s and sway speed cannot be told. Record 30 or more.",
    )


def _dark(recording: Recording) -> Finding | None:
    luma = recording.scene.luma
    if not np.isfinite(luma).any() or median(luma) >= DARK_LUMA:
        return None
    return Finding(
        FindingCode.TOO_DARK,
        Severity.WARNING,
        "The image is dark. Turn on a light in front of you, not behind.",
    )


def _blurred(recording: Recording) -> Finding | None:
    sharpness = recording.scene.sharpness
    if not np.isfinite(sharpness).any() or median(sharpness) >= BLURRED_SHARPNESS:
        return None
    return Finding(
        FindingCode.BLURRED,
        Severity.WARNING,
        "The image is blurred. Clean the lens, let the camera focus on you, and add "
        "light in front of you.",
    )


def camera_moved(recording: Recording) -> bool:
    """Whether the background left its place by more than the limit."""
    shift = recording.scene.camera_shift_px
    if not np.isfinite(shift).any():
        return False
    span = np.nanmax(shift, axis=0) - np.nanmin(shift, axis=0)
    return bool(np.max(span) > MOVED_SHARE * recording.pose.size_px[1])


def _camera_moved(recording: Recording) -> Finding | None:
    if not camera_moved(recording):
        return None
    return Finding(
        FindingCode.CAMERA_MOVED,
        Severity.WARNING,
        "The camera moved. Its motion was taken out of the sway as far as it could be "
        "seen; put the camera on something firm next time.",
    )


def _cut(recording: Recording) -> Finding | None:
    cuts = np.flatnonzero(recording.scene.scene_cut)
    if not len(cuts):
        return None
    return Finding(
        FindingCode.CUT_IN_VIDEO,
        Severity.WARNING,
        "The video has a cut; nothing is measured across it.",
        float(recording.pose.time_s[cuts[0]]),
    )


def _second_person(recording: Recording) -> Finding | None:
    others = np.flatnonzero(np.nan_to_num(recording.scene.person_count) > 1)
    # Two looks: one alone may be a frame on the wall for a moment.
    if len(others) < 2:
        return None
    return Finding(
        FindingCode.SECOND_PERSON,
        Severity.INFO,
        "Somebody else was in view. The most central whole person was measured; "
        "another can be chosen (person: left, centre or right).",
        float(recording.pose.time_s[others[0]]),
    )
