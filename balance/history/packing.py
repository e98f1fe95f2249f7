"""Assessments as JSON text, recordings as npz bytes: the shapes kept in the store.

Both are the published ones of ``assessment.json`` and ``landmarks.npz``.
"""

import io
import json

from balance.model.files import (
    assessment_from_dict,
    assessment_to_dict,
    pack_recording,
    unpack_recording,
)
from balance.model.recording import Recording
from balance.model.results import Assessment


def assessment_to_json(assessment: Assessment) -> str:
    """Return the assessment as the contract's JSON text."""
    return json.dumps(assessment_to_dict(assessment), ensure_ascii=False)


def assessment_from_json(text: str) -> Assessment:
    """Read an assessment back."""
    return assessment_from_dict(json.loads(text))


def recording_to_bytes(recording: Recording) -> bytes:
    """Return the bytes of ``landmarks.npz``."""
    file = io.BytesIO()
    pack_recording(recording, file)
    return file.getvalue()


def recording_from_bytes(content: bytes) -> Recording:
    """Read a recording back."""
    return unpack_recording(io.BytesIO(content), "the stored recording")
