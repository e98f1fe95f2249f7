"""A score that says nothing is not shown, what it lacks is; the norms."""

from dataclasses import replace

from made_results import measured, squats

from balance.model.codes import Answer, JudgementCode, TrialKind
from balance.model.results import Judgement, LostPoint, Score
from balance.reporting.pages.healthy_place import healthy_places
from balance.reporting.pages.score_view import scored


def trial_with(low: int):
    codes = (JudgementCode.KNEE_VALGUS_LEFT, JudgementCode.TRUNK_LEAN)
    judged = tuple(
        Judgement(code, Answer.CANNOT_TELL, None, "", chance=0.5) for code in codes
    )
    lost = tuple(
        LostPoint(code.value, points, "", "")
        for code, points in zip(codes, (40.0, 20.0), strict=True)
    )
    return replace(squats(), judgements=judged, score=Score(low, 100, 100, lost))


def test_a_narrow_score_is_shown():
    view = scored(trial_with(80))
    assert (view.low, view.high, view.missing) == (80, 100, ())


def test_a_wide_score_says_which_two_facts_are_missing():
    missing = scored(trial_with(40)).missing
    assert missing == ("dynamic knee valgus, left", "lateral trunk lean")


def test_no_score_is_no_view():
    assert scored(replace(squats(), score=None)) is None


def test_a_knee_lies_among_healthy_people():
    knee = {"fppa_frontal_left_deg_mean": measured(20.0, 5.0, "deg")}
    trial = replace(
        squats(), kind=TrialKind.SINGLE_LEG_SQUAT_SET, side="left", measures=knee
    )
    (place,) = healthy_places(trial)
    # Healthy women 8.4 (SD 5.1): 20 degrees lie beyond two of them.
    assert place.at > place.band_from + place.band_width
    assert place.from_ < place.at < place.from_ + place.width
    assert "Herrington" in place.source


def test_squats_on_two_legs_have_no_published_values():
    assert healthy_places(squats()) == []
