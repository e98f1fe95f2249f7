"""Printed reports: at most two A4 pages, no text smaller than 9 pt, filed by facts."""

import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from test_visit_report import Question, trend_of

from balance.history.trends.sides import SideDifference
from balance.model.codes import Answer, FindingCode, Severity, TrialKind
from balance.model.files import read_recording
from balance.model.recording import Recording
from balance.model.results import Conditions, Finding, Person
from balance.pipeline.analyze import assess_recording
from balance.reporting.pages.pdf import find_browser, print_pdf
from balance.reporting.pages.report import render_report
from balance.reporting.pages.visit_report import (
    Recorded,
    Visit,
    render_comparison,
    render_series,
    render_visit,
)
from balance.reporting.video.stills import wanted_times

RENDERED = Path(__file__).parent / "rendered"
POPPLER = ("pdfinfo", "pdftotext", "pdftohtml")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="no Chromium here"),
    pytest.mark.skipif(
        not all(map(shutil.which, POPPLER)), reason="no poppler-utils here"
    ),
]
A4_PT = (595, 842)
SMALLEST_PT = 9.0
# pdftohtml tells sizes in whole numbers, at most three times enlarged.
ZOOM = 3


@cache
def clip(name: str) -> Recorded:
    """A rendered recording with everything said that can be said of it."""
    recording = read_recording(RENDERED / f"{name}.npz")
    recording = replace(
        recording,
        person=Person(1700, 67, "f", "P001"),
        conditions=Conditions("open", "barefoot", "firm", "Dr Example", "Room 3"),
        source=replace(recording.source, recorded_at="2026-11-20T14:03:00+01:00"),
    )
    return with_frames(recording)


def with_frames(recording: Recording) -> Recorded:
    made = assess_recording(recording)
    width, height = recording.pose.size_px
    grey = np.full((height, width, 3), 128, np.uint8)
    return Recorded(made, recording, dict.fromkeys(wanted_times(made), grey))


def trial_page(name: str, **more: bool) -> str:
    one = clip(name)
    assert one.recording is not None
    assert one.assessment.trials
    return render_report(one.assessment, one.recording, one.images, **more)


def visit_of(on: date, *names: str) -> Visit:
    return Visit(on, tuple(clip(name) for name in names))


def full_visit() -> Visit:
    """Twenty trials of three kinds, with long findings and an examiner's long name."""
    long = "The camera was carried about and the light was changed by somebody. " * 3
    notes = tuple(
        Finding(FindingCode.CAMERA_MOVED, Severity.WARNING, f"{number}: {long}")
        for number in range(6)
    )
    examiner = "Dr Example " + "Featherstonehaugh-Wolfeschlegelsteinhausen " * 2
    made = []
    for number in range(20):
        one = clip(VISIT[number % len(VISIT)]).assessment
        how = replace(one.conditions, examiner=examiner)
        made.append(Recorded(replace(one, findings=notes, conditions=how)))
    return Visit(DAY, tuple(made))


def page_of_many(count: int) -> str:
    one = clip("a01_stand")
    trials = one.assessment.trials * count
    made = replace(one.assessment, trials=trials)
    return render_report(made, one.recording, one.images)


def trends(legs=("left", "right"), visits=5):
    about = [
        (TrialKind.SINGLE_LEG_STANCE, "hold_s"),
        (TrialKind.SINGLE_LEG_STANCE, "sway_ml_rms_mm"),
        (TrialKind.SINGLE_LEG_SQUAT_SET, "fppa_frontal_left_deg_mean"),
        (TrialKind.TANDEM_STANCE, "hold_s"),
    ]
    return {
        Question(kind=kind, side=leg, measure=measure): trend_of(
            *([20.0, 21.5, 19.0, 24.0, 31.0] * 7)[:visits]
        )
        for kind, measure in about
        for leg in legs
    }


