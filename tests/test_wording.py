import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_results import censored_stance, measured, squats, stance

from balance.model import codes
from balance.model.results import Judgement, Measurement
from balance.reporting.words import wording
from balance.reporting.words.measure_words import measure_words


@pytest.mark.parametrize(
    ("measurement", "words"),
    [
        pytest.param(measured(10.98, 0.07, "s"), "11.0 s (10.9–11.1)", id="seconds"),
        pytest.param(
            Measurement(45.0, "s", 44.9, None, censored=True),
            "≥ 45.0 s (from 44.9, no upper limit)",
            id="a hold that was cut off is at least that long",
        ),
        pytest.param(
            measured(-0.04, 2.5, "deg"), "0.0° (−2.5 to 2.5)", id="no minus before 0"
        ),
        pytest.param(
            Measurement(1.234, "mm", 1.232, 1.236),
            "1.23 mm (1.23–1.24)",
            id="an interval is never shown as a point",
        ),
        pytest.param(
            Measurement(1.0, "s", None, None), "1.0 s (interval unknown)", id="unknown"
        ),
        pytest.param(
            Measurement(0.87, "ratio", 0.81, 0.93), "0.87 (0.81–0.93)", id="a ratio"
        ),
    ],
)
def test_a_number_is_said_with_its_interval(measurement, words):
    assert str(wording.say(measurement)) == words


@given(
    st.floats(-500, 500),
    st.floats(0.001, 100),
    st.sampled_from(["s", "mm", "deg", "Hz", "%", "ratio"]),
)
def test_the_two_ends_of_an_interval_can_be_told_apart(value, half, unit):
    said = wording.say(measured(value, half, unit))
    low, high = said.interval.replace(" to ", "–").split("–")
    assert low != high


@pytest.mark.parametrize(
    ("table", "enum"),
    [
        (wording.EVENT_WORDS, codes.EventCode),
        (wording.JUDGEMENT_WORDS, codes.JudgementCode),
        (wording.ANSWER_WORDS, codes.Answer),
        (wording.ANSWER_SHAPES, codes.Answer),
        (wording.GRADE_WORDS, codes.Grade),
        (wording.SEVERITY_WORDS, codes.Severity),
        (wording.SEVERITY_SHAPES, codes.Severity),
    ],
)
def test_every_code_has_words(table, enum):
    assert set(table) == set(enum)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("errors", "Errors"),
        ("height_last_pct_first", "Last raise against the first"),
        ("tempo_sd_per_min", "How uneven the pace was"),
        ("symmetry_pct", "Lower side against the higher"),
        ("rise_pct_leg", "How high the body rose, in % of leg length"),
        ("rise_s", "Time up"),
        (
            "excursion_left_pct_stance",
            "How far to the side, left, in % of the distance between the feet",
        ),
        ("landing_fppa_raw_deg_mean", "Knee inwards at landing, mean of the set"),
    ],
)
def test_measures_of_the_protocols_have_plain_words(name, plain):
    assert measure_words(name)[0] == plain


def test_what_is_counted_has_no_decimals_and_no_unit():
    assert str(wording.say(Measurement(4, "count", 4, None))).startswith("≥ 4 (")


@pytest.mark.parametrize("kind", codes.TrialKind)
@pytest.mark.parametrize("reason", codes.EndReason)
def test_every_kind_of_trial_and_every_end_can_be_said(kind, reason):
    trial = stance("right", kind=kind, end_reason=reason)
    words = [
        wording.trial_title(trial),
        wording.trial_term(trial),
        wording.headline(trial),
        wording.end_words(trial),
    ]
    assert all(words)
    assert not any("{" in text for text in words)


def test_a_stand_names_its_leg_and_the_foot_that_came_down():
    assert wording.headline(stance("left")) == "You stood on your left leg for"
    assert wording.end_words(stance("left")) == "The right foot touched the floor."
    assert "video ended" in wording.end_words(censored_stance())


def test_repetitions_are_counted_in_words():
    assert wording.counted(squats(3)) == "squats"
    assert wording.counted(squats(1)) == "squat"


@pytest.mark.parametrize(
    ("name", "plain", "term"),
    [
        ("hold_s", "Time held", "stance time"),
        (
            "sway_ml_rms_pct_height",
            "Sway from side to side, in % of height",
            "ML sway, RMS, in % of height",
        ),
        (
            "fppa_frontal_left_deg_worst",
            "Knee inwards, left, worst of the set",
            "frontal-plane knee angle, + valgus, left, worst of the set",
        ),
        ("a_new_one_deg", "a new one", "a new one"),
    ],
)
def test_a_measure_has_plain_words_and_the_fields_term(name, plain, term):
    assert measure_words(name) == (plain, term)


@pytest.mark.parametrize(
    ("answer", "chance", "words"),
    [
        (codes.Answer.YES, 0.97, "yes"),
        (codes.Answer.NO, 0.03, "no"),
        (codes.Answer.CANNOT_TELL, 0.79, "likely (79 %)"),
        (codes.Answer.CANNOT_TELL, 0.12, "unlikely (12 %)"),
        (codes.Answer.CANNOT_TELL, 0.51, "cannot tell (51 %)"),
        (codes.Answer.CANNOT_TELL, None, "cannot tell"),
    ],
)
def test_an_answer_says_its_chance(answer, chance, words):
    judged = Judgement(codes.JudgementCode.TRUNK_LEAN, answer, None, "", chance=chance)
    assert wording.answer_words(judged) == words
