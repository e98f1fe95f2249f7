"""Every code of our own has a definition of its own, with unit and method."""

import pytest

from balance.model.codes import EndReason, JudgementCode, TrialKind
from balance.reporting.words import definitions, measure_words
from balance.reporting.words.definitions import (
    define_end,
    define_judgement,
    define_kind,
    define_measure,
)


def test_every_measure_that_has_words_has_a_definition() -> None:
    assert set(definitions.MEASURES) == set(measure_words._MEASURES)
    assert set(definitions.QUALIFIERS) == set(measure_words._QUALIFIERS)


@pytest.mark.parametrize("stem", definitions.MEASURES)
def test_a_definition_is_a_sentence_of_its_own(stem: str) -> None:
    text = define_measure(stem, "deg")
    assert len(text.split()) > 12
    assert "{" not in text
    assert text.endswith(
        "Unit: degree. Measured by software from a video of one camera."
    )
    others = [words for name, words in definitions.MEASURES.items() if name != stem]
    assert definitions.MEASURES[stem] not in others


def test_qualifiers_and_unit_are_part_of_it() -> None:
    text = define_measure("knee_inside_ankle_left_pct_leg_sd", "%")
    for part in (
        "left leg", "in percent of leg length", "standard deviation over", "percent",
    ):  # fmt: skip
        assert part in text


def test_kinds_ends_and_judgements_are_all_defined() -> None:
    kinds = {define_kind(kind) for kind in TrialKind}
    ends = {define_end(reason) for reason in EndReason}
    judgements = {define_judgement(code) for code in JudgementCode}
    assert (len(kinds), len(ends)) == (len(TrialKind), len(EndReason))
    assert len(judgements) == len(JudgementCode)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("height_pct_first", "Height against the first raise"),
        ("fppa_left_right_difference_deg", "Left knee inwards less the right"),
    ],
)
def test_measures_that_had_no_words_have_some(name: str, plain: str) -> None:
    assert measure_words.measure_words(name)[0] == plain
