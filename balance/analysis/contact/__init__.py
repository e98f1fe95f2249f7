"""Which foot touches the floor, frame by frame, learned from real motion. Pure."""

from balance.analysis.contact.decode import BOTH, NOT_VISIBLE, Contact, find_contact
from balance.model.recording import Recording
from balance.reference.contact_model import ContactModel

__all__ = ["BOTH", "NOT_VISIBLE", "Contact", "recording_contact"]


def recording_contact(recording: Recording, model: ContactModel) -> Contact:
    """Contact of both feet in a cleaned recording, shot by shot."""
    pose, scene = recording.pose, recording.scene
    return find_contact(
        pose.time_s,
        pose.xy_px,
        model,
        shift_px=scene.camera_shift_px,
        cut=scene.scene_cut,
        size_px=pose.size_px,
    )
