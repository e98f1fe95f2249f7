"""What is found in a recording, stage by stage, as the assessment finds it."""

from collections.abc import Iterable

from balance.analysis.body.contact import find_feet
from balance.analysis.body.view import SceneGeometry, estimate_geometry
from balance.analysis.contact import BOTH, recording_contact
from balance.analysis.events.bending_sets import recording_bends
from balance.analysis.events.repetitions import SquatSet, find_squat_sets
from balance.analysis.events.trials import Stance, find_single_leg_stances
from balance.model.recording import Recording
from balance.model.results import Finding
from balance.reference.contact_model import ContactModel
from balance.reference.loader import load_protocol
from balance.reference.protocol import Protocol
from balance.reference.standards import load_standards

NORMS = load_standards()


def recording_stances(
    recording: Recording,
    protocol: Protocol,
    model: ContactModel,
    *,
    camera_known: bool = True,
) -> tuple[tuple[Stance, ...], tuple[Finding, ...]]:
    contact = recording_contact(recording, model)
    feet = find_feet(recording, contact.state == BOTH)
    return find_single_leg_stances(
        recording, protocol, feet, contact, camera_known=camera_known
    )


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
