"""Landmarks of another program, assessed, in a result folder like any other."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from balance.model.files import write_assessment, write_recording, write_trials
from balance.model.result_folder import require_writable, result_folder, written_result
from balance.model.setup import Setup
from balance.pipeline.analyze import Result, assess_recording
from balance.tracking.importers import import_recording


def import_to_folder(path: Path, out: Path, setup: Setup, **how: Any) -> Result:
    """Import, assess and write ``assessment.json``, ``landmarks.npz``, ``trials.csv``.

    ``how`` goes to :func:`balance.tracking.importers.import_recording`.
    """
    require_writable(out)
    recording = import_recording(path, setup=setup, **how)
    result = Result(assess_recording(recording), recording)
    folder = result_folder(out, path.stem, recording.source.sha256)
    with written_result(folder) as work:
        write_assessment(result.assessment, work / "assessment.json")
        write_recording(recording, work / "landmarks.npz")
        write_trials(result.assessment, work / "trials.csv")
    return replace(result, folder=folder)
