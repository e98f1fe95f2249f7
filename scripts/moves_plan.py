"""Which movements are rendered, the most valuable first, kinds mixed.

UI-PRMD (``prmd``), CMU (``cmu``) and BSD or Apache sources only. Squats of the older
files are s4 (OpenCap laboratory validation), flip and weird (nimblephysics).
"""

from dataclasses import dataclass
from typing import Any

# People whose movement is only ever seen on bodies that are held out.
HELD_OUT_MOVERS = ("prmd_s05", "prmd_s10", "cmu_05", "cmux_jumping", "flip")


@dataclass(frozen=True)
class Entry:
    """One clip: what is done, from which part of which motion, seen from where."""

    kind: str
    motion: str
    start_s: float
    seconds: float
    yaw_deg: float
    fps: int = 16
    alter: dict[str, Any] | None = None
    script: dict[str, Any] | None = None
    turn_deg: float = 0.0
    form: str | None = None
    leaves_image: bool = False
    held_out: bool = False


def prmd(who: int, what: str) -> str:
    """Name of a UI-PRMD file."""
    return f"many/prmd_s{who:02d}_{what}.npz"


def cmu(name: str) -> str:
    """Name of a CMU file."""
    return f"many/cmu{name}.npz"


def valgus(left: float, right: float, **more: float) -> dict[str, Any]:
    """Knees led inwards, degrees in the frontal plane at the deepest bend."""
    return {"valgus_deg": {"left": left, "right": right}, **more}


def one_leg(side: str, inwards: float, drop: float, depth: float) -> dict[str, Any]:
    """Script two single-leg squats with a dropping pelvis."""
    return {
        "type": "single_leg_squat", "stance": side, "t_off": 0.9, "t_start": 1.6,
        "reps": 2, "rep_s": 2.3, "pause_s": 0.3, "t_down": 7.0, "shift_s": 0.8,
        "depth_deg": depth, "fppa_deg": {side: inwards}, "sq_pelvic_drop_deg": drop,
        "sq_trunk_lean_deg": drop / 3, "sway": {"ml_rms_mm": 5.0, "ap_rms_mm": 5.0},
    }  # fmt: skip


STILL, SHIFT = {"still": True}, {"shift": True}

