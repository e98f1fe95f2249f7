"""A person's correction is kept with who and when, beside what it was."""

from dataclasses import replace

import pytest
from stored_results import assessment_of, stance

from balance.analysis.judging.overruling import overrule, rescore_by
from balance.history import Store
from balance.history.overrules import is_corrected, overrule_stored, undo_stored
from balance.history.pages import person_page
from balance.history.recordings import load_recording, save_recording
from balance.model.codes import Answer, EndReason, EventCode
from balance.model.corrections import Correction
from balance.model.errors import InputError, StoreError
from balance.model.results import Assessment, Event, Measurement, Score


def test_an_end_moved_by_hand_changes_the_hold_and_keeps_the_original(
    store: Store, a7: str
) -> None:
    told = assessment_of(stance("left", 20.0))
    key = save_recording(store, a7, told)
    after = overrule_stored(store, key, Correction.of_text(1, "end_s", "17.5", "B"))
    kept = load_recording(store, key)
    assert kept.assessment == after
    assert kept.original == told
    [trial] = after.trials
    hold = trial.measures["hold_s"]
    assert hold is not None
    assert (hold.value, hold.low, hold.high) == pytest.approx((15.5, 15.43, 15.57))
    [entry] = trial.overruled
    assert (entry.what, entry.was, entry.by) == ("end_s", "22", "B")
    assert entry.at.startswith("20")
    [trend] = person_page(store, a7).trends.values()
    assert trend.level == pytest.approx(15.5)


def test_the_first_original_survives_a_second_overrule(store: Store, a7: str) -> None:
    told = assessment_of()
    key = save_recording(store, a7, told)
    overrule_stored(store, key, Correction.of_text(1, "side", "right", "B"))
    after = overrule_stored(
        store, key, Correction.of_text(1, "end_reason", "hand_support", "C")
    )
    assert load_recording(store, key).original == told
    assert [entry.by for entry in after.trials[0].overruled] == ["B", "C"]


def test_the_score_is_made_anew(store: Store, a7: str) -> None:
    def rescore(assessment: Assessment, index: int) -> Assessment:
        trial = replace(assessment.trials[index], score=Score(1, 2, 100, ()))
        return replace(assessment, trials=(trial,))

    key = save_recording(store, a7, assessment_of())
    correction = Correction.of_text(1, "end_reason", "hand_support", "B")
    after = overrule_stored(store, key, correction, rescore)
    assert after.trials[0].score == Score(1, 2, 100, ())
    assert after.trials[0].end_reason is EndReason.HAND_SUPPORT


def test_judgements_and_events_can_be_overruled() -> None:
    told = assessment_of()
    answer = Correction.of_text(
        1, "judgement:hold_below_age_band", "cannot_tell", "B", "now"
    )
    after = overrule(told, answer)
    assert after.trials[0].judgements[0].answer is Answer.CANNOT_TELL
    after = overrule(
        after, Correction.of_text(1, "event:legs_touching@4.2", "removed", "B")
    )
    assert after.trials[0].events == ()
    assert [entry.was for entry in after.trials[0].overruled] == [
        "no",
        "legs_touching at 4.2 s",
    ]


def test_errors_of_a_bess_trial_are_counted_anew() -> None:
    errors = (
        Event(EventCode.HANDS_OFF_HIPS, 3.0),
        Event(EventCode.HANDS_OFF_HIPS, 9.0),
    )
    counted = {"errors": Measurement(2, "count", 2, None)}
    told = assessment_of(replace(stance("left"), events=errors, measures=counted))
    after = overrule(
        told, Correction.of_text(1, "event:hands_off_hips@3", "removed", "B")
    )
    assert after.trials[0].measures["errors"].value == 1
    after = overrule(
        after, Correction.of_text(1, "event:eyes_opened@5.5", "added", "B")
    )
    assert after.trials[0].measures["errors"].value == 2
    assert [e.code for e in after.trials[0].events] == [
        "eyes_opened",
        "hands_off_hips",
    ]
    assert [entry.was for entry in after.trials[0].overruled] == [
        "hands_off_hips at 3 s",
        "not seen",
    ]


