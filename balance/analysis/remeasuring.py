"""A trial measured anew from its recording, after a person moved its start or end.

Everything that hangs on the times is made again: sway, lean, events, norm, judgement
and score. A time that was set by hand has no interval of its own.
"""

from dataclasses import replace

from balance.analysis.body.clean_recording import clean
from balance.analysis.body.view import SceneGeometry, estimate_geometry
from balance.analysis.contact import recording_contact
from balance.analysis.events.trials import Stance
from balance.analysis.judging.overruling import Rescore, rescore_by
from balance.analysis.stance_assessment import assess_stance
from balance.model.codes import TrialKind
from balance.model.landmarks import Side
from balance.model.recording import Recording
from balance.model.results import Assessment, Event, Judgement, Measurement, Trial
from balance.reference.protocol import Protocol
from balance.reference.thresholds import Norms

TIMES = ("start_s", "end_s", "side", "split_s")
NOT_SEEN = "not seen"
# A person points at a frame of the video; 95 % of the error of that is in this.
HAND_SD_S = 0.05


def remeasure_by(recording: Recording, protocol: Protocol, norms: Norms) -> Rescore:
    """Return what makes a trial anew after a correction.

    A stand on one leg whose start, end or leg was set by hand is measured from the
    recording; all else is judged and scored anew from what it says.
    """
    rescore = rescore_by(norms)
    # A person who moves the end past the cap, or says that touching legs did not end
    # it, has decided that.
    free = replace(protocol, cap_s=None, stop_rules=frozenset())

    def remeasure(assessment: Assessment, index: int) -> Assessment:
        trial = assessment.trials[index]
        by_hand = {note.what for note in trial.overruled} & set(TIMES)
        if not by_hand or trial.kind is not TrialKind.SINGLE_LEG_STANCE:
            return rescore(assessment, index)
        trusted = clean(recording).recording
        contact = recording_contact(trusted, norms.contact)
        view = estimate_geometry(trusted, contact)
        trials = list(assessment.trials)
        trials[index] = _measured_anew(view, trial, free, norms)
        merged = _merged(replace(assessment, trials=tuple(trials)), index)
        return rescore(merged, merged.trials.index(trials[index]))

    return remeasure


def _measured_anew(
    view: SceneGeometry, trial: Trial, protocol: Protocol, norms: Norms
) -> Trial:
    stance = Stance(
        Side(trial.side),
        trial.start_s,
        trial.end_s,
        trial.start_seen,
        trial.end_seen,
        trial.end_reason,
        HAND_SD_S,
        HAND_SD_S,
    )
    fresh = assess_stance(view, stance, protocol, norms)
    hold = fresh.measures.get("hold_s")
    measures = {**fresh.measures, "hold_s": None if hold is None else _by_hand(hold)}
    return replace(
        fresh,
        start_s=trial.start_s,
        end_s=trial.end_s,
        measures=measures,
        events=_events(fresh, trial),
        judgements=_judgements(fresh, trial),
        ratings=trial.ratings,
        overruled=trial.overruled,
    )


def _by_hand(hold: Measurement) -> Measurement:
    return replace(hold, low=None, high=None)


def _events(fresh: Trial, before: Trial) -> tuple[Event, ...]:
    """Return the events of the new times, with those that a person took or gave."""
    was_of = {note.what: note.was for note in before.overruled}
    taken = {what for what, was in was_of.items() if was != NOT_SEEN}
    given = [
        event
        for event in before.events
        if was_of.get(_name(event)) == NOT_SEEN
        and fresh.start_s <= event.time_s <= fresh.end_s
    ]
    left = [event for event in fresh.events if _name(event) not in taken]
    return tuple(sorted({*left, *given}, key=lambda event: event.time_s))


def _name(event: Event) -> str:
    return f"event:{event.code}@{event.time_s:g}"


def _judgements(fresh: Trial, before: Trial) -> tuple[Judgement, ...]:
    """Return the new answers; one that a person gave stays."""
    by_hand = {note.what for note in before.overruled}
    kept = {
        one.code: one for one in before.judgements if f"judgement:{one.code}" in by_hand
    }
    return tuple(kept.get(one.code, one) for one in fresh.judgements)


def _merged(assessment: Assessment, index: int) -> Assessment:
    """Leave out stands on the same leg that the moved one now holds."""
    moved = assessment.trials[index]

    def swallowed(other: Trial) -> bool:
        middle_s = (other.start_s + other.end_s) / 2
        same = other.kind is moved.kind and other.side == moved.side
        return same and other is not moved and moved.start_s < middle_s < moved.end_s

    left = tuple(one for one in assessment.trials if not swallowed(one))
    return replace(assessment, trials=left)
