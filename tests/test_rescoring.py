"""After a correction by hand the score follows, and the record keeps what was."""

from dataclasses import replace
from functools import partial

from balance.codes import Answer, EventCode
from balance.overruling import Correction, overrule
from balance.rescoring import rescore_trial
from balance.results import Event
from balance.scoring import score_stance
from balance.standards import load_standards
from tests.made_results import assessment, squats, stance

NORMS = load_standards()
rescore = partial(rescore_trial, norms=NORMS)


def scored():
    trial = replace(stance(), events=(Event(EventCode.LEGS_TOUCHING, 4.2),))
    hold, lean = trial.measures["hold_s"], trial.measures.get("trunk_lean_deg")
    score = score_stance(NORMS, trial.norm, hold, lean, trial.events)
    return assessment(replace(trial, score=score))


def test_event_taken_out_gives_its_points_back():
    what = "event:legs_touching@4.2"
    after = overrule(scored(), Correction(1, what, "removed", "AB", "now"), rescore)
    trial = after.trials[0]
    assert trial.events == ()
    assert trial.overruled[-1].by == "AB"
    hold, lean = trial.measures["hold_s"], trial.measures.get("trunk_lean_deg")
    assert trial.score == score_stance(NORMS, trial.norm, hold, lean, ())


def test_corrected_end_moves_the_hold_and_its_judgement():
    before = scored()
    end_s = before.trials[0].start_s + 3.0
    after = overrule(before, Correction(1, "end_s", str(end_s), "AB", "now"), rescore)
    hold = after.trials[0].measures["hold_s"]
    assert hold is not None
    assert hold.value == 3.0


def test_what_was_said_by_hand_is_not_judged_again():
    before = scored()
    codes = [j.code for j in before.trials[0].judgements]
    what = "judgement:hold_below_age_band"
    if "hold_below_age_band" in codes:
        said = Correction(1, what, "cannot_tell", "AB", "now")
        after = overrule(before, said, rescore)
        by_code = {j.code: j.answer for j in after.trials[0].judgements}
        assert by_code["hold_below_age_band"] is Answer.CANNOT_TELL


def test_set_without_a_score_is_left_as_it_is():
    whole = assessment(replace(squats(), score=None))
    assert rescore(whole, 0) == whole
