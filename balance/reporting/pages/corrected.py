"""A result's folder after a correction by hand: result, table and report say it."""

from pathlib import Path

from balance.analysis.judging.overruling import overrule, rescore_by
from balance.model.corrections import Correction
from balance.model.files import (
    read_assessment,
    read_recording,
    write_assessment,
    write_trials,
)
from balance.model.results import Assessment
from balance.reference.standards import load_standards
from balance.reporting.pages.report import render_report, write_page
from balance.reporting.video.stills import read_drawn_stills


def correct_result(folder: Path, correction: Correction) -> Assessment:
    """Correct one thing of a result, and write its files anew.

    The annotated film stays as it was drawn: the video it was made from may be gone.
    """
    before = read_assessment(folder / "assessment.json")
    after = overrule(before, correction, rescore_by(load_standards()))
    report = folder / "report.html"
    page = render_report(
        after,
        read_recording(folder / "landmarks.npz"),
        {},
        drawn=read_drawn_stills(report),
    )
    write_assessment(after, folder / "assessment.json")
    write_trials(after, folder / "trials.csv")
    write_page(page, report)
    return after