def test_a_cap_that_was_none_is_no_longer_at_least() -> None:
    told = assessment_of(stance("left", 45.0))
    trial = overrule(told, Correction.of_text(1, "end_s", "30", "B")).trials[0]
    hold = trial.measures["hold_s"]
    assert hold is not None
    assert hold.value == 28.0
    assert hold.high == pytest.approx(28.07)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ((2, "side", "left", "B"), "no trial 2"),
        ((1, "side", "up", "B"), "one of"),
        ((1, "end_s", "soon", "B"), "seconds"),
        ((1, "end_s", "1", "B"), "end after"),
        ((1, "age", "1", "B"), "cannot be corrected"),
        ((1, "judgement:trunk_lean", "no", "B"), "no judgement"),
        ((1, "event:touchdown@1", "removed", "B"), "no event"),
        ((1, "event:touchdown@99", "added", "B"), "outside the trial"),
        ((1, "event:touchdown@soon", "added", "B"), "needs its second"),
        ((1, "event:sneeze@4", "added", "B"), "one of"),
        ((1, "side", "left", " "), "who makes it"),
    ],
)
def test_what_cannot_be_is_refused(given: tuple[int, str, str, str], word: str) -> None:
    with pytest.raises(InputError, match=word):
        overrule(assessment_of(), Correction.of_text(*given))


def test_an_unknown_recording_is_a_sentence(store: Store) -> None:
    with pytest.raises(StoreError, match="no recording"):
        overrule_stored(store, "0" * 32, Correction.of_text(1, "side", "left", "B"))


def test_norms_judge_and_score_what_was_corrected() -> None:
    from balance.analysis.judging.scoring import score_stance
    from balance.reference.standards import load_standards

    norms = load_standards()
    trial = stance("left", 20.0)
    hold = trial.measures["hold_s"]
    assert hold is not None
    scored = replace(trial, score=score_stance(norms, None, hold, None, trial.events))
    rescore = rescore_by(norms)
    shorter = overrule(
        assessment_of(scored), Correction.of_text(1, "end_s", "5.5", "B"), rescore
    ).trials[0]
    assert scored.score is not None
    assert shorter.score is not None
    assert shorter.score.low < scored.score.low
    assert shorter.judgements[0].answer is Answer.YES
    cleaner = overrule(
        assessment_of(scored),
        Correction.of_text(1, "event:legs_touching@4.2", "removed", "B"),
        rescore,
    ).trials[0]
    assert cleaner.score is not None
    assert cleaner.score.low > scored.score.low


def test_an_answer_given_by_hand_is_not_judged_again() -> None:
    from balance.reference.standards import load_standards

    rescore = rescore_by(load_standards())
    told = assessment_of(replace(stance("left", 3.0), score=Score(1, 2, 100, ())))
    by_hand = Correction.of_text(1, "judgement:hold_below_age_band", "cannot_tell", "B")
    after = overrule(
        overrule(told, by_hand, rescore),
        Correction.of_text(1, "end_s", "5.5", "B"),
        rescore,
    )
    assert after.trials[0].judgements[0].answer is Answer.CANNOT_TELL


def test_the_last_correction_is_taken_back_and_the_others_stay(
    store: Store, a7: str
) -> None:
    told = assessment_of(stance("left", 20.0))
    key = save_recording(store, a7, told)
    first = Correction.of_text(1, "end_s", "17.5", "B", at="2026-11-01T10:00:00+00:00")
    second = Correction.of_text(1, "side", "right", "C", at="2026-11-01T10:00:05+00:00")
    once = overrule_stored(store, key, first)
    overrule_stored(store, key, second)
    assert undo_stored(store, key) == once
    assert load_recording(store, key).assessment == once
    assert undo_stored(store, key) == told
    assert not is_corrected(store, key)
    assert load_recording(store, key).original is None
    [trend] = person_page(store, a7).trends.values()
    assert trend.level == pytest.approx(20.0)
    with pytest.raises(StoreError, match="no correction"):
        undo_stored(store, key)