NO_SIDE = SideDifference(1.0, -2.0, 4.0, "s", Answer.NO, "No difference found.")
SIDES = {Question(): NO_SIDE}
FOUR_SIDES = {Question(protocol=str(number)): NO_SIDE for number in range(4)}
DAY = date(2026, 11, 20)
VISIT = ("a01_stand", "a03_stand", "c01_squat", "c04_slsquat", "single_leg_squat_right")
PAGES = {
    "stand": lambda: trial_page("a01_stand"),
    "squat": lambda: trial_page("squat_valgus_left"),
    "squats from the side": lambda: trial_page("squat_side_heel_lift"),
    "single-leg squat": lambda: trial_page("single_leg_squat_right"),
    "single-leg squat of another": lambda: trial_page("c04_slsquat"),
    "visit": lambda: render_visit("P001", visit_of(DAY, *VISIT), trends(), SIDES),
    "before and after": lambda: render_comparison(
        "P001",
        visit_of(date(2026, 10, 1), "a03_stand", "c01_squat"),
        visit_of(DAY, "a01_stand", "c01_squat"),
    ),
    "series": lambda: render_series("P001", trends(), SIDES, visit_of(DAY, VISIT[0])),
    "a full visit": lambda: render_visit("P001", full_visit(), trends(), SIDES),
    "a full series": lambda: render_series(
        "P001", trends(visits=32), FOUR_SIDES, visit_of(DAY, VISIT[0])
    ),
    "twelve trials in a video": lambda: page_of_many(12),
}

# A series is dated from its first visit to its last one.
DATED = {
    "series": "5 January 2026 to 2 February 2026",
    "a full series": "5 January 2026 to 10 August 2026",
}


@dataclass(frozen=True)
class Printed:
    """A PDF as another program reads it."""

    pages: int
    size_pt: tuple[int, int]
    smallest_pt: float
    texts: list[str]

    @property
    def text(self) -> str:
        return " ".join(self.texts)


def print_page(page: str, folder: Path) -> Printed:
    pdf = folder / "page.pdf"
    print_pdf(page, pdf)
    about = poppler("pdfinfo", pdf)
    told = poppler("pdftohtml", "-xml", "-i", "-stdout", "-zoom", ZOOM, pdf)
    sizes = [
        int(size) / ZOOM for size in re.findall(r'<fontspec.*? size="(\d+)"', told)
    ]
    size = re.search(r"Page size: +([\d.]+) x ([\d.]+) pts", about).groups()
    return Printed(
        int(re.search(r"Pages: +(\d+)", about)[1]),
        (round(float(size[0])), round(float(size[1]))),
        min(sizes),
        [" ".join(page.split()) for page in poppler("pdftotext", pdf, "-").split("\f")],
    )


def poppler(*command: object) -> str:
    words = [str(word) for word in command]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", PAGES)
def test_a_report_is_two_pages_that_can_be_read_and_filed(name, tmp_path) -> None:
    printed = print_page(PAGES[name](), tmp_path)
    assert printed.size_pt == A4_PT
    assert printed.pages <= 2, printed.text
    assert printed.smallest_pt >= SMALLEST_PT
    for fact in (
        DATED.get(name, "20 November 2026"),
        "P001",
        "Dr Example",
        "Room 3",
        "eyes open",
    ):
        assert fact in printed.text
    assert re.search(r"balance \d+\.\d+", printed.text)
    assert "MediaPipe" in printed.text


def test_details_are_printed_on_request_behind_the_result(tmp_path) -> None:
    printed = print_page(trial_page("a01_stand", details=True), tmp_path)
    assert printed.smallest_pt >= SMALLEST_PT
    first, *_, last, _end = printed.texts
    assert "Balance report" in first
    assert "Not to decide about treatment" in last
    assert "Prieto TE" in printed.text
    assert printed.pages > 2


def test_what_two_sheets_cannot_hold_is_counted_and_printed_on_request(
    tmp_path,
) -> None:
    brief = print_page(PAGES["a full visit"](), tmp_path).text
    missing = re.search(r"(\d+) of 20 trials are not printed here", brief)
    assert missing
    assert brief.count("The left foot touched the floor.") < 20
    asked = render_visit("P001", full_visit(), trends(), SIDES, details=True)
    whole = print_page(asked, tmp_path).text
    assert "not printed here" not in whole
    assert "20. Squats on the right leg" in whole


def test_what_was_not_said_says_so(tmp_path) -> None:
    recording = read_recording(RENDERED / "a01_stand.npz")
    one = with_frames(recording)
    page = render_report(one.assessment, recording, one.images)
    text = print_page(page, tmp_path).text
    assert re.search(r"Examiner\b", text)
    assert "the video carries no date" in text
