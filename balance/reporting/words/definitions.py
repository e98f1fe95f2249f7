"""What each measure, trial and end means, for readers who have nothing but the code."""

from balance.model.codes import EndReason, JudgementCode, TrialKind
from balance.reporting.words.measure_words import split_name
from balance.reporting.words.wording import JUDGEMENT_WORDS

_SWAY = (
    "of the hip centre's displacement from side to side, followed below the pixel in "
    "the video of one camera in front, resampled to 25 Hz, low-pass filtered, mean "
    "removed, from 0.6 s after foot-off to 0.6 s before foot-down, freed of the "
    "video's own noise; definitions of Prieto et al. 1996"
)
_MASS = (
    "of the whole body's centre of mass, estimated from the landmarks of its segments, "
    "over the window and with the filter of the hip centre's sway"
)
_FPPA = (
    "between the line from hip to knee and the line from knee to ankle, + where the "
    "knee is inwards (valgus)"
)
_BOTTOM = "at the bottom, the time spent within 1° of the greatest knee flexion"
_DEPTH = "on the way down, where the knee is bent by"

# By the stem of a measure's name.
MEASURES = {
    "hold_s": "Time from foot-off of the swing leg, or from when the position was "
    "taken, to what ended the trial; at least this where the start or the end was not "
    "seen",
    "sway_ml_rms": f"Root mean square {_SWAY}",
    "sway_ml_range": f"Greatest less smallest value {_SWAY}",
    "sway_ml_path": f"Length of the path {_SWAY}",
    "sway_ml_speed": f"Length of the path over the time it took {_SWAY}",
    "sway_ml_mean_frequency": "Frequency of a sine with the same mean speed and mean "
    f"distance {_SWAY}",
    "sway_ml_noise": "Root mean square of the tracking noise left in the sway signal, "
    "estimated from the recording itself",
    "com_ml_rms": f"Root mean square displacement from side to side {_MASS}",
    "com_ml_range": f"Greatest less smallest displacement from side to side {_MASS}",
    "com_ml_path": f"Length of the path from side to side {_MASS}",
    "com_ml_speed": f"Mean speed from side to side {_MASS}",
    "com_ml_mean_frequency": "Frequency of a sine with the same mean speed and mean "
    f"distance {_MASS}",
    "trunk_lean": "Angle of the line from mid-hip to mid-shoulder to the vertical in "
    "the frontal plane, + towards the stance leg (on two legs: to the left)",
    "trunk_lean_peak": "Greatest sideways angle of the line from mid-hip to "
    "mid-shoulder to the vertical during the trial, + towards the stance leg",
    "trunk_lean_forward": "Forward angle of the line from mid-hip to mid-shoulder to "
    f"the vertical {_BOTTOM}; from the front told by how much shorter the trunk looks",
    "pelvic_drop": f"Angle of the line between the hips to the horizontal {_BOTTOM}, + "
    "where the swing side is lower (on two legs: the left side)",
    "hip_adduction": "Angle of the thigh to the perpendicular of the line between the "
    f"hips {_BOTTOM}, + towards the midline",
    "hip_adduction_at_60": "Angle of the thigh to the perpendicular of the line "
    f"between the hips, + towards the midline, {_DEPTH} 60°",
    "thigh_inwards": f"Angle of the thigh to the vertical {_BOTTOM}, as hip adduction "
    "of a level pelvis, + towards the midline",
    "knee_flexion": "Bend of the knee, 0 = straight: of a squat its greatest value, "
    "from the front told by how far the hips sink; of a stand the mean of the stance "
    "knee",
    "fppa": f"Angle in the image {_FPPA}, {_BOTTOM}, the landmarks' bias corrected",
    "fppa_raw": f"Angle in the image {_FPPA}, {_BOTTOM}, of the landmarks as tracked",
    "fppa_frontal": f"Angle in the person's frontal plane {_FPPA}, {_BOTTOM}, "
    "perspective and the camera's yaw taken out",
    "fppa_at_45": f"Angle in the image {_FPPA}, {_DEPTH} 45°",
    "fppa_frontal_at_45": f"Angle in the person's frontal plane {_FPPA}, {_DEPTH} 45°",
    "fppa_frontal_at_60": f"Angle in the person's frontal plane {_FPPA}, {_DEPTH} 60°",
    "fppa_left_right_difference": "The left knee's mean frontal plane projection angle "
    "of the set less the right one's",
    "medial_knee_shift": f"How much farther the knee is inside its ankle {_BOTTOM}, "
    "than in standing, + inwards",
    "medial_knee_shift_at_15pct_depth": "How much farther the knee is inside its ankle "
    "than in standing, where the hips have sunk by 15 % of the leg, + inwards",
    "knee_inside_ankle": f"How far the knee is medial to its own ankle {_BOTTOM}",
    "knee_past_toes": "How far the knee is medial to the big toe of its foot "
    f"{_BOTTOM}",
    "knee_wobble": "Root mean square of the knee's path from side to side about a "
    "smooth one during the repetition",
    "knee_ankle_separation_ratio": "Distance between the knees over that between the "
    f"ankles {_BOTTOM}; below 1 the knees are closer together",
    "pelvic_shift": f"Way of the mid-hip to one side of the middle between the feet "
    f"{_BOTTOM}, against standing, + to the person's left",
    "heel_lift": f"Rise of the heel above its place in standing {_BOTTOM}, seen from "
    "the side, of the leg towards the camera",
    "arm_movement": "How far the hand that moved farther left the place that it had "
    "between the repetitions",
    "descent": "Time from the start of a repetition to its bottom",
    "ascent": "Time from the bottom of a repetition, or from leaving the seat, to "
    "upright",
    "errors": "Errors of position as the Balance Error Scoring System counts them, "
    "those together as one, at most 10; closed eyes are told by the examiner",
    "repetitions": "Number of repetitions of the set",
    "height": "Rise of the body over the toes in a heel raise against that of the "
    "first",
    "height_last": "Rise of the last heel raise against that of the first",
    "height_worst": "Rise of the lowest heel raise against that of the first",
    "tempo": "Mean number of heel raises in a minute, from the time between their tops",
    "tempo_sd": "Standard deviation of the pace from one heel raise to the next",
    "symmetry": "Rise of the lower knee as a share of the higher one's over the set of "
    "heel raises; 100 is alike",
    "rise": "Rise of hips and shoulders over the toes at the top of a heel raise",
    "rise_s": "Time from the start of a heel raise to its top",
    "lower": "Time from the top of a heel raise to its end",
    "excursion": "Mean way of the pelvis from the middle between the feet to one side "
    "in weight shifts; 50 is above the foot",
    "reversals": "How often the way out turned back by a tenth of it or more, all "
    "weight shifts together",
    "landing_fppa_raw": f"Greatest angle in the image {_FPPA}, just after the foot met "
    "the floor, of the landmarks as tracked",
    "flight": "Time from both feet leaving the floor to the first contact",
    "five_times": "Time from leaving the seat for the first stand to upright in the "
    "fifth",
    "stands_in_30": "Number of stands within 30 s of the first leaving of the seat; "
    "one more than half way up at the end counts",
    "repetition": "Mean time from one repetition to the next",
}
QUALIFIERS = {
    "mean": "mean of the repetitions",
    "worst": "the repetition with the greatest deviation",
    "sd": "standard deviation over the repetitions",
    "trend_per_rep": "slope of a straight line over the repetitions, per repetition",
    "pct_height": "in percent of body height",
    "pct_leg": "in percent of leg length",
    "pct_trunk": "in percent of trunk length",
    "pct_hip_width": "in percent of the distance between the hips",
    "pct_stance": "in percent of the distance between the feet",
    "left": "left leg",
    "right": "right leg",
}
_KINDS = {
    TrialKind.SINGLE_LEG_STANCE: "Standing on one leg, from foot-off to foot-down",
    TrialKind.SQUAT_SET: "Squats on both legs without a pause, from the start of the "
    "first to the end of the last",
    TrialKind.SINGLE_LEG_SQUAT_SET: "Squats on one leg, from foot-off to foot-down",
    TrialKind.TWO_LEG_STANCE: "Quiet standing on both legs",
    TrialKind.SIDE_BY_SIDE_STANCE: "Standing with the feet together, side by side",
    TrialKind.SEMI_TANDEM_STANCE: "Standing with the heel of one foot beside the big "
    "toe of the other",
    TrialKind.TANDEM_STANCE: "Standing with the heel of one foot in front of the toes "
    "of the other",
    TrialKind.HEEL_RAISE_SET: "Heel raises, from the start of the first to the end of "
    "the last",
    TrialKind.WEIGHT_SHIFT_SET: "Slow shifts of the pelvis to each side, both feet on "
    "the floor",
    TrialKind.HOP_SET: "Hops on the spot, from the first take-off to the last landing",
    TrialKind.SIT_TO_STAND_SET: "Rising from a chair, from the first leaving of the "
    "seat to the last stand or seat",
}
_ENDS = {
    EndReason.TOUCHDOWN: "the raised foot touched the floor",
    EndReason.STANCE_FOOT_MOVED: "the standing foot moved from its place",
    EndReason.LEGS_TOUCHING: "the raised leg touched the standing one",
    EndReason.HAND_SUPPORT: "a hand took hold of something",
    EndReason.ARMS_MOVED: "an arm left the place that the protocol asks for",
    EndReason.EYES_OPENED: "the eyes were opened, as somebody present said",
    EndReason.TIME_CAP: "the longest time that the protocol asks for was reached",
    EndReason.LOST_SIGHT: "the person was out of sight",
    EndReason.CAMERA_CUT: "the recording was cut",
    EndReason.VIDEO_END: "the recording ended",
    EndReason.SET_END: "the last repetition was finished",
    EndReason.OTHER_PERSON: "another person came into the image",
    EndReason.STOPPED_BY_USER: "it was stopped by the person or the examiner",
}
_UNITS = {
    "s": "second",
    "mm": "millimetre",
    "mm/s": "millimetre per second",
    "deg": "degree",
    "Hz": "hertz",
    "%": "percent",
    "%/s": "percent per second",
    "1/min": "per minute",
    "ratio": "1, a ratio",
    "count": "1, a count",
    "errors": "1, a count",
}
_HOW = "Measured by software from a video of one camera."


def define_measure(name: str, unit: str | None) -> str:
    """Return a measure's definition, with its unit where the value has one."""
    stem, said = split_name(name)
    words = MEASURES.get(stem) or MEASURES.get(f"{stem}_s", stem.replace("_", " "))
    parts = [words, *(QUALIFIERS[one] for one in said)]
    in_unit = "" if unit is None else f" Unit: {_UNITS.get(unit, unit)}."
    return f"{'; '.join(parts)}.{in_unit} {_HOW}"


def define_judgement(code: JudgementCode) -> str:
    """Return what a judgement asks and when it says yes and no."""
    question, term = JUDGEMENT_WORDS[code]
    return (
        f"{question} ({term}.) Yes where the measured value lies beyond its threshold "
        "with a chance of at least 90 %, no at most 10 %, else the answer is absent; "
        "value and threshold are in the text of the answer."
    )


def define_kind(kind: TrialKind) -> str:
    """Return what is done in a trial of a kind, from when to when."""
    return f"{_KINDS[kind]}. {_HOW}"


def define_end(reason: EndReason) -> str:
    """Return what an end reason means."""
    return f"The trial ended because {_ENDS[reason]}."
