"""What holds of every recorded rendered person, whatever they do."""

import json
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from balance.analysis.body.clean_recording import clean
from balance.analysis.contact import BOTH, recording_contact
from balance.model.codes import TrialKind
from balance.model.files import assessment_to_dict, read_recording
from balance.model.recording import Recording
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


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_trials_are_found_follow_one_another_and_hold_numbers(path):
    recording = read_recording(path)
    found = assess_recording(recording)
    assert found.trials
    assert all(trial.start_s < trial.end_s for trial in found.trials)
    for one, following in pairwise(found.trials):
        assert one.end_s <= following.start_s
    text = json.dumps(assessment_to_dict(found), allow_nan=False)
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)
    if path in ORIGINALS:
        on_one_leg_where_that_leg_alone_touches(recording, found)


def on_one_leg_where_that_leg_alone_touches(
    recording: Recording, found: Assessment
) -> None:
    trusted = clean(recording).recording
    contact = recording_contact(trusted, load_contact_model())
    t = trusted.pose.time_s
    for trial in found.trials:
        if trial.kind not in ON_ONE_LEG:
            continue
        inside = (t > trial.start_s + EDGE_S) & (t < trial.end_s - EDGE_S)
        leg = OF_LEG[trial.side]
        states = contact.state[inside]
        assert set(np.unique(states)) <= {leg, BOTH}
        assert (states != leg).mean() * (trial.end_s - trial.start_s) < LONGEST_DOUBT_S
