"""What one browser tab knows: its sitting, its videos, who stands there.

Kept in ``st.session_state``; the process-wide parts are the sittings and the queue.
"""

import atexit
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from balance.analysis.protocols.run import Run
from balance.app.measuring import Job, Measuring
from balance.app.trainee import Training
from balance.app.webcam.sitting import SITTINGS, Clip, LiveSession
from balance.live import LiveTrial, ProtocolAgenda
from balance.live.task import NORM_CAP_S
from balance.model.codes import EndReason, RequestedTest, TrialKind
from balance.model.errors import OutputError
from balance.model.landmarks import Side
from balance.model.results import Conditions, Options, Person
from balance.model.setup import Setup
from balance.reference.loader import load_protocol
from balance.reference.safety import Circumstances

KEY = "balance"
FIRST_PAGE = "test"
MEASURING = Measuring(hold_back=lambda: SITTINGS.is_busy)


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to look at: one video's result, or those of all tries of a test."""

    name: str
    folders: tuple[Path, ...]


@dataclass
class SessionState:
    """Everything of one browser tab."""

    sitting: LiveSession
    folder: Path
    circumstances: Circumstances = field(default_factory=Circumstances)
    person: Person = field(default_factory=Person)
    conditions: Conditions = field(default_factory=Conditions)
    asked: bool = False
    # Name of the test that is being done, with its time; tries of one belong together.
    sitting_name: str = ""
    # Which page is using the camera; "" none.
    at_camera: str = ""
    turn: int = 0
    # What a video is measured by where the browser cannot say what it shows, and how
    # long such a video gets.
    setup: Setup = field(default_factory=Setup)
    by_hand_s: float = NORM_CAP_S
    jobs: list[Job] = field(default_factory=list)
    training: Training = field(default_factory=Training)
    # Of the named test under way: which film was its first, what was told of its
    # tries by their number, whether all of it was asked, and its score when measured.
    first_try: int = 0
    told: dict[int, EndReason] = field(default_factory=dict)
    answered: bool = False
    score: tuple[Any, Any] | None = None
    # Whether pictures of what is measured from now on show no face.
    blur_faces: bool = False
    # Folders of the result that is looked at: one video, or all tries of one test.
    shown: tuple[Path, ...] = ()
    # What is said of a result that was just kept for somebody.
    kept: str = ""
    # Streamlit's page objects by a short name, to jump from one to another.
    pages: dict[str, Any] = field(default_factory=dict)

    def begin(self, page: str, run: Run, name: str) -> None:
        """Start a protocol in front of the camera, under a name of its own."""
        agenda = ProtocolAgenda(run)
        self.sitting.begin(agenda)
        self.sitting_name = f"{name}, {datetime.now():%H:%M}"
        self.first_try = len(self.tries(page))
        self.told, self.answered, self.score = {}, False, None
        self.by_hand_s = agenda.longest_s
        only = {step.stage.kind for step in run.plan}
        test = RequestedTest.of_kind(only.pop()) if len(only) == 1 else "auto"
        options = Options(test=str(test))
        eyes = {step.stage.eyes for step in run.plan}
        self.setup = Setup(
            person=self.person,
            conditions=replace(
                self.conditions, eyes=eyes.pop() if len(eyes) == 1 else "unknown"
            ),
            options=options,
            protocol=run.protocol.code,
        )
        self.go_to_camera(page)

    def go_to_camera(self, page: str) -> None:
        """Let a page use the camera, afresh."""
        self.at_camera, self.turn = page, self.turn + 1

    def told_of(self, done: Sequence[LiveTrial]) -> list[LiveTrial]:
        """Return the tries with what was told of them."""
        return [
            replace(trial, end_reason=self.told.get(number, trial.end_reason))
            for number, trial in enumerate(done)
        ]

    def leave_camera(self) -> None:
        """Switch the camera off."""
        self.at_camera, self.turn = "", self.turn + 1

    def tries(self, page: str, sitting: str | None = None) -> list[Job]:
        """Return the videos made at a page, oldest first; of one test if named."""
        return [
            job
            for job in self.jobs
            if job.about.get("page") == page and sitting in (None, job.sitting)
        ]

    def take_clip(self, clip: Clip) -> None:
        """Queue a video from the webcam as soon as it is stored."""
        trial = clip.about.get("trial") or {}
        by_hand = not trial.get("kind")
        # A video from before a restart belongs to the first page.
        page = self.at_camera or FIRST_PAGE
        number = 1 + len(self.tries(page, self.sitting_name))
        title = "" if page == FIRST_PAGE else trial.get("title", "")
        job = Job(
            name=title or f"Try {number}",
            film=clip.path,
            setup=self.setup if by_hand else self._setup_of(trial),
            out=self.folder,
            sitting=self.sitting_name,
            about={"trial": None if by_hand else trial, "page": page},
        )
        self.jobs.append(MEASURING.add(job))

    def results(self) -> list[Offer]:
        """Return what can be looked at: all tries of a test, then each video."""
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

    def _setup_of(self, trial: Mapping[str, Any]) -> Setup:
        """Say what the measurement has to know of a try seen live."""
        code = trial.get("protocol") or "auto"
        protocol = load_protocol(code)
        conditions = self.conditions
        if trial.get("stage"):
            stage = protocol.stage(trial["stage"])
            surface = "soft" if stage.surface == "soft" else conditions.surface
            conditions = replace(conditions, eyes=stage.eyes, surface=surface)
        test = RequestedTest.of_kind(TrialKind(trial["kind"])).value
        return Setup(self.person, conditions, Options(test=test), protocol.code)

    def take_upload(self, name: str, data: Any, setup: Setup) -> Job:
        """Queue an uploaded film; its private copy is deleted once measured."""
        try:
            place = Path(tempfile.mkdtemp(dir=self.folder, prefix=".upload-"))
            film = place / safe_name(name)
            with film.open("wb") as file:
                shutil.copyfileobj(data, file)
        except OSError as error:
            raise OutputError(
                f"{name} cannot be stored to be measured: {error.strerror}; free some "
                "space and try again."
            ) from error
        job = Job(name, film, setup, self.folder, delete_film=True)
        job.blur_faces = self.blur_faces
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


def safe_name(name: str) -> str:
    """Return the bare name of an upload, short enough for any disk."""
    bare = Path(name.replace("\\", "/").replace("\0", "")).name or "video"
    path = Path(bare)
    ending = path.suffix if len(path.suffix) <= 6 else ""
    stem = path.stem.encode()[:150].decode(errors="ignore")
    return f"{stem or 'video'}{ending}"


def visit(store: Any) -> SessionState:
    """Return this tab's visit, kept in ``st.session_state`` from its first page on."""
    if KEY not in store:
        sitting = SITTINGS.open()
        made = SessionState(sitting, sitting.folder / "results")
        made.folder.mkdir()
        sitting.on_clip = made.take_clip
        store[KEY] = made
    found: SessionState = store[KEY]
    return found


# Films and results live in private temporary folders and go with the process.
atexit.register(SITTINGS.close_all)
