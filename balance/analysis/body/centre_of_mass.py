"""Where the body's centre of mass is, side to side: segments weighed by their mass.

Every segment's mass hangs at a fixed share of the way between two body points (mass
and place of de Leva, who adjusted Zatsiorsky's to joint centres). The pelvis, which
carries most, is the one followed below the px; the rest are landmarks.

References
----------
.. [1] de Leva (1996), J Biomech 29(9):1223-1230, table 4 (trunk from mid-shoulder to
   mid-hip, shank to the joint centre of the ankle).
"""

from dataclasses import dataclass

import numpy as np

from balance.analysis.signals import white_noise_sd
from balance.model.landmarks import LANDMARK_COUNT, Landmark, Side
from balance.model.recording import BoolArray, FloatArray, Recording, SwayTrack


@dataclass(frozen=True, slots=True)
class _Segment:
    """Mass as a share of the body's, and where on the way from ``start`` to ``end``.

    Each number for women and for men.
    """

    start: str
    end: str
    mass: tuple[float, float]
    place: tuple[float, float]


_TRUNK = _Segment("shoulder", "hip", (0.4257, 0.4346), (0.3782, 0.4310))
# Its middle lies level with the ears.
_HEAD = _Segment("ear", "ear", (0.0668, 0.0694), (0.0, 0.0))
_LIMBS = (
    _Segment("shoulder", "elbow", (0.0255, 0.0271), (0.5754, 0.5772)),
    _Segment("elbow", "wrist", (0.0138, 0.0162), (0.4559, 0.4574)),
    _Segment("wrist", "index", (0.0056, 0.0061), (0.7474, 0.7900)),
    _Segment("hip", "knee", (0.1478, 0.1416), (0.3612, 0.4095)),
    _Segment("knee", "ankle", (0.0481, 0.0433), (0.4352, 0.4395)),
    _Segment("heel", "foot_index", (0.0129, 0.0137), (0.4014, 0.4415)),
)
_HIPS = [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]


def landmark_masses(sex: str | None) -> FloatArray:
    """(33,) share of the body's mass that each landmark carries; they sum to 1.

    ``sex`` f, m, or None for the mean of both.
    """
    male = {"f": 0.0, "m": 1.0}.get(sex or "", 0.5)
    masses = np.zeros(LANDMARK_COUNT)
    for segment in (_TRUNK, _HEAD, *_LIMBS):
        mass = np.interp(male, (0.0, 1.0), segment.mass)
        if segment in _LIMBS:
            mass *= 2
        place = np.interp(male, (0.0, 1.0), segment.place)
        for side in Side:
            masses[side.landmark(segment.start)] += mass * (1 - place) / 2
            masses[side.landmark(segment.end)] += mass * place / 2
    return np.asarray(masses / masses.sum())


def centre_of_mass(recording: Recording) -> SwayTrack:
    """Side-to-side place of the centre of mass, camera motion taken out.

    Frame x in px with its standard deviation, both (T,); NaN where the pelvis or a
    landmark that carries mass was not seen.
    """
    masses = landmark_masses(recording.person.sex)
    hips = float(masses[_HIPS].sum())
    rest = masses.copy()
    rest[_HIPS] = 0.0
    carrying = rest > 0
    moved = np.nan_to_num(recording.scene.camera_shift_px[:, 0])
    x_px = recording.pose.xy_px[:, carrying, 0] - moved[:, None]
    others = x_px @ rest[carrying]
    noise = np.nan_to_num(_noise_sd(others, recording.inferred))
    pelvis = recording.sway_track
    return SwayTrack(
        hips * pelvis.ml_px + others,
        np.hypot(hips * pelvis.sd_px, noise),
    )


def _noise_sd(values: FloatArray, inferred: BoolArray | None) -> float:
    """Noise of each frame; of interpolated ones, what weighs as much below a cut-off.

    Fewer frames share the same noise among lower frequencies.
    """
    if inferred is None or not inferred.any():
        return white_noise_sd(values)
    return white_noise_sd(values[inferred]) / float(np.sqrt(inferred.mean()))
