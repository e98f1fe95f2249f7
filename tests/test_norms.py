"""Which norm rows and bands fit a person."""

import pytest

from balance.reference.loader import (
    load_heel_raise_norms,
    load_hold_bands,
    load_norms,
    load_point_changes,
    load_stage_flags,
)
from balance.reference.norms import (
    find_hold_band,
    find_hold_norms,
    find_repetition_norm,
)


@pytest.mark.parametrize(
    ("age_years", "eyes", "sex", "expected"),
    [
        pytest.param(34, "open", None, [("all", 44.7), ("f", 45.1)], id="all first"),
        pytest.param(34, "open", "f", [("f", 45.1), ("all", 44.7)], id="woman first"),
        pytest.param(69.9, "open", "m", [("all", 32.1), ("f", 30.4)], id="still 69"),
        pytest.param(72, "closed", "m", [("m", 2.6), ("f", 3.7)], id="man, closed"),
        pytest.param(17, "open", None, [], id="no norm below 18"),
        pytest.param(100, "open", None, [], id="no norm from 100"),
    ],
)
def test_rows_that_fit_a_person(age_years, eyes, sex, expected) -> None:
    rows = find_hold_norms(load_norms(), age_years, eyes, sex)
    assert [(row.sex, row.typical_s) for row in rows] == expected


def test_without_sex_the_closed_rows_of_both_are_returned() -> None:
    rows = find_hold_norms(load_norms(), 40, "closed")
    assert {(row.sex, row.typical_s) for row in rows} == {("f", 13.5), ("m", 12.0)}


def test_the_pooled_older_norms_are_asked_for_by_name() -> None:
    (row,) = find_hold_norms(load_norms(), 75, "open", None, "mean over studies")
    assert (row.typical_s, row.cap_s) == (17.2, None)


@pytest.mark.parametrize(
    ("age_years", "hold_s", "expected"),
    [
        (60, 0.0, "below_5_s"),
        (60, 4.99, "below_5_s"),
        (75, 5.0, "below_10_s"),
        (75, 10.0, None),
        (59, 2.0, None),
    ],
)
def test_hold_bands_begin_at_sixty_and_end_at_ten_seconds(
    age_years, hold_s, expected
) -> None:
    band = find_hold_band(load_hold_bands(), age_years, "open", hold_s)
    assert (band.code if band else None) == expected


@pytest.mark.parametrize(
    ("age_years", "sex", "count"),
    [(25, "m", 37), (69.9, "f", 19), (79, "m", 14), (80, "f", None), (19, "m", None)],
)
def test_heel_raises_by_decade_and_sex(age_years, sex, count) -> None:
    row = find_repetition_norm(load_heel_raise_norms(), age_years, sex)
    assert (row.repetitions if row else None) == count


def test_the_form_flags_tandem_below_10_s_from_65_on() -> None:
    (flag,) = load_stage_flags()
    assert (flag.stage, flag.below_s, flag.age_from) == ("tandem", 10.0, 65)


def test_a_real_change_of_bess_scores() -> None:
    changes = {change.protocol: change.mdc_points for change in load_point_changes()}
    assert changes == {"mbess": 3.2, "bess": 10.2}
