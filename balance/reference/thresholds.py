"""Shapes of the thresholds and norms that a result is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from balance.model.codes import (
    RatingCode,
)
from balance.reference.camera_yaw import YawModel
from balance.reference.contact_model import ContactModel, load_contact_model
from balance.reference.norms import HoldBand, HoldNorm
from balance.reference.repetition_model import (
    RepetitionModel,
    load_repetition_model,
)


@dataclass(frozen=True, slots=True)
class MeasureError:
    """Standard deviation of one measure: a share of it, a floor, and with the noise.

    ``floor`` in the measure's unit; ``noise`` how much of the video's own noise adds to
    it (speed: each second). Few and coarse pixels, little light, strong compression and
    few frames per second all make that noise larger.
    """

    relative_sd: float
    floor: float
    noise: float = 0.0

    def sd(self, value: float, scale_rel_sd: float = 0.0, noise: float = 0.0) -> float:
        """Return the standard deviation of a value, the scale's own included.

        ``noise`` is the RMS that the video's noise keeps through the low-pass.
        """
        relative = np.hypot(self.relative_sd, scale_rel_sd) * value
        return float(np.hypot(np.hypot(relative, self.floor), self.noise * noise))


@dataclass(frozen=True, slots=True)
class SwayErrors:
    """Errors of each sway measure, by what was followed.

    ``frame``: the pelvis by texture and outline at the hips; ``landmarks``: by body
    points alone; ``centre_of_mass``: the body's, with the pelvis by the frame.
    Keys: rms, range, path, speed, mean_frequency; floors in % of body height (speed: %
    of height a second; frequency: Hz), noise that of the pelvis' path.
    """

    video: Mapping[str, MeasureError]
    landmarks: Mapping[str, MeasureError]
    centre_of_mass: Mapping[str, MeasureError]

    def of_pelvis(self, followed: bool) -> Mapping[str, MeasureError]:
        """Errors of the pelvis, ``followed`` in the image or by landmarks alone."""
        return self.video if followed else self.landmarks

    def of_centre_of_mass(self, followed: bool) -> Mapping[str, MeasureError]:
        """Errors of the centre of mass; where the pelvis is worse, those of it."""
        return self.centre_of_mass if followed else self.landmarks


@dataclass(frozen=True, slots=True)
class RatingRule:
    """Where an item comes from, and the number from which its fault counts."""

    code: RatingCode
    source: str
    beyond: float | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    """From ``beyond`` on the answer is yes, from ``marked`` on it is marked."""

    beyond: float
    marked: float
    source: str


@dataclass(frozen=True, slots=True)
class Usual:
    """Mean and standard deviation of a measure among people, and where that is from."""

    mean: float
    sd: float
    source: str


@dataclass(frozen=True, slots=True)
class SquatThresholds:
    """All of ``data/squat_thresholds.toml``, and how the camera's yaw is told."""

    knee_valgus: Threshold
    knee_separation: Threshold
    trunk_lean: Threshold
    pelvic_drop: Threshold
    hip_adduction: Threshold
    heel_lift: Threshold
    shift_away: Threshold
    left_right_difference: Threshold
    usual: Mapping[str, Usual]
    camera_yaw: YawModel
    points: Mapping[str, float]
    points_source: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the score: what it can cost, its limits, and where they come from."""

    points: float
    limits: Mapping[str, float]
    source: str


@dataclass(frozen=True, slots=True)
class Norms:
    """All that results are held against, loaded at the edge."""

    hold: tuple[HoldNorm, ...] = ()
    bands: tuple[HoldBand, ...] = ()
    parts: Mapping[str, Part] | None = None
    out_of: int = 100
    squats: SquatThresholds | None = None
    sway_errors: SwayErrors | None = None
    ratings: tuple[RatingRule, ...] = ()
    contact: ContactModel = field(default_factory=load_contact_model)
    repetitions: RepetitionModel = field(default_factory=load_repetition_model)
