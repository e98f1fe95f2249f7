"""Flow and landmarks put together into one pelvis path with its uncertainty."""

import numpy as np

from balance.model.landmarks import Landmark, Side
from balance.model.recording import FloatArray, PoseSequence, SwayTrack

# Landmarks and flow may differ by the landmarks' slow wander; this much of a thigh
# length (rendered people: 1 to 3 mm of 400) is what landmarks are given at least.
LANDMARK_SD_THIGHS = 0.006
# Flow that follows less than half of what the landmarks see moving, over a window in
# which they see it clearly, has stuck to something that is not the body.
STUCK_SLOPE = 0.5
# Share of a window's frames in which flow must have held for it to count.
LEAST_FOLLOWED = 0.7


def typical_row(pose: PoseSequence, rows: slice, within_s: float) -> int | None:
    """Return the frame whose hips and knees lie nearest their median over a window.

    Only the first ``within_s`` seconds are eligible; None where nobody was seen.
    """
    joints = [
        Landmark.LEFT_HIP,
        Landmark.RIGHT_HIP,
        Landmark.LEFT_KNEE,
        Landmark.RIGHT_KNEE,
    ]
    points = pose.xy_px[rows][:, joints]
    seen = np.isfinite(points).all(axis=(1, 2))
    if not seen.any():
        return None
    middle = np.median(points[seen], axis=0)
    away = np.linalg.norm(points - middle, axis=-1).sum(axis=1)
    time_s = pose.time_s[rows]
    away[~seen | (time_s > time_s[0] + within_s)] = np.inf
    best = int(np.argmin(away))
    return rows.start + best if np.isfinite(away[best]) else None


def points_about(pose: PoseSequence, row: int, half_s: float = 0.2) -> FloatArray:
    """(33, 2) px median of the landmarks round one frame."""
    near = np.abs(pose.time_s - pose.time_s[row]) <= half_s
    points = pose.xy_px[near]
    seen = points[np.isfinite(points).all(axis=(1, 2))]
    if not len(seen):
        return np.full(points.shape[1:], np.nan)
    return np.asarray(np.median(seen, axis=0))


def mid_hip(pose: PoseSequence) -> FloatArray:
    """(T, 2) px middle of the hip landmarks."""
    hips = pose.xy_px[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]]
    return np.asarray(hips.mean(axis=1))


def thigh_motion(
    pose: PoseSequence, points: FloatArray, stance: Side | None
) -> FloatArray:
    """(T, 5) motion that carries hip and knee at the reference to each frame.

    In px: shift of the mid-hip, then at one thigh length widening, turn, lengthening.
    """
    sides = [stance] if stance is not None else list(Side)
    knee = pose.xy_px[:, [s.landmark("knee") for s in sides]].mean(axis=1)
    knee_then = points[[s.landmark("knee") for s in sides]].mean(axis=0)
    hips_then = points[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=0)
    shift = mid_hip(pose) - hips_then
    then = complex(*(knee_then - hips_then))
    now = (knee - mid_hip(pose)) @ np.array([1, 1j])
    change = now / then - 1
    reach = np.linalg.norm(knee_then - hips_then)
    longer, turned = change.real * reach, change.imag * reach
    return np.column_stack([shift, longer, turned, longer])


def foot_motion(pose: PoseSequence, points: FloatArray, side: Side) -> FloatArray:
    """(T, 2) px shift of a foot's middle from the reference, by the landmarks."""
    ends = [side.landmark("ankle"), side.landmark("foot_index")]
    return np.asarray(pose.xy_px[:, ends].mean(axis=1) - points[ends].mean(axis=0))


def fuse(
    pose: PoseSequence,
    flow_px: FloatArray,
    flow_sd: FloatArray,
    camera_px: FloatArray,
    windows: list[tuple[int, int]],
) -> tuple[SwayTrack, list[tuple[int, int]]]:
    """Weigh flow and landmarks by their variances, window by window.

    Parameters
    ----------
    flow_px, flow_sd
        (T,) pelvis x against the background and its standard deviation from the
        frame, NaN where lost.
    camera_px
        (T, 2) shift of the background, zero where unknown, to be taken out of the
        landmarks.

    Returns
    -------
    The track, and the windows in which flow was of no use.
    """
    landmark_px = mid_hip(pose)[:, 0] - camera_px[:, 0]
    least_sd = LANDMARK_SD_THIGHS * _thigh_px(pose)
    ml_px, sd_px = landmark_px.copy(), np.full(len(pose), 2 * least_sd)
    sd_px[~np.isfinite(ml_px)] = np.nan
    useless = []
    for first, last in windows:
        rows = slice(first, last + 1)
        flow = flow_px[rows]
        if not _is_useful(flow, landmark_px[rows]):
            useless.append((first, last))
            continue
        difference = landmark_px[rows] - flow
        offset = np.nanmedian(difference)
        wander = max(least_sd, 1.4826 * np.nanmedian(np.abs(difference - offset)))
        ml_px[rows], sd_px[rows] = _weighed(
            flow, flow_sd[rows], landmark_px[rows] - offset, wander
        )
    return SwayTrack(ml_px, sd_px), useless


def _thigh_px(pose: PoseSequence) -> float:
    hips = pose.xy_px[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]]
    knees = pose.xy_px[:, [Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE]]
    lengths = np.linalg.norm(knees - hips, axis=-1)
    lengths = lengths[np.isfinite(lengths)]
    return float(np.median(lengths)) if len(lengths) else float("nan")


def _is_useful(flow: FloatArray, landmarks: FloatArray) -> bool:
    both = np.isfinite(flow) & np.isfinite(landmarks)
    if both.sum() < max(3, LEAST_FOLLOWED * len(flow)):
        return False
    x = landmarks[both] - landmarks[both].mean()
    y = flow[both] - flow[both].mean()
    # Slope of flow on landmarks; landmark noise lowers it a little, never by half
    # unless nothing moves, and then nothing is lost.
    moving = x.std() > 3 * np.std(np.diff(x)) / np.sqrt(2)
    return not (moving and (x @ y) / (x @ x) < STUCK_SLOPE)


def _weighed(
    flow: FloatArray, flow_sd: FloatArray, landmarks: FloatArray, wander: float
) -> tuple[FloatArray, FloatArray]:
    flow_weight = np.where(np.isfinite(flow), flow_sd, np.inf) ** -2.0
    landmark_weight = np.where(np.isfinite(landmarks), wander, np.inf) ** -2.0
    total = flow_weight + landmark_weight
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.nan_to_num(flow) * flow_weight
        value = (value + np.nan_to_num(landmarks) * landmark_weight) / total
        return value, np.where(total > 0, total**-0.5, np.nan)
