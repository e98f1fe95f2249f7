"""Somebody who rises from a chair and sits down again, as a bend of the knees."""

from collections.abc import Callable

import numpy as np

from tests.squatting_figure import Figure

SEAT_DEG = 90.0


def chair(yaw_deg: float = 0.0, rate_hz: float = 30.0) -> Figure:
    """Shanks upright, hips behind the feet, as on a chair."""
    return Figure(
        rate_hz=rate_hz,
        yaw_deg=yaw_deg,
        shank_share=0.0,
        trunk_pitch_share=0.3,
        noise_px=0.3,
    )


def rises(
    count: int, first_s: float = 3.0, period_s: float = 3.0, *, seated: bool = True
) -> Callable[[float], float]:
    """Rise ``count`` times, in 0.8 s each, and stay up after the last one.

    Before the first the person sits, or stands and sits down shortly before it.
    """

    def bend(time: float) -> float:
        k, since = divmod(time - first_s, period_s)
        if k < 0 and seated:
            return SEAT_DEG
        if k < 0:
            return 3.0 + (SEAT_DEG - 3.0) * _share(time, first_s - 1.4)
        if k >= count:
            return 3.0
        down = _share(since, period_s - 1.8) if k < count - 1 else 0.0
        return 3.0 + (SEAT_DEG - 3.0) * (1 - _share(since, 0.0) + down)

    return bend


def _share(time: float, start_s: float) -> float:
    return float(np.sin(np.pi / 2 * np.clip((time - start_s) / 0.8, 0, 1)) ** 2)
