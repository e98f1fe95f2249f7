"""A result's folder after a correction by hand: result, table and report say it."""

import json
from dataclasses import replace
from pathlib import Path

from balance.analysis.assessment import assess
from balance.analysis.judging.overruling import overrule
from balance.analysis.remeasuring import remeasure_by
from balance.model.corrections import Correction
from balance.model.files import (
    read_assessment,
    read_recording,
    write_assessment,
    write_recording,
    write_trials,
)
from balance.model.publish import write_whole
from balance.model.recording import Recording
from balance.model.results import Assessment
from balance.reference.loader import load_protocol
from balance.reference.standards import load_standards
from balance.reporting.pages.report import render_report, write_page
from balance.reporting.video.stills import read_drawn_stills

# The result as it was measured, and what was corrected since, in order.
ORIGINAL, CORRECTIONS = "original.json", "corrections.json"
FIRST_REPORT = "original.html"


def correct_result(folder: Path, correction: Correction) -> Assessment:
    """Correct one thing of a result, measure anew what hangs on it, and write it.

    The annotated video stays as it was drawn: the video it was made from may be gone.
    """
    before = read_assessment(folder / "assessment.json")
    recording = read_recording(folder / "landmarks.npz")
    after = _corrected(before, recording, correction)
    if not (folder / ORIGINAL).exists():
        write_assessment(before, folder / ORIGINAL)
    made = [*corrections_of(folder), correction]
    _write(folder, after, recording, made)
    return after


def undo_last(folder: Path) -> Assessment:
    """Take the last correction back: the others are made again from the original."""
    made = corrections_of(folder)[:-1]
    recording = read_recording(folder / "landmarks.npz")
    after = read_assessment(folder / ORIGINAL)
    for correction in made:
        after = _corrected(after, recording, correction)
    _write(folder, after, recording, made)
    return after


def tell(folder: Path, age_years: float | None, eyes: str) -> Assessment:
    """Say age and eyes afterwards: the recording is assessed anew with them."""
    recording = read_recording(folder / "landmarks.npz")
    recording = replace(
        recording,
        person=replace(recording.person, age_years=age_years),
        conditions=replace(recording.conditions, eyes=eyes),
    )
    after = assess(recording, load_protocol(recording.protocol), load_standards())
    write_recording(recording, folder / "landmarks.npz")
    write_assessment(after, folder / ORIGINAL)
    made = corrections_of(folder)
    for correction in made:
        after = _corrected(after, recording, correction)
    _write(folder, after, recording, made)
    return after


def corrections_of(folder: Path) -> list[Correction]:
    """Return what was corrected in a folder so far."""
    try:
        stored = json.loads((folder / CORRECTIONS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [Correction.of_text(**one) for one in stored]


def _corrected(
    before: Assessment, recording: Recording, correction: Correction
) -> Assessment:
    protocol = load_protocol(before.protocol)
    remeasure = remeasure_by(recording, protocol, load_standards())
    return overrule(before, correction, remeasure)


def _write(
    folder: Path, after: Assessment, recording: Recording, made: list[Correction]
) -> None:
    report, first = folder / "report.html", folder / FIRST_REPORT
    if report.is_file() and not first.exists():
        # An undone correction asks for stills again that the report left out meanwhile.
        write_page(report.read_text(encoding="utf-8"), first)
    drawn = {**read_drawn_stills(first), **read_drawn_stills(report)}
    page = render_report(after, recording, {}, drawn=drawn)
    write_assessment(after, folder / "assessment.json")
    write_trials(after, folder / "trials.csv")
    write_page(page, report)
    text = json.dumps([_as_text(one) for one in made], ensure_ascii=False)
    write_whole(folder / CORRECTIONS, lambda file: file.write(text.encode("utf-8")))


def _as_text(one: Correction) -> dict[str, object]:
    return {
        "position": one.position,
        "what": str(one.target),
        "becomes": one.becomes,
        "by": one.by,
        "at": one.at,
    }
