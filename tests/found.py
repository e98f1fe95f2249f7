"""What is found in a recording, stage by stage, as the assessment finds it."""

from collections.abc import Iterable

from balance.analysis.body.view import SceneGeometry, estimate_geometry
from balance.analysis.contact import recording_contact
from balance.analysis.events.bending_sets import recording_bends
from balance.analysis.events.repetitions import SquatSet, find_squat_sets
from balance.analysis.events.trials import Stance, recording_stances
from balance.model.recording import Recording
from balance.reference.loader import load_protocol
from balance.reference.standards import load_standards

NORMS = load_standards()


def stances_of(recording: Recording) -> tuple[Stance, ...]:
    return recording_stances(recording, load_protocol("auto"), NORMS.contact)[0]


def squat_sets(
    recording: Recording, stances: Iterable[Stance] | None = None
) -> tuple[SquatSet, ...]:
    contact = recording_contact(recording, NORMS.contact)
    bends = recording_bends(recording, contact, NORMS.repetitions)
    return find_squat_sets(bends, stances_of(recording) if stances is None else stances)


def geometry(recording: Recording) -> SceneGeometry:
    return estimate_geometry(recording, recording_contact(recording, NORMS.contact))
