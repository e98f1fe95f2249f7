"""What one browser tab knows: its sitting, its films, who stands there.

Kept in ``st.session_state``; the process-wide parts are the sittings and the queue.
"""

import atexit
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from balance.codes import TrialKind
from balance.errors import OutputError
from balance.landmarks import Side
from balance.protocols.safety import Circumstances
from balance.request import Setup
from balance.results import Conditions, Options, Person
from balance.ui.measuring import Job, Measuring
from balance.ui.webcam.sitting import SITTINGS, Clip, Sitting

KEY = "balance"
MEASURING = Measuring(hold_back=lambda: SITTINGS.is_busy)


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to look at: one film's result, or those of all tries of a test."""

    name: str
    folders: tuple[Path, ...]


@dataclass
class Visit:
    """Everything of one browser tab."""

    sitting: Sitting
    folder: Path
    circumstances: Circumstances = field(default_factory=Circumstances)
    person: Person = field(default_factory=Person)
    asked: bool = False
    test: str = ""
    # Name of the test that is being done, with its time; tries of one belong together.
    sitting_name: str = ""
    testing: bool = False
    turn: int = 0
    setup: Setup = field(default_factory=Setup)
    jobs: list[Job] = field(default_factory=list)
    # Folders of the result that is looked at: one film, or all tries of one test.
    shown: tuple[Path, ...] = ()
    # Streamlit's page objects by a short name, to jump from one to another.
    pages: dict[str, Any] = field(default_factory=dict)

    def take_clip(self, clip: Clip) -> None:
        """Queue a film from the webcam as soon as it is stored."""
        name = self.sitting_name
        number = 1 + sum(job.sitting == name and bool(job.about) for job in self.jobs)
        job = Job(
            name=f"Try {number}",
            film=clip.path,
            setup=self.setup,
            out=self.folder,
            about=clip.about,
            sitting=self.sitting_name,
        )
        self.jobs.append(MEASURING.add(job))

    def results(self) -> list[Offer]:
        """Return what can be looked at: all tries of a test, then each film."""
        done = [job for job in reversed(self.jobs) if job.state == "done"]
        tests: dict[str, list[Path]] = {}
        for job in done:
            if job.sitting and job.folder is not None:
                tests.setdefault(job.sitting, []).insert(0, job.folder)
        whole = [
            Offer(f"{name}: all {len(folders)} tries", tuple(folders))
            for name, folders in tests.items()
            if len(folders) > 1
        ]
        return whole + [Offer(job.name, (job.folder,)) for job in done if job.folder]

    def take_upload(self, name: str, data: Any, setup: Setup) -> Job:
        """Queue an uploaded film; its private copy is deleted once measured."""
        try:
            place = Path(tempfile.mkdtemp(dir=self.folder, prefix=".upload-"))
            film = place / Path(name).name
            with film.open("wb") as file:
                shutil.copyfileobj(data, file)
        except OSError as error:
            raise OutputError(
                f"{name} cannot be stored to be measured: {error.strerror}; free some "
                "space and try again."
            ) from error
        job = Job(name, film, setup, self.folder, delete_film=True)
        self.jobs.append(MEASURING.add(job))
        return job

    def learn_hold(self, side: str, hold_s: float) -> None:
        """Remember the best hold with open eyes: some tests come only after it."""
        best = dict(self.circumstances.best_open_s)
        leg = Side(side)
        best[leg] = max(hold_s, best.get(leg, 0.0))
        self.circumstances = replace(
            self.circumstances, best_open_s=best, first_use=False
        )


def visit(store: Any) -> Visit:
    """Return this tab's visit, kept in ``st.session_state`` from its first page on."""
    if KEY not in store:
        sitting = SITTINGS.open()
        made = Visit(sitting, sitting.folder / "results")
        made.folder.mkdir()
        sitting.on_clip = made.take_clip
        store[KEY] = made
    found: Visit = store[KEY]
    return found


def setup_for(test: TrialKind, eyes_closed: bool, person: Person) -> Setup:
    """Say what the measurement has to know of a live test."""
    return Setup(
        person=person,
        conditions=Conditions(eyes="closed" if eyes_closed else "open"),
        options=Options(test=TESTS[test]),
        protocol=PROTOCOLS.get((test, eyes_closed), "auto"),
    )


TESTS = {
    TrialKind.SINGLE_LEG_STANCE: "single-leg-stance",
    TrialKind.SQUAT_SET: "squat",
    TrialKind.SINGLE_LEG_SQUAT_SET: "single-leg-squat",
}
PROTOCOLS = {
    (TrialKind.SINGLE_LEG_STANCE, False): "single_leg_stance_eyes_open",
    (TrialKind.SINGLE_LEG_STANCE, True): "single_leg_stance_eyes_closed",
    (TrialKind.SQUAT_SET, False): "squat",
    (TrialKind.SINGLE_LEG_SQUAT_SET, False): "single_leg_squat",
}

# Films and results live in private temporary folders and go with the process.
atexit.register(SITTINGS.close_all)
