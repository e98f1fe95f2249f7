"""What one browser tab knows: its session, its visit, who stands there.

Kept in ``st.session_state``; what was told and measured is on disk at once (``tray``),
so that a reloaded page, a second tab and a program started anew find it again. The
process-wide parts are the live sessions, the queue and the trays.
"""

import atexit
import hashlib
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from balance.analysis.protocols.run import Run
from balance.app.emergency import emergency_number
from balance.app.following import news
from balance.app.measuring import Job, Measuring
from balance.app.trainee import Training
from balance.app.tray import TOKEN, Tray, open_tray
from balance.app.uploads import UPLOADS
from balance.app.visit_record import read_record, write_record
from balance.app.webcam.live_session import LIVE_SESSIONS, Clip, LiveSession
from balance.live import LiveTest, LiveTrial, ProtocolAgenda
from balance.live.task import NORM_CAP_S
from balance.model.codes import EndReason, RequestedTest, TrialKind
from balance.model.errors import BalanceError, OutputError
from balance.model.landmarks import Side
from balance.model.results import Conditions, Options, Person
from balance.model.setup import Setup
from balance.reference.loader import load_protocol
from balance.reference.safety import Circumstances

KEY = "balance"
COOKIE = "balance_visit"
FIRST_PAGE = "test"
MEASURING = Measuring(hold_back=lambda: LIVE_SESSIONS.is_busy)


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to look at: one video's result, or those of all trials of a test."""

    name: str
    folders: tuple[Path, ...]
    jobs: tuple[Job, ...] = ()


