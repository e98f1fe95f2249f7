"""How a measure is called: plain words for everybody, the field's own term."""

# The stem of a measure's name: plain words, the field's term.
_MEASURES = {
    "hold_s": ("Time held", "stance time"),
    "sway_ml_rms": ("Sway from side to side", "ML sway, RMS"),
    "sway_ml_range": ("Sway, widest swing", "ML sway, range"),
    "sway_ml_path": ("Sway, way travelled", "ML sway, path length"),
    "sway_ml_speed": ("Sway, mean speed", "ML sway, mean speed"),
    "sway_ml_mean_frequency": ("Sway, how often", "ML sway, mean frequency"),
    "sway_ml_noise": ("Noise of this recording", "noise floor of ML sway"),
    "com_ml_rms": ("Sway of the whole body", "centre of mass, ML, RMS"),
    "com_ml_range": ("Whole body, widest swing", "centre of mass, ML, range"),
    "com_ml_path": ("Whole body, way travelled", "centre of mass, ML, path length"),
    "com_ml_speed": ("Whole body, mean speed", "centre of mass, ML, mean speed"),
    "com_ml_mean_frequency": (
        "Whole body, how often",
        "centre of mass, ML, mean frequency",
    ),
    "trunk_lean": ("Trunk lean to the side", "lateral trunk lean"),
    "trunk_lean_peak": ("Trunk lean, the most", "peak lateral trunk lean"),
    "trunk_lean_forward": ("Trunk lean forward", "forward trunk lean"),
    "pelvic_drop": ("Pelvis dropped on one side", "pelvic drop"),
    "hip_adduction": ("Thigh moved inwards", "hip adduction"),
    "knee_flexion": ("Knee bend", "knee flexion"),
    "fppa": ("Knee inwards as the camera sees it", "FPPA, projected, + valgus"),
    "fppa_raw": ("Knee inwards, uncorrected", "FPPA as tracked, + valgus"),
    "fppa_frontal": ("Knee inwards", "frontal-plane knee angle, + valgus"),
    "thigh_inwards": ("Thigh leant inwards", "thigh to a level pelvis, + adduction"),
    "fppa_frontal_at_45": (
        "Knee inwards at 45° of knee bend",
        "frontal-plane knee angle at 45° flexion",
    ),
    "fppa_frontal_at_60": (
        "Knee inwards at 60° of knee bend",
        "frontal-plane knee angle at 60° flexion",
    ),
    "hip_adduction_at_60": (
        "Thigh moved inwards at 60° of knee bend",
        "hip adduction at 60° flexion",
    ),
    "medial_knee_shift": ("Knee shifted inwards", "medial knee displacement"),
    "fppa_left_right_difference": (
        "Left knee inwards less the right",
        "FPPA, left − right",
    ),
    "knee_ankle_separation_ratio": ("Knees apart ÷ ankles apart", "KASR"),
    "pelvic_shift": ("Pelvis shifted sideways", "lateral pelvic shift, + left"),
    "heel_lift": ("Heel lifted", "heel lift"),
    "arm_movement": ("Hand away from its place", "arm movement"),
    "knee_past_toes": ("Knee inside the big toe", "knee medial to first toe"),
    "knee_inside_ankle": ("Knee inside its ankle", "knee medial to ankle"),
    "knee_wobble": ("Knee shake", "medio-lateral knee perturbation, RMS"),
    "fppa_at_45": (
        "Knee inwards at 45°, as the camera sees it",
        "FPPA, projected, at 45° flexion",
    ),
    "medial_knee_shift_at_15pct_depth": (
        "Knee shifted inwards, early",
        "medial knee displacement at 15 % depth",
    ),
    "descent": ("Time down", "descent time"),
    "ascent": ("Time up", "ascent time"),
    "errors": ("Errors", "BESS errors"),
    "repetitions": ("How many", "repetitions"),
    "height": ("Height against the first raise", "height, % of the first"),
    "height_last": ("Last raise against the first", "last height, % of the first"),
    "height_worst": ("Lowest raise against the first", "lowest height, % of the first"),
    "tempo": ("Pace", "tempo"),
    "tempo_sd": ("How uneven the pace was", "spread of the tempo"),
    "symmetry": ("Lower side against the higher", "symmetry index"),
    "rise": ("How high the body rose", "rise"),
    "rise_s": ("Time up", "rise time"),
    "lower": ("Time down", "lowering time"),
    "excursion": ("How far to the side", "excursion"),
    "reversals": ("Turned back on the way", "reversals"),
    "landing_fppa_raw": ("Knee inwards at landing", "FPPA at landing, as tracked"),
    "flight": ("Time in the air", "flight time"),
    "five_times": ("Time for five", "five times sit-to-stand"),
    "stands_in_30": ("How many in 30 s", "30-second chair stand"),
    "repetition": ("Time for one", "repetition time"),
}
_QUALIFIERS = {
    "mean": "mean of the set",
    "worst": "worst of the set",
    "sd": "spread of the set",
    "trend_per_rep": "change per repetition",
    "pct_height": "in % of height",
    "pct_leg": "in % of leg length",
    "pct_trunk": "in % of trunk length",
    "pct_hip_width": "in % of hip width",
    "pct_stance": "in % of the distance between the feet",
    "left": "left",
    "right": "right",
}
_UNITS_IN_NAMES = ("mm_s", "mm", "deg", "hz", "s", "per_min", "pct_first", "pct")


def measure_words(name: str) -> tuple[str, str]:
    """Return plain words and the field's term for a measure's name.

    A name that nobody listed is said as it is written, so that a new measure is
    never left out.
    """
    stem, qualifiers = split_name(name)
    said = [_QUALIFIERS[one] for one in qualifiers]
    plain, term = _MEASURES.get(stem) or _MEASURES.get(f"{stem}_s", ("", ""))
    if not plain:
        plain = term = stem.replace("_", " ")
    ending = "".join(f", {word}" for word in said)
    return plain + ending, term + ending


def split_name(name: str) -> tuple[str, list[str]]:
    """Split ``fppa_left_deg_mean`` into its stem and what qualifies it: left, mean."""
    said: list[str] = []
    stem = name
    parts = [*_QUALIFIERS, *_UNITS_IN_NAMES]
    while stem not in _MEASURES:
        ending = next((part for part in parts if stem.endswith(f"_{part}")), None)
        if ending is None:
            break
        stem = stem.removesuffix(f"_{ending}")
        if ending in _QUALIFIERS:
            said.insert(0, ending)
    return stem, said
