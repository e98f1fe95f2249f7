"""Every code that a result may carry, published with the JSON schema.

Programs go by the codes; people read the texts beside them.
"""

from enum import StrEnum


class TrialKind(StrEnum):
    """What the person did."""

    SINGLE_LEG_STANCE = "single_leg_stance"
    SQUAT_SET = "squat_set"
    SINGLE_LEG_SQUAT_SET = "single_leg_squat_set"
    TWO_LEG_STANCE = "two_leg_stance"
    SIDE_BY_SIDE_STANCE = "side_by_side_stance"
    SEMI_TANDEM_STANCE = "semi_tandem_stance"
    TANDEM_STANCE = "tandem_stance"
    HEEL_RAISE_SET = "heel_raise_set"
    WEIGHT_SHIFT_SET = "weight_shift_set"
    HOP_SET = "hop_set"
    SIT_TO_STAND_SET = "sit_to_stand_set"


SQUAT_SETS = (TrialKind.SQUAT_SET, TrialKind.SINGLE_LEG_SQUAT_SET)


class EndReason(StrEnum):
    """Why a trial ended."""

    TOUCHDOWN = "touchdown"
    STANCE_FOOT_MOVED = "stance_foot_moved"
    LEGS_TOUCHING = "legs_touching"
    HAND_SUPPORT = "hand_support"
    ARMS_MOVED = "arms_moved"
    EYES_OPENED = "eyes_opened"
    TIME_CAP = "time_cap"
    LOST_SIGHT = "lost_sight"
    CAMERA_CUT = "camera_cut"
    VIDEO_END = "video_end"
    SET_END = "set_end"
    OTHER_PERSON = "other_person"
    STOPPED_BY_USER = "stopped_by_user"


class Answer(StrEnum):
    """A judgement: yes from a chance of 0.9, no up to 0.1, else cannot tell."""

    YES = "yes"
    NO = "no"
    CANNOT_TELL = "cannot_tell"


class Grade(StrEnum):
    """How far beyond the threshold, where that helps."""

    NONE = "none"
    DRIFT = "drift"
    MARKED = "marked"