@dataclass
class SessionState:
    """Everything of one browser tab."""

    live: LiveSession
    tray: Tray
    # The visit: a secret name under which all that was told is kept.
    token: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    # Who is tested: whether that was asked, and the code, "" for somebody not kept.
    chosen: bool = False
    code: str = ""
    circumstances: Circumstances = field(default_factory=Circumstances)
    person: Person = field(default_factory=Person)
    conditions: Conditions = field(default_factory=Conditions)
    # Answers so far, whether all was asked, and who agreed in spite of them.
    answers: dict[str, bool] = field(default_factory=dict)
    asked: bool = False
    agreed_by: str = ""
    # Whom to call where the person lives.
    emergency: str = "112"
    # Name of the test that is being done, with its time; tries of one belong together.
    test_name: str = ""
    # Which page is using the camera; "" none.
    at_camera: str = ""
    turn: int = 0
    # What a video is measured by where the browser cannot say what it shows, and how
    # long such a video gets.
    setup: Setup = field(default_factory=Setup)
    by_hand_s: float = NORM_CAP_S
    training: Training = field(default_factory=Training)
    # Of the named test under way: which video was its first, what was told of its
    # tries by their number, whether all of it was asked, and its score when measured.
    first_try: int = 0
    told: dict[int, EndReason] = field(default_factory=dict)
    answered: bool = False
    score: tuple[Any, Any] | None = None
    # How often videos were uploaded: each time the list of files begins empty.
    uploads: int = 0
    # Whether images of what is measured from now on show no face.
    blur_faces: bool = False
    # Folders of the result that is looked at: one video, or all trials of one test.
    shown: tuple[Path, ...] = ()
    # What is said of a result that was just kept for somebody.
    kept: str = ""
    # Streamlit's page objects by a short name, to jump from one to another.
    pages: dict[str, Any] = field(default_factory=dict)
    remembered: str = ""

    # -- who ---------------------------------------------------------------------

    @property
    def jobs(self) -> list[Job]:
        """All videos that are kept here, of every visit."""
        return self.tray.jobs

    def own_jobs(self) -> list[Job]:
        """Videos of this visit and of this person, oldest first."""
        return [job for job in self.jobs if self.is_own(job)]

    def is_own(self, job: Job) -> bool:
        """Whether a video is of this visit or of this person."""
        same_visit = job.about.get("visit", self.token) == self.token
        return same_visit or bool(self.code and job.person == self.code)

    def choose(self, code: str, person: Person) -> None:
        """Begin a visit with somebody: nothing of the last one is left."""
        self.next_person()
        self.code, self.person, self.chosen = code, person, True
        self.training.code = code
        self.circumstances = replace(self.circumstances, age_years=person.age_years)

    def next_person(self) -> None:
        """Forget who was here; what was measured stays with them."""
        self.remember()
        self.leave_camera()
        fresh = SessionState(self.live, self.tray)
        for name in (
            "token", "chosen", "code", "circumstances", "person", "conditions",
            "answers", "asked", "agreed_by", "test_name", "training", "told",
            "answered", "score", "first_try", "shown", "kept", "remembered",
        ):  # fmt: skip
            setattr(self, name, getattr(fresh, name))
        self.live.visit, self.live.controller = self.token, None

    def remember(self) -> None:
        """Keep what was told and trained at this visit, where it has changed."""
        block, training = self.live.block, self.training
        if block is not None and training.under_way is not None:
            training.under_way = replace(training.under_way, progress=block.progress)
        self.remembered = write_record(self, self.remembered)

    # -- the test ----------------------------------------------------------------

    def begin(self, page: str, run: Run, name: str) -> None:
        """Start a protocol in front of the camera, under a name of its own."""
        agenda = ProtocolAgenda(run)
        self.live.start(lambda: LiveTest(agenda, self.emergency))
        self.test_name = f"{name}, {datetime.now():%H:%M:%S}"
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

    def leave_camera(self) -> None:
        """Switch the camera off."""
        self.at_camera, self.turn = "", self.turn + 1

    def told_of(self, done: Sequence[LiveTrial]) -> list[LiveTrial]:
        """Return the trials with what was told of them."""
        return [
            replace(trial, end_reason=self.told.get(number, trial.end_reason))
            for number, trial in enumerate(done)
        ]

    def tries(self, page: str, test_name: str | None = None) -> list[Job]:
        """Return the videos made at a page in this visit; of one test if named."""
        return [
            job
            for job in self.jobs
            if job.about.get("page") == page
            and job.about.get("visit", self.token) == self.token
            and test_name in (None, job.test_name)
        ]

    # -- videos -------------------------------------------------------------------

    def take_clip(self, clip: Clip) -> None:
        """Keep and queue a video from the webcam as soon as it is stored.

        A video that waited in the browser belongs to the visit it was made at,
        whoever is here now.
        """
        visit = str(clip.about.get("visit") or self.token)
        mine = self
        if visit != self.token:
            mine = SessionState(self.live, self.tray, visit)
            read_record(mine)
        trial = clip.about.get("trial") or {}
        by_hand = not trial.get("kind")
        # A video from before a restart belongs to the first page.
        page = mine.at_camera or FIRST_PAGE
        number = 1 + len(mine.tries(page, mine.test_name))
        title = "" if page == FIRST_PAGE else str(trial.get("title", ""))
        try:
            setup = mine.setup if by_hand else mine._setup_of(trial)
        except (BalanceError, LookupError, TypeError, ValueError):
            setup = mine.setup  # what was seen live makes no sense; the video may
        with self.tray.new_home() as home:
            video = home / "video" / clip.path.name
            video.parent.mkdir(mode=0o700)
            shutil.move(clip.path, video)
            job = self.tray.add(
                Job(
                    name=title or f"Try {number}",
                    video=video,
                    setup=setup,
                    out=home,
                    test_name=mine.test_name,
                    about={
                        "trial": None if by_hand else trial,
                        "page": page,
                        "visit": visit,
                    },
                    home=home,
                    person=mine.code,
                )
            )
        # It lies in the tray now, no longer where room is counted.
        size = video.stat().st_size
        self.live.stored_bytes = max(0, self.live.stored_bytes - size)
        MEASURING.add(job)

    def take_upload(self, name: str, data: Any, setup: Setup) -> Job:
        """Queue an uploaded video; its private copy is deleted once measured."""
        try:
            with self.tray.new_home() as home:
                video = home / "video" / safe_name(name)
                video.parent.mkdir(mode=0o700)
                UPLOADS.copy(data, video)
                job = self.tray.add(
                    Job(
                        name,
                        video,
                        setup,
                        home,
                        about={"visit": self.token},
                        delete_video=True,
                        blur_faces=self.blur_faces,
                        home=home,
                        person=self.code,
                    )
                )
        except OSError as error:
            raise OutputError(
                f"{name} cannot be stored to be measured: {error.strerror}; free some "
                "space and try again."
            ) from error
        return MEASURING.add(job)

    def results(self) -> list[Offer]:
        """Return what can be looked at: all trials of a test, then each video.

        Those of this visit and person come first; no two have the same name.
        """
        done = [job for job in reversed(self.jobs) if job.state == "done"]
        done.sort(key=lambda job: not self.is_own(job))
        tests: dict[str, list[Job]] = {}
        for job in done:
            if job.test_name and job.folder is not None:
                tests.setdefault(job.test_name, []).insert(0, job)
        whole = [
            _offer(f"{name.rpartition(', ')[0]}: {len(jobs)} tries", jobs)
            for name, jobs in tests.items()
            if len(jobs) > 1
        ]
        single = [
            _offer(f"{job.test_title}: {job.name}".lstrip(": "), [job])
            for job in done
            if job.folder
        ]
        return _with_unlike_names(whole + single)

    def _setup_of(self, trial: Mapping[str, Any]) -> Setup:
        """Say what the measurement has to know of a trial seen live."""
        code = str(trial.get("protocol") or "auto")
        protocol = load_protocol(code)
        conditions = self.conditions
        if trial.get("stage"):
            stage = protocol.stage(trial["stage"])
            surface = "soft" if stage.surface == "soft" else conditions.surface
            conditions = replace(conditions, eyes=stage.eyes, surface=surface)
        test = RequestedTest.of_kind(TrialKind(trial["kind"])).value
        return Setup(self.person, conditions, Options(test=test), protocol.code)

    def learn_hold(self, side: str, hold_s: float) -> None:
        """Remember the best hold with open eyes: some tests come only after it."""
        best = dict(self.circumstances.best_open_s)
        leg = Side(side)
        best[leg] = max(hold_s, best.get(leg, 0.0))
        self.circumstances = replace(
            self.circumstances, best_open_s=best, first_use=False
        )


