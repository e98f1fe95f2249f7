"""What of a page is printed: the most important first, as much as two sheets hold."""

from made_results import assessment, censored_stance, measured, squats, stance

from balance.model.codes import FindingCode, Severity
from balance.model.results import Finding
from balance.reporting.pages.paper import (
    Level,
    allot,
    cards_printed,
    left_out,
    lines_of,
    most_important,
)
from balance.reporting.pages.report_view import cards, on_top

TRIAL = {Level.BRIEF: 2.0, Level.IMAGES: 14.0, Level.FULL: 40.0}


def test_the_first_is_raised_to_full_before_another_gets_images() -> None:
    assert allot([TRIAL] * 2, [1, 0], 42.0) == [Level.BRIEF, Level.FULL]


def test_what_is_left_gives_images_in_the_order_of_importance() -> None:
    got = allot([TRIAL] * 3, [0, 2, 1], 31.0)
    assert got == [Level.IMAGES, Level.BRIEF, Level.IMAGES]


def test_everybody_is_named_before_anybody_gets_images() -> None:
    assert allot([TRIAL] * 3, range(3), 7.0) == [Level.BRIEF] * 3


def test_the_first_is_printed_even_where_there_is_no_room() -> None:
    got = allot([TRIAL] * 2, range(2), 0.0)
    assert got == [Level.BRIEF, Level.OFF]
    assert left_out(got, "trials").startswith("1 of 2 trials are not printed here")


def test_nothing_is_said_where_nothing_is_left_out() -> None:
    assert left_out([Level.BRIEF], "trials") == ""


def test_the_best_of_each_leg_comes_before_second_trials() -> None:
    long = stance(measures={"hold_s": measured(30.0, 0.1, "s")})
    trials = [stance(), censored_stance(), long, squats()]
    assert most_important(trials) == [2, 1, 3, 0]


def test_a_line_more_for_every_hundred_letters() -> None:
    assert [lines_of("x" * n) for n in (0, 100, 101)] == [1, 1, 2]


def test_cards_are_printed_in_whole_rows_and_at_least_one() -> None:
    sets = [squats(count) for count in range(1, 12)]
    many = [card for one in sets for card in cards(assessment(one))]
    printed, lines = cards_printed(many)
    assert 2 <= printed < 11
    assert printed % 2 == 0
    assert lines < 50


def test_long_findings_leave_room_for_the_trials() -> None:
    notes = [
        Finding(FindingCode.CAMERA_MOVED, Severity.WARNING, f"{k} " + "word " * 80)
        for k in range(5)
    ]
    first, rest = on_top(notes)
    assert len(first) == 2
    assert len(rest) == 3
