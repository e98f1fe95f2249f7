"""The course of a trial over time, for curves and for what is drawn on the video.

Nothing here is a result: results are in the ``Assessment``. These are the signals
behind them, per frame, NaN where not seen.
"""

from dataclasses import dataclass

import numpy as np

from balance.analysis import signals
from balance.analysis.body import geometry
from balance.analysis.body.centre_of_mass import centre_of_mass
from balance.analysis.body.forward import relative_depth_change
from balance.analysis.body.sideways import project_frontal
from balance.analysis.events.repetitions import SquatSet
from balance.analysis.measures.knee import frontal_angle
from balance.analysis.measures.squat_view import see_squats
from balance.model.landmarks import Landmark, Side
from balance.model.recording import FloatArray, PoseSequence, Recording, SwayTrack
from balance.model.results import Assessment, Signal, Trial

# For curves that are looked at, not measured: as strong as the sway signal's own.
_LOOK_CUTOFF_HZ = 6.0


@dataclass(frozen=True, eq=False)
class SwayCourse:
    """Side-to-side position of pelvis and body in a trial's window, means removed.

    ``position`` of the pelvis and ``centre_of_mass`` (N,) in ``unit``, + = towards the
    person's left.
    """

    time_s: FloatArray
    position: FloatArray
    centre_of_mass: FloatArray
    unit: str

    @property
    def rms(self) -> float:
        """Root mean square of what is drawn, NaN where nothing was seen."""
        known = self.position[np.isfinite(self.position)]
        return float(np.sqrt(np.mean(known**2))) if len(known) else float("nan")


def sway_course(
    recording: Recording, assessment: Assessment, trial: Trial
) -> SwayCourse | None:
    """Return the sway signal as it was measured; None where there was none."""
    pose, how = recording.pose, trial.signal
    if how is None or len(pose) < 2:
        return None
    scale, unit = _scale(pose, assessment)
    scale *= _facing(pose)
    yaw_deg = assessment.camera.yaw_deg.value if assessment.camera.yaw_deg else 0.0
    nearer = relative_depth_change(recording, how.window_s)
    pelvis = project_frontal(pose, recording.sway_track, nearer, yaw_deg)
    body = project_frontal(pose, centre_of_mass(recording), nearer, yaw_deg)
    time_s, pelvis_px = _smooth(pose, pelvis, how)
    if np.isfinite(pelvis_px).sum() < 2:
        return None
    _, com_px = _smooth(pose, body, how)
    return SwayCourse(
        time_s,
        _without_mean(pelvis_px) * scale,
        _without_mean(com_px) * scale,
        unit,
    )


def _smooth(
    pose: PoseSequence, track: SwayTrack, how: Signal
) -> tuple[FloatArray, FloatArray]:
    """Bridge, filter and resample as the measures do: the frame is of them."""
    ml_px = signals.fill_gaps(pose.time_s, track.ml_px)
    return signals.low_passed_resample(
        pose.time_s, ml_px, how.rate_hz, how.cutoff_hz, how.window_s
    )


def _without_mean(values: FloatArray) -> FloatArray:
    known = values[np.isfinite(values)]
    return values - known.mean() if len(known) else values


def foot_heights(recording: Recording) -> dict[Side, FloatArray]:
    """(T,) height of each ankle above its own lowest place, in % of leg length."""
    pose = recording.pose
    leg_px = standing_leg_px(pose)
    heights = {}
    for side in Side:
        y_px = pose.point(side.landmark("ankle"))[:, 1]
        # Not the very lowest frame, which would be its noise.
        floor_px = _quantile(y_px, 0.95)
        heights[side] = smoothed(pose, 100.0 * (floor_px - y_px) / leg_px)
    return heights


def depth_course(recording: Recording) -> FloatArray:
    """(T,) how far the hips are below their standing height, in % of leg length.

    The hips are measured against the lower ankle, so that walking towards the
    camera is no squat.
    """
    pose = recording.pose
    hips = geometry.midpoint(pose, "hip")[:, 1]
    ankles = [pose.point(side.landmark("ankle"))[:, 1] for side in Side]
    above_px = np.maximum(*ankles) - hips
    standing_px = _quantile(above_px, 0.9)
    return smoothed(pose, 100.0 * (standing_px - above_px) / standing_leg_px(pose))


