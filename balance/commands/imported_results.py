"""Landmarks of another program, assessed, in a result folder like any other."""

from pathlib import Path
from typing import Any

from balance.analyze import assess_recording
from balance.contract import write_assessment, write_recording, write_trials
from balance.importing import import_recording
from balance.request import Setup
from balance.result_folder import require_writable, result_folder, written_beside
from balance.results import Assessment


def import_to_folder(
    path: Path, out: Path, setup: Setup, **how: Any
) -> tuple[Assessment, Path]:
    """Import, assess and write ``assessment.json``, ``landmarks.npz``, ``trials.csv``.

    ``how`` goes to :func:`balance.importing.import_recording`.
    """
    require_writable(out)
    recording = import_recording(path, setup=setup, **how)
    assessment = assess_recording(recording)
    folder = result_folder(out, path.stem, recording.source.sha256)
    with written_beside(folder) as work:
        write_assessment(assessment, work / "assessment.json")
        write_recording(recording, work / "landmarks.npz")
        write_trials(assessment, work / "trials.csv")
    return assessment, folder
