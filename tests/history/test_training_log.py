"""Training blocks are kept with what was done and felt; the next plan goes on there."""

from datetime import date
from pathlib import Path

import pytest
from stored_results import assessment_of, stance

from balance.history import Store
from balance.history.archive import export_person, import_person
from balance.history.deletion import forget_person
from balance.history.people import PersonRecord, add_person
from balance.history.recordings import save_recording
from balance.history.self_reports import load_self_reports
from balance.history.training_log import (
    TrainingBlock,
    Wishes,
    load_blocks,
    log_block,
    training_history,
)
from balance.live.training.trainee import BlockReport, Performed
from balance.model.errors import InputError
from balance.model.landmarks import Side

DONE = (Performed("one_leg_stand", "left", met=True, clean=True),)
BLOCK = TrainingBlock(
    date(2026, 1, 5),
    BlockReport(minutes=16.5, fatigue=4, pain=1, done=DONE),
    (("static", "left", "one_leg_stand"),),
    Wishes("runner", ("step",), 20),
)


def test_a_block_comes_back_as_it_was(store: Store, a7: str) -> None:
    log_block(store, a7, BLOCK)
    assert load_blocks(store, a7) == [BLOCK]


def test_what_it_felt_like_stands_among_the_self_reports(store: Store, a7: str) -> None:
    log_block(store, a7, BLOCK)
    (report,) = load_self_reports(store, a7)
    assert (report.on, report.fatigue, report.pain) == (BLOCK.on, 4, 1)
    assert report.training_minutes == 16.5


@pytest.mark.parametrize("felt", [{"pain": 11}, {"fatigue": -1}])
def test_what_is_beyond_the_scale_is_refused(store: Store, a7: str, felt) -> None:
    with pytest.raises(InputError, match="0 to 10"):
        log_block(store, a7, TrainingBlock(BLOCK.on, BlockReport(**felt)))
    assert load_blocks(store, a7) == []


def test_history_gives_legs_reports_rungs_and_wishes(store: Store, a7: str) -> None:
    for day, hold_s in ((2, 12.0), (4, 8.0)):
        told = assessment_of(stance("left", hold_s))
        save_recording(store, a7, told, on=date(2026, 1, day))
    log_block(store, a7, BLOCK)
    known = training_history(store, a7, date(2026, 1, 7))
    assert known.age_years == 70
    assert known.legs[Side.LEFT].open_s == (12.0, 8.0)
    assert known.reports == (BLOCK.report,)
    assert known.rungs == {("static", "left"): "one_leg_stand"}
    assert known.wishes.goal == "runner"


def test_a_result_of_today_counts_before_it_is_kept(store: Store, a7: str) -> None:
    save_recording(store, a7, assessment_of(stance("left", 12.0)), on=date(2026, 1, 2))
    today = date(2026, 1, 7)
    new = [assessment_of(stance("left", 20.0))]
    assert training_history(store, a7, today, new).legs[Side.LEFT].open_s == (12, 20)


def test_who_never_trained_has_an_empty_history(store: Store, a7: str) -> None:
    known = training_history(store, a7, date(2026, 1, 7))
    assert (known.reports, known.rungs, known.wishes) == ((), {}, Wishes())


def test_blocks_leave_and_return_with_the_person(
    store: Store, other_store: Store, a7: str, tmp_path: Path
) -> None:
    log_block(store, a7, BLOCK)
    import_person(other_store, export_person(store, a7, tmp_path / "a7.zip"))
    assert load_blocks(other_store, a7) == [BLOCK]


def test_blocks_go_with_a_person_who_is_forgotten(store: Store, a7: str) -> None:
    log_block(store, a7, BLOCK)
    forget_person(store, a7)
    add_person(store, PersonRecord(a7, consent_at="2026-01-01"))
    assert load_blocks(store, a7) == []
