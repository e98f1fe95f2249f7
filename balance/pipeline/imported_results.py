"""Landmarks of another program, assessed, in a result folder like any other."""

from pathlib import Path
from typing import Any

from balance.model.result_folder import require_writable, result_folder
from balance.model.setup import Setup
from balance.pipeline.analyze import (
    ALL_FILES,
    Files,
    Result,
    assess_recording,
    write_result,
)
from balance.tracking.importers import import_recording


def import_to_folder(
    path: Path,
    out: Path,
    setup: Setup,
    files: Files = ALL_FILES,
    **how: Any,
) -> Result:
    """Import, assess and write a result folder; without a video there are no images.

    ``how`` goes to :func:`balance.tracking.importers.import_recording`.
    """
    require_writable(out)
    recording = import_recording(path, setup=setup, **how)
    result = Result(assess_recording(recording), recording)
    folder = result_folder(out, path.stem, recording.source.sha256)
    return write_result(result, folder, files)
