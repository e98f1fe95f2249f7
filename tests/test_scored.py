"""What a protocol scores is announced, and comes with the outcome."""

from pathlib import Path

import pytest
from protocol_clips import clip, mirrored, recording

from balance.analysis.protocols.score import Take, score_protocol
from balance.model.files import read_recording
from balance.pipeline.analyze import assess_recording
from balance.reference.loader import load_protocol, protocol_codes
from balance.reporting.words.measure_words import measure_words
from balance.reporting.words.protocol_score import (
    scored_lines,
    scored_words,
    symmetry_lines,
)

VALGUS = Path(__file__).parent / "rendered" / "squat_valgus_left.npz"


def scored(code: str, *recordings):
    takes = [Take(one, assess_recording(one)) for one in recordings]
    return score_protocol(load_protocol(code), takes)


def lines_of(score) -> dict[str, str]:
    (found,) = (one for one in score.stages if one.best is not None)
    return dict(scored_lines(score.protocol, found))


@pytest.mark.parametrize("code", protocol_codes())
def test_every_protocol_announces_what_it_scores_in_words(code) -> None:
    protocol = load_protocol(code)
    assert len(scored_words(protocol)) == len(protocol.scored) > 0
    for name in protocol.scored:
        stem = name.replace("_{side}", "")
        # A name that nobody put into words would be said as it is written.
        assert measure_words(stem)[0] != stem.replace("_", " ")


def test_heel_raises_come_with_height_tempo_and_symmetry() -> None:
    lines = lines_of(scored("heel_raise_two_legs", recording(clip("heel_raises"))))
    assert lines["Last raise against the first"].startswith("57.8 %")
    assert lines["Pace"].startswith("31.6 a minute")
    assert lines["Lower side against the higher"].startswith("91.9 %")


def test_squats_come_with_depth_knees_and_the_fault_that_was_seen() -> None:
    lines = lines_of(scored("squat", read_recording(VALGUS)))
    assert {
        "Knee inwards, left, mean of the set",
        "Did the left knee move inwards?",
    } <= (lines.keys())
    assert "Did the right knee move inwards?" not in lines
    # Seen from the front no heel is measured.
    assert lines["Heel lifted, left, mean of the set"] == "cannot tell"


def test_nothing_is_said_of_a_position_that_was_not_found() -> None:
    score = scored("weight_shift", recording(clip("tandem")))
    assert [scored_lines(score.protocol, one) for one in score.stages] == [[]]


def test_legs_are_compared_once_both_were_tested() -> None:
    one_leg = clip("heel_raises_one_leg")
    assert symmetry_lines(scored("heel_raise", recording(one_leg))) == []
    other = recording(mirrored(one_leg))
    (line,) = symmetry_lines(scored("heel_raise", recording(one_leg), other))
    assert line.endswith("left 4, right 4; the lower is 100 % of the higher.")
