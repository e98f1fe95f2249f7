"""Landmarks of another program, assessed, in a result folder like any other."""

from pathlib import Path
from typing import Any

from balance.model.files import write_assessment, write_recording, write_trials
from balance.model.result_folder import require_writable, result_folder, written_result
from balance.model.results import Assessment
from balance.model.setup import Setup
from balance.pipeline.analyze import assess_recording
from balance.tracking.importers import import_recording


def import_to_folder(
    path: Path, out: Path, setup: Setup, **how: Any
) -> tuple[Assessment, Path]:
    """Import, assess and write ``assessment.json``, ``landmarks.npz``, ``trials.csv``.

    ``how`` goes to :func:`balance.tracking.importers.import_recording`.
    """
    require_writable(out)
    recording = import_recording(path, setup=setup, **how)
    assessment = assess_recording(recording)
    folder = result_folder(out, path.stem, recording.source.sha256)
    with written_result(folder) as work:
        write_assessment(assessment, work / "assessment.json")
        write_recording(recording, work / "landmarks.npz")
        write_trials(assessment, work / "trials.csv")
    return assessment, folder
