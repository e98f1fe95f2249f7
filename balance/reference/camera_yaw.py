"""Shape of what was learned about the signs of a turned camera."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class YawModel:
    """Signs of a turned camera and their errors (``data/camera_yaw.toml``).

    ``by_sine``: for each of ``names`` its size per sine of the yaw, in leg lengths: of
    a standing person, per sine of half the bend, and per leg length by which the trunk
    looks shorter. ``covariance``: of what people, clothes and a tilted camera add.
    ``widened``: SDs are multiplied by this; ``freedom`` of Student's t.
    """

    names: tuple[str, ...]
    by_sine: tuple[tuple[float, ...], ...]
    covariance: tuple[tuple[float, ...], ...]
    widened: float
    freedom: float
    source: str
