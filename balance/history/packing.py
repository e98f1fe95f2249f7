"""Assessments as JSON text, recordings as npz bytes: the shapes kept in the store.

Both are the published ones of ``assessment.json`` and ``landmarks.npz``.
"""

import io

from balance.model.errors import InputError
from balance.model.files import (
    assessment_from_dict,
    assessment_to_dict,
    pack_recording,
    unpack_recording,
)
from balance.model.recording import Recording
from balance.model.results import Assessment
from balance.model.unpacking import NotReadableError, read_json, write_json


def assessment_to_json(assessment: Assessment) -> str:
    """Return the assessment as the contract's JSON text."""
    return write_json(assessment_to_dict(assessment))


def assessment_from_json(text: str) -> Assessment:
    """Read an assessment back."""
    try:
        data = read_json(text)
    except NotReadableError as error:
        raise InputError(f"the stored result is damaged: {error}") from error
    if not isinstance(data, dict):
        raise InputError("the stored result is damaged: it is no result")
    return assessment_from_dict(data)


def recording_to_bytes(recording: Recording) -> bytes:
    """Return the bytes of ``landmarks.npz``."""
    file = io.BytesIO()
    pack_recording(recording, file)
    return file.getvalue()


def recording_from_bytes(content: bytes) -> Recording:
    """Read a recording back."""
    return unpack_recording(io.BytesIO(content), "the stored recording")