PLAN = [
    Entry("apart", prmd(4, "squats"), 0, 5.0, 33, alter=STILL),
    Entry("squat", prmd(7, "squats"), 4.3, 7.6, -18),
    Entry("raise", prmd(1, "leg_raise"), 2.9, 6.2, 36),
    Entry("valgus", "s4_squats.npz", 2.6, 5.6, 5, alter=valgus(18, 6)),
    Entry("sit", prmd(4, "sit_to_stand"), 8.0, 7.0, -28),
    Entry("apart", prmd(8, "arm_abduction"), 8.0, 5.5, -38),
    Entry("hurdle", prmd(2, "hurdle_step"), 7.0, 5.5, 25),
    Entry("one_leg", "", 0, 8.0, 0, script=one_leg("right", 14, 10, 58)),
    Entry("squat", prmd(10, "squats"), 10.0, 5.2, 30),
    Entry("apart", prmd(5, "squats"), 0, 5.0, -35, alter=STILL),
    Entry("ballet", cmu("_49_18"), 0.2, 6.0, -20),
    Entry("wrong", prmd(4, "squats_wrong"), 5.1, 5.8, 10),
    Entry("lunge", prmd(7, "inline_lunge"), 5.0, 6.0, 20),
    Entry("raise", prmd(5, "leg_raise"), 2.6, 6.4, -30),
    Entry("valgus", "flip_squats.npz", 2.8, 5.4, -8, alter=valgus(22, 22)),
    Entry(
        "walk", cmu("_32_01"), 0, 3.9, 0, 20, form="lying", leaves_image=True
    ),
    Entry("sit", prmd(10, "sit_to_stand"), 8.0, 7.0, 35),
    Entry("apart", cmu("x_basketball_signal_1"), 3.0, 5.5, 28),
    Entry("squat", prmd(2, "squats"), 9.5, 5.2, 38),
    Entry("hurdle", prmd(10, "hurdle_step"), 8.6, 5.5, -22),
    Entry("one_leg", "", 0, 8.0, 12, script=one_leg("left", 20, 6, 62), held_out=True),
    Entry("shift", prmd(7, "squats"), 0, 6.5, 30, alter=SHIFT),
    Entry("sit", "s_sit_to_stand.npz", 1.0, 6.5, 0),
    Entry("dance", cmu("_05_12"), 1.0, 6.5, 15, 18),
    Entry("one_sided", "s4_squats_one_sided.npz", 2.6, 5.4, -25),
    Entry("ballet", cmu("_49_09"), 1.0, 7.0, 35),
    Entry("side_lunge", prmd(1, "side_lunge"), 5.0, 6.0, -15),
    Entry("jump", cmu("_49_02"), 1.0, 5.0, -10, 20),
    Entry("raise", prmd(4, "leg_raise"), 4.4, 6.2, -12),
    Entry("valgus", prmd(7, "squats_wrong"), 2.3, 5.8, -14, alter=valgus(12, 25)),
    Entry("astride", prmd(2, "inline_lunge"), 0, 5.0, -30, alter=STILL),
    Entry("apart", prmd(5, "arm_extension"), 6.0, 5.0, 40),
    Entry("sit", "many/opencap_s4_STSAsym.npz", 2.0, 7.0, 20),
    Entry("squat", prmd(8, "squats"), 7.1, 5.0, -36),
    Entry("hurdle", prmd(7, "hurdle_step"), 7.2, 5.5, -33),
    Entry("one_leg", "", 0, 8.0, -6, script=one_leg("left", 8, 14, 50)),
    Entry("wrong", prmd(7, "squats_wrong"), 9.2, 6.0, -30),
    Entry(
        "walk", cmu("_29_01"), 0, 6.0, -60, 18,
        turn_deg=60, form="lying", leaves_image=True,
    ),
    Entry("sit", prmd(5, "sit_to_stand"), 6.0, 6.5, -18),
    Entry("circles", "btk_leg_circles.npz", 2.0, 6.5, 8),
    Entry("apart", prmd(10, "squats"), 0, 5.0, 27, alter=STILL),
    Entry("valgus", prmd(10, "squats"), 2.6, 5.0, 14, alter=valgus(25, 10, share=0.7)),
    Entry("lunge", prmd(5, "inline_lunge"), 5.0, 6.0, -8),
    Entry("dance", cmu("_05_04"), 2.3, 6.0, 0, 18),
    Entry("squat", prmd(1, "squats"), 10.9, 4.6, 12),
    Entry("ballet", cmu("_49_12"), 0.5, 6.0, 10),
    Entry("raise", prmd(2, "leg_raise"), 9.0, 6.3, 20),
    Entry("apart", "many/nimble_squat.npz", 2.0, 5.0, -26),
    Entry("sit", prmd(7, "sit_to_stand"), 8.0, 6.5, 30),
    Entry("jump", cmu("x_jumping_1"), 0, 3.3, 8, 20),
    Entry("hurdle", prmd(5, "hurdle_step"), 9.3, 5.0, 16),
    Entry(
        "one_leg", "", 0, 8.0, -16,
        script=one_leg("right", 16, 12, 54), held_out=True,
    ),
    Entry("squat", "many/nimble_weirdsquat2.npz", 0, 3.2, -5),
    Entry("side_lunge", prmd(4, "side_lunge"), 6.0, 6.0, 32),
    Entry("wrong", prmd(1, "squats_wrong"), 9.0, 5.5, -8),
    Entry("shift", prmd(5, "arm_extension"), 0, 6.5, -40, alter=SHIFT),
    Entry(
        "valgus", prmd(8, "squats"), 2.9, 4.5, 0,
        alter=valgus(15, 0, share=0.65, speed=1.4), fps=20,
    ),
    Entry("walk", cmu("_05_01"), 1.3, 3.2, 20, 20, form="lying", leaves_image=True),
    Entry("sit", "many/opencap_s4_STSweak.npz", 2.0, 7.0, -35),
    Entry("dance", cmu("_05_18"), 3.5, 6.5, -20, 18),
    Entry("squat", "flip_squats.npz", 2.8, 5.4, 22),
    Entry("lunge", prmd(10, "inline_lunge"), 5.0, 5.5, 25),
    Entry("ball", cmu("_06_15"), 0, 4.4, 0, 20),
    Entry("apart", prmd(1, "squats"), 0, 5.0, 38, alter=STILL),
    Entry("raise", prmd(10, "leg_raise"), 8.0, 5.5, -5),
    Entry(
        "valgus", "s4_squats.npz", 4.0, 7.0, 20,
        alter=valgus(5, 20, share=0.6, speed=0.75),
    ),
]  # fmt: skip
