"""What holds of every recorded rendered person, whatever they do."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from balance.analysis.body.trust import clean
from balance.analysis.contact import recording_contact
from balance.model.codes import TrialKind
from balance.model.files import assessment_to_dict, read_recording
from balance.model.results import Assessment
from balance.pipeline.analyze import assess_recording
from balance.reference.contact_model import load_contact_model

PATHS = sorted((Path(__file__).parent / "rendered").glob("*.npz"))
ON_ONE_LEG = (TrialKind.SINGLE_LEG_STANCE, TrialKind.SINGLE_LEG_SQUAT_SET)
OF_LEG = {"left": 1, "right": 2}
# One video of each person: what a browser or a codec does to it changes no contact.
ORIGINALS = [path for path in PATHS if "-" not in path.stem]
# Around its edges the texture of the foot knows better than the contact, s.
EDGE_S = 0.2
# Between two stretches on one leg a doubt may be joined, see `decode`.
LONGEST_DOUBT_S = 1.5


@pytest.fixture(scope="module")
def assessed() -> dict[Path, Assessment]:
    return {path: assess_recording(read_recording(path)) for path in PATHS}


def test_trials_follow_one_another_and_never_overlap(assessed):
    for path, found in assessed.items():
        ends = [(trial.start_s, trial.end_s) for trial in found.trials]
        assert all(start < end for start, end in ends), path.stem
        for (_, end), (start, _) in pairwise(ends):
            assert start >= end, path.stem


def test_no_number_is_nan_and_no_sentence_says_so(assessed):
    for path, found in assessed.items():
        text = json.dumps(assessment_to_dict(found), allow_nan=False)
        assert "nan" not in text.lower().replace("nano", ""), path.stem


def test_everybody_is_found_to_do_something(assessed):
    assert [path.stem for path, found in assessed.items() if not found.trials] == []


@pytest.mark.parametrize("path", ORIGINALS, ids=lambda path: path.stem)
def test_a_trial_on_one_leg_lies_where_that_leg_alone_touches(path, assessed):
    trusted = clean(read_recording(path)).recording
    contact = recording_contact(trusted, load_contact_model())
    t = trusted.pose.time_s
    for trial in assessed[path].trials:
        if trial.kind not in ON_ONE_LEG:
            continue
        inside = (t > trial.start_s + EDGE_S) & (t < trial.end_s - EDGE_S)
        leg = OF_LEG[trial.side]
        states = contact.state[inside]
        assert set(np.unique(states)) <= {leg, 0}
        assert (states != leg).mean() * (trial.end_s - trial.start_s) < LONGEST_DOUBT_S