class Severity(StrEnum):
    """How much a finding matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class EventCode(StrEnum):
    """Something that happened at a moment of a trial."""

    LEGS_TOUCHING = "legs_touching"
    HANDS_OFF_HIPS = "hands_off_hips"
    EYES_OPENED = "eyes_opened"
    STEP_STUMBLE_FALL = "step_stumble_fall"
    HIP_BEYOND_30_DEG = "hip_beyond_30_deg"
    FOREFOOT_OR_HEEL_LIFTED = "forefoot_or_heel_lifted"
    OUT_OF_POSITION = "out_of_position"
    TOUCHDOWN = "touchdown"
    STANCE_FOOT_MOVED = "stance_foot_moved"
    TRUNK_LEAN_PEAK = "trunk_lean_peak"


class JudgementCode(StrEnum):
    """A question with the answers yes, no, cannot tell."""

    HOLD_BELOW_AGE_BAND = "hold_below_age_band"
    KNEE_VALGUS_LEFT = "knee_valgus_left"
    KNEE_VALGUS_RIGHT = "knee_valgus_right"
    TRUNK_LEAN = "trunk_lean"
    TRUNK_LEAN_FORWARD = "trunk_lean_forward"
    PELVIC_DROP = "pelvic_drop"
    HIP_ADDUCTION_LEFT = "hip_adduction_left"
    HIP_ADDUCTION_RIGHT = "hip_adduction_right"
    HEEL_LIFT_LEFT = "heel_lift_left"
    HEEL_LIFT_RIGHT = "heel_lift_right"
    SHIFT_AWAY = "shift_away"
    LEFT_RIGHT_DIFFERENCE = "left_right_difference"


class RatingCode(StrEnum):
    """A fault that raters look for in a single-leg squat, from the arms down."""

    ARMS = "arms"
    TRUNK = "trunk"
    PELVIS_LEVEL = "pelvis_level"
    PELVIS_TURN = "pelvis_turn"
    THIGH_INWARDS = "thigh_inwards"
    KNEE_INWARDS = "knee_inwards"
    KNEE_PAST_TOES = "knee_past_toes"
    KNEE_SHAKE = "knee_shake"
    FREE_FOOT_DOWN = "free_foot_down"
    FOOT_MOVES = "foot_moves"
    HEEL_LIFTS = "heel_lifts"
    OVERALL_IMPRESSION = "overall_impression"


class FindingCode(StrEnum):
    """What to know before believing the numbers, or why there is none."""

    # the frame
    FEET_OUT_OF_FRAME = "feet_out_of_picture"
    PERSON_TOO_SMALL = "person_too_small"
    CAMERA_TURNED = "camera_turned"
    CAMERA_TILTED = "camera_tilted"
    CAMERA_MOVED = "camera_moved"
    CUT_IN_VIDEO = "cut_in_video"
    TOO_DARK = "too_dark"
    BLURRED = "blurred"
    FRAME_RATE_TOO_LOW = "frame_rate_too_low"
    UNEVEN_FRAMES = "uneven_frames"
    VIDEO_ENDS_EARLY = "video_ends_early"
    SEVERAL_TRACKS = "several_tracks"
    SLOW_MOTION = "slow_motion"
    TIMES_BY_RATE = "times_by_rate"
    INTERLACED = "interlaced"
    TURNED_BY_NO_QUARTER = "turned_by_no_quarter"
    HDR = "hdr"
    # the person
    NO_PERSON = "no_person"
    SECOND_PERSON = "second_person"
    SUBJECT_CHANGED = "subject_changed"
    LEGS_SWAPPED = "legs_swapped"
    LEGS_SWAP_REPAIRED = "legs_swap_repaired"
    LOST_SIGHT = "lost_sight"
    CLOTHES_HIDE_KNEE = "clothes_hide_knee"
    NO_TEXTURE = "no_texture"
    IMPORTED_LANDMARKS = "imported_landmarks"
    # the trial
    NO_TRIAL = "no_trial"
    SHORT_ATTEMPT = "short_attempt"
    UNDECIDED_TOUCH = "undecided_touch"
    UNDECIDED_REPETITIONS = "undecided_repetitions"
    TOO_SHORT_FOR_SWAY = "too_short_for_sway"
    SWAY_NOT_FRONTAL = "sway_not_frontal"
    NO_SCALE = "no_scale"
    HIDDEN_BY_RAISED_THIGH = "hidden_by_raised_thigh"
    NOT_VISIBLE_FROM_THIS_VIEW = "not_visible_from_this_view"
    HEEL_NOT_SEEN = "heel_not_seen"
    ONE_TRY = "one_try"
    EYES_UNKNOWN = "eyes_unknown"
    AGE_UNKNOWN = "age_unknown"
    OUTSIDE_NORM_AGES = "outside_norm_ages"
    BELOW_NOISE_FLOOR = "below_noise_floor"
    SWAY_FROM_LANDMARKS = "sway_from_landmarks"


class RequestedTest(StrEnum):
    """What ``--test`` asks for; the one list of them."""

    AUTO = "auto"
    SINGLE_LEG_STANCE = "single-leg-stance"
    SQUAT = "squat"
    SINGLE_LEG_SQUAT = "single-leg-squat"
    HEEL_RAISE = "heel-raise"
    SIDE_BY_SIDE_STANCE = "side-by-side-stance"
    SEMI_TANDEM_STANCE = "semi-tandem-stance"
    TANDEM_STANCE = "tandem-stance"
    WEIGHT_SHIFT = "weight-shift"
    HOP = "hop"
    SIT_TO_STAND = "sit-to-stand"

    @property
    def kinds(self) -> frozenset[TrialKind]:
        """Kinds of trial that the test looks for; ``auto`` looks for all."""
        if self is RequestedTest.AUTO:
            return frozenset(TrialKind)
        name = self.value.replace("-", "_")
        return frozenset(
            {TrialKind(name if name.endswith("stance") else f"{name}_set")}
        )

    @classmethod
    def of_kind(cls, kind: TrialKind) -> "RequestedTest":
        """Return the test that looks for this kind only; ``auto`` where none does."""
        asked = (test for test in cls if test is not cls.AUTO and kind in test.kinds)
        return next(asked, cls.AUTO)


# What each --test looks for; auto, which looks for everything, is left out.
TESTS = {
    test.value: set(test.kinds)
    for test in RequestedTest
    if test is not RequestedTest.AUTO
}

# What may be said of the person and the test, by the name of the parameter.
CHOICES: dict[str, tuple[str, ...]] = {
    "test": tuple(test.value for test in RequestedTest),
    "eyes": ("open", "closed", "unknown"),
    "footwear": ("barefoot", "shoes", "unknown"),
    "surface": ("firm", "soft", "unknown"),
    "sex": ("f", "m"),
}