def knee_angles(
    recording: Recording, assessment: Assessment, trial: Trial
) -> dict[Side, FloatArray]:
    """(T,) frontal-plane knee angle of a squat set's legs, in degrees, + = valgus.

    The camera is taken out as it is at the bottom; empty where the set was not seen
    whole.
    """
    pose, edges = recording.pose, recording.leg_edges_px
    side = None if trial.side == "both" else Side(trial.side)
    span = SquatSet(trial.kind, side, (), trial.start_s, trial.end_s)
    view = see_squats(pose, edges, span)
    if view is None:
        return {}
    yaw = assessment.camera.yaw_deg
    frames = np.arange(len(pose))
    return {
        leg: smoothed(pose, frontal_angle(view, leg, frames, yaw.value if yaw else 0.0))
        for leg in view.sides
    }


def standing_leg_px(pose: PoseSequence) -> float:
    """Length of a standing leg in px, from the frames where it is longest."""
    if not len(pose):
        return float("nan")
    return _quantile(geometry.leg_length(pose).ravel(), 0.9)


def body_box(pose: PoseSequence, frame: int) -> tuple[float, float, float, float]:
    """Left, top, right and bottom in px of everything seen of the person; else NaN."""
    points = pose.xy_px[frame]
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return (np.nan,) * 4
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    # The highest landmark is an eye: the head goes on above it.
    head = 0.12 * (bottom - top)
    return float(left), float(top - head), float(right), float(bottom)


def frame_at(pose: PoseSequence, time_s: float) -> int:
    """Index of the frame nearest to a time."""
    after = int(np.searchsorted(pose.time_s, time_s))
    if after == 0:
        return 0
    if after == len(pose):
        return len(pose) - 1
    before_is_nearer = time_s - pose.time_s[after - 1] <= pose.time_s[after] - time_s
    return after - 1 if before_is_nearer else after


def face_circle(pose: PoseSequence, frame: int) -> tuple[float, float, float] | None:
    """Centre x, y and radius in px of a circle over the whole head; None unseen."""
    face = pose.xy_px[frame, Landmark.NOSE : Landmark.MOUTH_RIGHT + 1]
    face = face[np.isfinite(face).all(axis=1)]
    if not len(face):
        return None
    centre = face.mean(axis=0)
    # Ear to ear spans most of the face from the front, nose to ear from the side;
    # the shoulders say how large a head is when it is turned away.
    shoulders = pose.xy_px[frame, [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]]
    width = float(np.linalg.norm(shoulders[0] - shoulders[1]))
    spread = float(np.linalg.norm(face - centre, axis=1).max())
    radius = np.nanmax([1.6 * spread, 0.45 * width, 0.02 * pose.size_px[1]])
    return float(centre[0]), float(centre[1]), float(radius)


def smoothed(pose: PoseSequence, values: FloatArray) -> FloatArray:
    """Return values as calm as an eye wants a curve; zero-phase, gaps stay gaps."""
    if len(pose) < 4:
        return values
    return signals.smooth_at_own_times(pose.time_s, values, _LOOK_CUTOFF_HZ)


def _scale(pose: PoseSequence, assessment: Assessment) -> tuple[float, str]:
    if assessment.scale is not None:
        return assessment.scale.mm_per_px.value, "mm"
    return 100.0 / standing_leg_px(pose), "% of leg length"


def _facing(pose: PoseSequence) -> float:
    """+1 or −1 for the whole clip: a sign that flickers would tear the curves."""
    signs = geometry.facing(pose)
    known = signs[np.isfinite(signs)]
    return 1.0 if not len(known) or np.median(known) >= 0 else -1.0


def _quantile(values: FloatArray, share: float) -> float:
    known = values[np.isfinite(values)]
    return float(np.quantile(known, share)) if len(known) else float("nan")