def _offer(name: str, jobs: Sequence[Job]) -> Offer:
    folders = tuple(job.folder for job in jobs if job.folder is not None)
    return Offer(name, folders, tuple(jobs))


def _with_unlike_names(offers: list[Offer]) -> list[Offer]:
    """Add day and time where two would be called the same, then a number."""
    names = [offer.name for offer in offers]
    apart = []
    for offer in offers:
        made = offer.jobs[0].made.replace("T", ", ")[:17]
        twin = names.count(offer.name) > 1 and made
        apart.append(replace(offer, name=f"{offer.name} · {made}") if twin else offer)
    seen: dict[str, int] = {}
    for index, offer in enumerate(apart):
        number = seen[offer.name] = seen.get(offer.name, 0) + 1
        if number > 1:
            apart[index] = replace(offer, name=f"{offer.name} ({number})")
    return apart


def safe_name(name: str) -> str:
    """Return the bare name of an upload, short enough for any disk."""
    bare = Path(name.replace("\\", "/").replace("\0", "")).name or "video"
    path = Path(bare)
    ending = path.suffix if len(path.suffix) <= 6 else ""
    stem = path.stem.encode()[:150].decode(errors="ignore")
    return f"{stem or 'video'}{ending}"


def visit(store: Any) -> SessionState:
    """Return this tab's state, kept in ``st.session_state`` from its first page on.

    A browser that was here before, in another tab or before a reload, finds its visit
    again as it was told last.
    """
    if KEY not in store:
        session = LIVE_SESSIONS.open(_tab())
        made = SessionState(session, open_tray(_user(), MEASURING.add))
        made.emergency = emergency_number(_locale())
        token = _cookie()
        if token:
            made.token = token
            made.remembered = read_record(made)
        session.on_clip, session.visit = made.take_clip, made.token
        session.news = lambda: news(session, made.own_jobs())
        store[KEY] = made
    found: SessionState = store[KEY]
    return found


def _cookie() -> str:
    """Return the visit that this browser says it is at; nothing where it says none."""
    import streamlit as st

    said = st.context.cookies.get(COOKIE, "")
    return said if isinstance(said, str) and TOKEN.fullmatch(said) else ""


def _tab() -> str:
    """Return the name by which the server knows this page; "" without a server."""
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    context = get_script_run_ctx()
    return "" if context is None else context.session_id


def _locale() -> object:
    import streamlit as st

    return st.context.locale


def _user() -> str:
    """Return a name for the folder of whoever logged in; nothing at this computer."""
    import streamlit as st

    if not getattr(st.user, "is_logged_in", False):
        return ""
    told = str(st.user.get("sub") or st.user.get("email") or "")
    return hashlib.sha256(told.encode()).hexdigest()[:24]


# Videos on their way live in private folders.
atexit.register(LIVE_SESSIONS.close_all)
atexit.register(UPLOADS.drop_all)
