"""A click takes out an event; the record keeps it and the score follows."""

from dataclasses import replace

import pytest

from balance.codes import EndReason, EventCode, TrialKind
from balance.errors import InputError
from balance.overrule import overrule_event
from balance.results import (
    Assessment,
    CameraGeometry,
    Conditions,
    Event,
    Measurement,
    Options,
    Person,
    Software,
    Source,
    Trial,
)
from balance.scoring import score_stance
from balance.standards import load_standards

HOLD = Measurement(20.0, "s", 19.9, 20.1)
LEGS = Event(EventCode.LEGS_TOUCHING, 4.2)
DOWN = Event(EventCode.TOUCHDOWN, 22.0)


def assessment() -> Assessment:
    trial = Trial(
        TrialKind.SINGLE_LEG_STANCE,
        "left",
        2.0,
        22.0,
        True,
        True,
        EndReason.TOUCHDOWN,
        measures={"hold_s": HOLD},
        events=(LEGS, DOWN),
    )
    score = score_stance(load_standards(), None, HOLD, None, trial.events)
    return Assessment(
        Software("1", "2", "3"),
        Source("a.mp4", "0", 30.0, 900, 30.0, 640, 480, 0),
        Options(),
        Person(),
        Conditions(),
        "auto",
        None,
        CameraGeometry(),
        (replace(trial, score=score),),
        (),
    )


def overruled(event: int = 0, by: str = "AB") -> Assessment:
    return overrule_event(
        assessment(), 0, event, by=by, at="2030-01-02T03:04:05", norms=load_standards()
    )


def test_event_is_gone_and_the_record_keeps_it():
    trial = overruled().trials[0]
    assert trial.events == (DOWN,)
    (note,) = trial.overruled
    assert (note.by, note.at, note.was) == ("AB", "2030-01-02T03:04:05", "seen")
    assert "legs_touching at 4.20 s" in note.what


def test_score_is_worked_out_again():
    before, after = assessment().trials[0].score, overruled().trials[0].score
    assert before is not None
    assert after is not None
    assert after == score_stance(load_standards(), None, HOLD, None, (DOWN,))
    assert after.high >= before.high


@pytest.mark.parametrize(("event", "by"), [(7, "AB"), (0, " ")])
def test_nothing_is_overruled_by_nobody_or_that_is_not_there(event, by):
    with pytest.raises(InputError):
        overruled(event, by)
