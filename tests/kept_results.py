"""Results as the app keeps them on disk, made without a video."""

import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np

from balance.app.measuring import Job
from balance.app.tray import keep
from balance.history.consent import consent_text
from balance.history.people import PersonRecord, add_person, give_consent
from balance.history.recordings import save_recording
from balance.history.store import open_store
from balance.model.files import (
    read_assessment,
    read_recording,
    write_assessment,
    write_recording,
    write_trials,
)
from balance.model.landmarks import Side
from balance.model.results import Assessment
from balance.model.setup import Setup
from balance.reporting.pages.report import write_report
from balance.reporting.video.stills import wanted_times
from tests.made_results import HEIGHT, WIDTH, assessment, recording, stance

TOKEN = "visit-for-the-browser-tests"


def write_result(folder: Path, made: Assessment) -> None:
    """Write the files of a measured video."""
    folder.mkdir(parents=True, exist_ok=True)
    write_assessment(made, folder / "assessment.json")
    moved = recording(sway_px=2.0, lifted=Side.RIGHT)
    write_recording(moved, folder / "landmarks.npz")
    grey = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
    stored = read_assessment(folder / "assessment.json")
    images = dict.fromkeys(wanted_times(stored), grey)
    kept = read_recording(folder / "landmarks.npz")
    write_report(stored, kept, images, folder / "report.html")
    write_trials(stored, folder / "trials.csv")


def keep_result(
    tray: Path,
    name: str,
    token: str = TOKEN,
    person: str = "",
    like: Path | None = None,
) -> Path:
    """Put a result into the app's folder as if it had been measured there.

    ``like`` is the folder of another one to copy: a report takes seconds to draw.
    """
    home = tray / f"20260101-000000-{name}"
    folder = home / name
    if like is not None:
        shutil.copytree(like, folder)
    else:
        write_result(folder, assessment(stance("left"), stance("right")))
    job = Job(name, home / "video" / f"{name}.mp4", Setup(), home, home=home)
    job.state, job.folder, job.made = "done", folder, "2026-01-01T10:00:00"
    job.about, job.person = {"visit": token}, person
    keep(job)
    return folder


def keep_visit(tray: Path, token: str = TOKEN, **told: object) -> None:
    """Write a visit at which all questions were answered with no."""
    record = {
        "chosen": True,
        "code": "",
        "answers": {},
        "asked": True,
        "agreed_by": "",
        "emergency": "112",
        "test_name": "",
        "first_try": 0,
        "person": {"height_mm": 1700.0, "age_years": 40.0, "sex": None},
        "conditions": {"eyes": "unknown", "footwear": "unknown", "surface": "unknown"},
        "age_years": 40.0,
        "first_use": True,
        "yes": [],
        "best_open_s": {},
        **told,
    }
    (tray / "visits").mkdir(parents=True, exist_ok=True)
    (tray / "visits" / f"{token}.json").write_text(json.dumps(record))


def keep_person(store: Path, code: str = "A7") -> None:
    """Put somebody with one visit into the history that the app will open."""
    with open_store(store) as history:
        add_person(history, PersonRecord(code, birth_year=1960))
        give_consent(history, code, consent_text())
        made = assessment(stance("left"), stance("right"))
        save_recording(history, code, made, recording(), on=date(2026, 1, 1))
