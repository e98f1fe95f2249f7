"""A training block before the camera: clock, voice, counting, and stops for safety.

    change → work → (rest →) work … → change … → finished
       any of them ── pause ──→ paused ──→ back;   a fall ──→ halted ──(press)→ change

Causal and pure, as the live test is: what it answers depends on the frames and presses
so far. Frames without a person are its clock where there is no camera.
"""

from dataclasses import dataclass

from balance.live import words
from balance.live.asking import Question
from balance.live.coach import ADVICE, Coach, Hint
from balance.live.events import Cue, LiveEvent, LiveTrial, LiveView, Phase, Tone
from balance.live.frame import LiveFrame
from balance.live.telling import Telling
from balance.live.training.session import SessionStep, StepResult
from balance.live.training.watched_step import StepUpdate, WatchedStep
from balance.model.errors import InputError

# How long a watched set waits for its first move before only the clock runs.
WAIT_S = 10.0
# A counted set may take this much longer than its dose says.
OVERTIME = 2.0
# A hole in the frames is no training time.
LONGEST_FRAME_S = 1.0
TICKS_S = 3
CUES = {"change": Cue.POSITION, "work": Cue.GO, "rest": Cue.REST}
PHASES = {"change": Phase.CHANGE, "work": Phase.RUNNING, "rest": Phase.REST}
# Repetitions faster than this are ticked, and only every fifth is spoken.
SPOKEN_FROM_S = 2.5


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a block is: what came of its sets, and what the person went through."""

    results: tuple[StepResult, ...] = ()
    trained_s: float = 0.0
    nearly_fell: bool = False


@dataclass
class _Now:
    """The step under way: how long it lasts and what was seen of it."""

    step: SessionStep
    watched: WatchedStep | None
    spent_s: float = 0.0
    clock_s: float = 0.0
    last_spoken: int = -1

    @property
    def is_watched(self) -> bool:
        """Whether the camera follows what is being done."""
        return self.watched is not None and self.watched.started


class GuidedBlock:
    """One block from its first exercise to its last.

    Parameters
    ----------
    steps
        What is done, in its order.
    emergency
        Number to call.
    so_far
        Of a block that was interrupted: it goes on before its first open set.
    """

    def __init__(
        self,
        steps: tuple[SessionStep, ...],
        emergency: str = "112",
        so_far: Progress = Progress(),
    ) -> None:
        if not steps:
            raise InputError("there is nothing to train in this block")
        self.steps = steps
        self.results: list[StepResult] = list(so_far.results)
        self.phase = Phase.CHANGE
        self.trained_s = so_far.trained_s
        self.nearly_fell = so_far.nearly_fell
        self.done: tuple[LiveTrial, ...] = ()  # nothing is recorded
        self._question = Question(emergency)
        self._tell = Telling()
        self._coach = Coach()
        self._last_s: float | None = None
        self._index = -1
        first = self._first_open()
        self._now = _now(steps[first], steps[first:])

    # -- what comes in -----------------------------------------------------------

    def step(self, frame: LiveFrame) -> tuple[LiveEvent, ...]:
        """Take one frame and return what is to be said and shown because of it."""
        last_s = frame.time_s if self._last_s is None else self._last_s
        spent_s = min(max(frame.time_s - last_s, 0.0), LONGEST_FRAME_S)
        self._last_s = self._tell.now_s = frame.time_s
        self._coach.watch(frame)
        if self._index < 0:
            self._enter(self._first_open())
        if self.phase in PHASES.values():
            self.trained_s += spent_s
            self._now.spent_s += spent_s
            self._go_through(frame, spent_s)
        elif self.phase is Phase.HALTED:
            self._halted(frame)
        return self._tell.take()

    def press(self, button: str) -> tuple[LiveEvent, ...]:
        """Take a press: ``next``, ``pause``, ``go_on``, ``all_right``, ``stop``."""
        if button not in self.view.buttons:
            return ()
        if button == "next":
            self._leave()
        elif button == "pause":
            self.phase = Phase.PAUSED
        elif button == "go_on":
            self.phase = PHASES[self._now.step.kind]
        elif button == "all_right":
            self._all_right()
        else:
            self._finish("Stopped.")
        return self._tell.take()

    def lose_sight(self, why: str) -> tuple[LiveEvent, ...]:
        """Stop the clock because the page was hidden or the camera pulled out."""
        if self.phase in PHASES.values():
            self._halt(why)
        return self._tell.take()

    # -- the steps ---------------------------------------------------------------

    def _enter(self, index: int) -> None:
        if index >= len(self.steps):
            self._finish(words.FINISHED)
            return
        self._index, step = index, self.steps[index]
        before = self._now
        self._now = _now(step, self.steps[index:])
        self._keep_learned(before)
        self.phase = PHASES[step.kind]
        tone = Tone.START if step.kind == "work" else Tone.NONE
        self._tell.say(CUES[step.kind], step.say, tone)

    def _keep_learned(self, before: _Now) -> None:
        """Keep what was learned of the person for the sets of one exercise."""
        now = self._now
        same = before.step.exercise is now.step.exercise
        if before.watched is None or now.watched is None or not same:
            return
        if before.step.kind != "work" and now.step.kind == "work":
            now.watched = before.watched
        now.watched.safety = before.watched.safety

    def _go_through(self, frame: LiveFrame, spent_s: float) -> None:
        now = self._now
        if now.step.kind == "work":
            self._work(frame, spent_s)
            return
        now.clock_s += spent_s
        self._learn(frame)
        left = now.step.seconds - now.clock_s
        if left <= 0:
            self._leave()
        else:
            self._tick(int(left) + 1, at_most=TICKS_S)

    def _work(self, frame: LiveFrame, spent_s: float) -> None:
        now, watched = self._now, self._now.watched
        if watched is not None and self._in_danger(frame, watched):
            return
        if watched is not None and frame.body is not None:
            both = Hint.BOTH_FEET not in self._coach.hints()
            self._cue(watched.follow(frame.time_s, frame.body, both))
        if watched is None or now.is_watched or now.spent_s > WAIT_S:
            now.clock_s += spent_s
        if self._is_over():
            self._leave()
        elif watched is None or watched.is_hold or not now.is_watched:
            self._pace()

    def _is_over(self) -> bool:
        now, watched = self._now, self._now.watched
        if watched is None or watched.is_hold or not watched.started:
            return now.clock_s >= now.step.seconds
        enough = watched.count >= now.step.repetitions
        return enough or now.clock_s >= OVERTIME * now.step.seconds

    def _leave(self) -> None:
        """Keep what came of a set, and go to the next step."""
        now, watched = self._now, self._now.watched
        if now.step.kind == "work":
            whole = self._is_over()
            result = StepResult(now.step, whole=whole)
            if watched is not None and watched.started:
                held_s, count = watched.held_s, watched.count
                result = StepResult(now.step, held_s, count, watched.clean, whole)
            self.results.append(result)
            self._tell.show(Cue.CLOCK_STOPPED, "", "", Tone.STOP)
        self._enter(self._index + 1)

    # -- what is said --------------------------------------------------------------

    def _pace(self) -> None:
        """Tick the repetitions of a set that nobody counts, the seconds of a hold."""
        now = self._now
        dose = now.step.exercise.dose
        left = int(now.step.seconds - now.clock_s) + 1
        if now.step.repetitions == 1:
            self._tick(left, at_most=TICKS_S)
            return
        number = 1 + int(now.clock_s / dose.rep_s)
        if number > max(now.last_spoken, 0) and number <= now.step.repetitions:
            now.last_spoken = number
            spoken = dose.rep_s >= SPOKEN_FROM_S or number % 5 == 0
            say = str(number) if spoken else ""
            self._tell.show(Cue.REPETITION, str(number), say, Tone.TICK, value=number)

    def _tick(self, left: int, at_most: int) -> None:
        if left <= at_most and left != self._now.last_spoken:
            self._now.last_spoken = left
            self._tell.show(Cue.COUNT, str(left), str(left), Tone.TICK, value=left)

    def _cue(self, seen: StepUpdate) -> None:
        if seen.started:
            self._tell.show(Cue.CLOCK_STARTED, "", "", Tone.START)
        if seen.knee is not None:
            text = words.knee_out(seen.knee)
            self._tell.say(Cue.KNEE, text, Tone.ALARM, hint=str(seen.knee))
        if seen.count is not None:
            number = str(seen.count)
            self._tell.show(Cue.REPETITION, number, number, Tone.TICK, value=seen.count)
        if seen.broken:
            text = "Take your time, and go on."
            self._tell.say(Cue.CLOCK_STOPPED, text, Tone.STOP)

    # -- safety --------------------------------------------------------------------

    def _learn(self, frame: LiveFrame) -> None:
        """Look at the person who gets ready for what the camera will follow."""
        watched = self._now.watched
        if watched is None or frame.body is None:
            return
        hints = self._coach.hints()
        if Hint.BOTH_FEET not in hints:
            watched.learn(frame.time_s, frame.body)
            watched.safety.learn(frame)

    def _in_danger(self, frame: LiveFrame, watched: WatchedStep) -> bool:
        """Ask after somebody who goes down; who leaves the image only in a stand."""
        dropped = watched.safety.dropped(frame)
        on_one_leg = watched.on_one_leg and watched.is_running
        gone = watched.safety.gone(frame, on_one_leg) and on_one_leg
        if dropped:
            self.nearly_fell = True
        if dropped or gone:
            self._halt(words.DROPPED if dropped else words.GONE)
        return dropped or gone

    def _halt(self, why: str) -> None:
        self.phase = Phase.HALTED
        self._ask(why)

    def _halted(self, frame: LiveFrame) -> None:
        """Ask again and again; an arm held up answers as the button does."""
        if self._question.answered(frame):
            self._all_right()
        elif self._question.is_due(frame.time_s):
            self._ask()

    def _all_right(self) -> None:
        self._tell.say(Cue.GOES_ON, "Good. We go on.", Tone.READY)
        self._enter(self._start_of_set(max(self._index, 0)))

    def _ask(self, why: str = "") -> None:
        text = self._question.ask(self._tell.now_s, why)
        self._tell.say(Cue.ARE_YOU_ALL_RIGHT, text, Tone.ALARM)

    def _start_of_set(self, index: int) -> int:
        """Go back to the last getting ready or rest, so that there is time."""
        while index and self.steps[index].kind == "work":
            index -= 1
        return index

    def _first_open(self) -> int:
        """Return where somebody goes on: before the first set without a result."""
        done = [result.step for result in self.results]
        is_open = (s.kind == "work" and s not in done for s in self.steps)
        index = next((i for i, is_so in enumerate(is_open) if is_so), 0)
        return self._start_of_set(index)

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return Progress(tuple(self.results), self.trained_s, self.nearly_fell)

    @property
    def is_complete(self) -> bool:
        """Whether every set has been come to."""
        done = [result.step for result in self.results]
        return all(step in done for step in self.steps if step.kind == "work")

    def _finish(self, text: str) -> None:
        self._tell.say(Cue.FINISHED, text, Tone.STOP)
        self.phase = Phase.FINISHED

    # -- what is shown ---------------------------------------------------------------

    @property
    def view(self) -> LiveView:
        """The moment, in words."""
        step = self._now.step
        headline, advice = self._headline()
        return LiveView(
            phase=self.phase,
            headline=headline,
            advice=advice,
            ready=self._sees(),
            light=self._light(),
            clock=self._clock(),
            turn=self._turn(),
            drawing=step.exercise.code,
            buttons={
                Phase.PAUSED: ("go_on", "stop"),
                Phase.HALTED: ("all_right", "stop"),
                Phase.FINISHED: (),
            }.get(self.phase, ("next", "pause", "stop")),
            slow=self._coach.is_slow and self._now.watched is not None,
        )

    def _headline(self) -> tuple[str, str]:
        step = self._now.step
        title = step.exercise.title
        leg = "" if step.leg == "both" else f", {step.leg} leg"
        return {
            Phase.CHANGE: (f"Next: {title}", step.exercise.steps[0]),
            Phase.RUNNING: (f"{title}{leg}", step.exercise.cue),
            Phase.REST: ("Rest", f"Next: {title}{leg}, set {step.set_number}."),
            Phase.PAUSED: ("Pause", "Press “Go on” when you are ready."),
            Phase.HALTED: (words.ALL_RIGHT, self._question.advice),
            Phase.FINISHED: ("Well done", "Tell below how it went."),
        }[self.phase]

    def _turn(self) -> str:
        step = self._now.step
        titles = [one.exercise.code for one in self.steps if one.kind == "change"]
        number = sum(
            one.kind == "change" for one in self.steps[: max(self._index, 0) + 1]
        )
        sets = f" · set {step.set_number} of {step.sets}" if step.sets > 1 else ""
        return f"Exercise {number} of {len(titles)}{sets}"

    def _clock(self) -> str:
        now, watched = self._now, self._now.watched
        if self.phase not in PHASES.values():
            return ""
        counted = watched is not None and watched.started and not watched.is_hold
        if self.phase is Phase.RUNNING and watched is not None and counted:
            return str(watched.count)
        return str(max(0, int(now.step.seconds - now.clock_s + 0.999)))

    def _sees(self) -> bool:
        return self._now.watched is not None and not (set(self._coach.hints()) & BLIND)

    def _light(self) -> str:
        """Say whether the camera follows; nothing where it is not meant to."""
        watched = self._now.watched
        if watched is None or self.phase not in PHASES.values():
            return ""
        wrong = [hint for hint in self._coach.hints() if hint in BLIND]
        if wrong:
            return f"○ {ADVICE[wrong[0]]}"
        return "✓ Timed" if watched.is_hold else "✓ Counted"


# What keeps the camera from following; how somebody stands is their own business here.
BLIND = frozenset(
    {
        Hint.NO_PERSON,
        Hint.TOO_DARK,
        Hint.SOMEONE_ELSE,
        Hint.FEET_CUT_OFF,
        Hint.TOO_CLOSE,
        Hint.TOO_FAR,
    }
)


def _now(step: SessionStep, rest: tuple[SessionStep, ...]) -> _Now:
    """Begin a step; while getting ready the set that follows is watched already."""
    work = next((one for one in rest if one.kind == "work"), step)
    watched = WatchedStep(work) if work.counted is not None else None
    return _Now(step, watched)
