"""The one brain of the live test: frames in, cues out, and nothing else.

    set up → countdown → go → running → after → rest → set up … → finished
       any of the middle four ── the person drops or is gone ──→ halted ─(press)→ set up

Causal and pure: what it answers depends on the frames and presses so far, never on a
clock of its own, so the same frames give the same cues in a browser, in a window and
in a test. What it times is shown at once; the result is measured from the clip that
it asks to be recorded.
"""

import math
from collections.abc import Callable
from dataclasses import replace

from balance.live import words
from balance.live.asking import Question
from balance.live.attempt import Attempt
from balance.live.buttons import buttons
from balance.live.coach import Hint
from balance.live.events import Cue, LiveEvent, LiveTrial, LiveView, Phase, Tone
from balance.live.frame import LiveFrame
from balance.live.task import Agenda, LiveTask
from balance.live.telling import Telling
from balance.live.watch import Moment
from balance.model.codes import EndReason
from balance.model.errors import InputError

READY_AFTER_S = 1.0
HINT_EVERY_S = 6.0
QUIET_S = 2.5  # between two pieces of advice; more would be nagging
REMIND_EVERY_S = 12.0
AFTER_S = 1.5  # the clip goes on, so that the foot is seen standing again
TOO_SHORT_S = 1.0
# Ends that only a person can tell; a trial keeps them even after it was over.
END_BUTTONS = {
    "held_on": (EndReason.HAND_SUPPORT, words.HAND_NOTED),
    "eyes_opened": (EndReason.EYES_OPENED, words.EYES_NOTED),
}


class LiveTest:
    """One sitting, from the first look at the frame to the last trial."""

    def __init__(self, agenda: Agenda, emergency: str = "112") -> None:
        first = agenda.next_task(())
        if first is None:
            raise InputError("there is nothing to do in this test")
        self.agenda = agenda
        self._question = Question(emergency)
        self.phase = Phase.SET_UP
        self.done: list[LiveTrial] = []
        self._since_s: float | None = None
        self._tell = Telling()
        self._try = Attempt.of(first)

    @property
    def task(self) -> LiveTask:
        """What is being done, or what was done last."""
        return self._try.task

    # -- what comes in -----------------------------------------------------------

    def step(self, frame: LiveFrame) -> tuple[LiveEvent, ...]:
        """Take one frame and return what is to be said and shown because of it."""
        if self._since_s is None:
            self._since_s = frame.time_s
        self._tell.now_s = frame.time_s
        self._try.coach.watch(frame)
        if self._is_watched() and self._in_danger(frame):
            return self._tell.take()
        self._handlers()[self.phase](frame)
        return self._tell.take()

    def press(self, button: str) -> tuple[LiveEvent, ...]:
        """Take a press; one that means nothing now is not heard.

        ``stop`` ends the trial, and between trials everything; ``all_right`` goes on
        after a halt; ``placed`` says that the feet stand as asked; ``held_on`` and
        ``eyes_opened`` tell what no camera sees.
        """
        if button not in self.view.buttons:
            return ()
        if button == "all_right":
            self._tell.say(Cue.GOES_ON, words.AGAIN, Tone.READY)
            self._go_on()
        elif button == "skip_rest":
            self._go_on()
        elif button == "placed":
            self._try.vouched_for = True
        elif button in END_BUTTONS:
            self._end_by_button(button)
        elif self.phase is Phase.RUNNING:
            self._end(EndReason.STOPPED_BY_USER, self._tell.now_s)
        else:
            self._stop()
        return self._tell.take()

    def lose_sight(self, why: str) -> tuple[LiveEvent, ...]:
        """Stop because nobody can watch: camera unplugged, page hidden."""
        if self._is_watched():
            self._halt(why)
        return self._tell.take()

    @property
    def view(self) -> LiveView:
        """The moment, in words; in a rest, what comes after it."""
        task = self.task
        if self.phase is Phase.REST:
            task = self.agenda.next_task(self.done) or task
        headline, advice = words.headline(self.phase, task, self._try.hints)
        if self.phase is Phase.HALTED:
            advice = self._question.advice
        return LiveView(
            phase=self.phase,
            headline=headline,
            advice=advice,
            hints=tuple(str(h) for h in self._try.hints),
            ready=not self._try.hints,
            clock=self._clock(),
            turn=words.progress(task),
            light=words.light(self.phase, not self._try.hints),
            buttons=buttons(self.phase, self.task, self._try.only_feet_wrong),
            slow=self._try.coach.is_slow,
            done=tuple(self.done),
        )

    # -- the phases --------------------------------------------------------------

    def _handlers(self) -> dict[Phase, Callable[[LiveFrame], None]]:
        return {
            Phase.SET_UP: self._set_up,
            Phase.COUNTDOWN: self._countdown,
            Phase.GO: self._go,
            Phase.RUNNING: self._running,
            Phase.AFTER: self._after,
            Phase.REST: self._rest,
            Phase.HALTED: self._halted,
            Phase.FINISHED: lambda _: None,
        }

    def _set_up(self, frame: LiveFrame) -> None:
        self._try.learn(frame)
        self._try.look()
        self._announce()
        if self._try.hints:
            self._try.ready_since_s = None
            self._advise(self._try.hints[0])
            return
        if self._try.ready_since_s is None:
            self._try.ready_since_s = self._tell.now_s
            self._tell.say(Cue.READY, words.READY, Tone.READY)
        if (
            self._elapsed_s(self._try.ready_since_s) >= READY_AFTER_S
            and self._try.watch.is_ready
        ):
            self._enter(Phase.COUNTDOWN)
            self._try.recording = True
            self._tell.say(Cue.RECORD, "")

    def _announce(self) -> None:
        """Say once what comes, so that the feet can be placed."""
        text = "" if self._try.announced else words.announcement(self.task)
        self._try.announced = True
        if text:
            self._try.said_s = self._tell.now_s
            self._tell.say(Cue.POSITION, text)

    def _advise(self, hint: Hint) -> None:
        """Say what is wrong: at once when it is new, and now and then again."""
        quiet_s = self._elapsed_s(self._try.said_s)
        if quiet_s > (HINT_EVERY_S if hint is self._try.advised else QUIET_S):
            self._try.said_s, self._try.advised = self._tell.now_s, hint
            self._tell.say(Cue.HINT, words.advice(hint, self.task), hint=hint)

    def _countdown(self, frame: LiveFrame) -> None:
        self._try.learn(frame)
        self._try.look()
        if set(self._try.hints) - {Hint.STAND_STILL}:
            self._discard()
            self._enter(Phase.SET_UP, same=True)
            return
        left = self.task.countdown_s - self._elapsed_s(self._since_s)
        if left <= 0:
            self._enter(Phase.GO)
            self._try.said_s = self._tell.now_s
            self._tell.say(Cue.GO, words.instruction(self.task), Tone.START)
        elif (number := int(left) + 1) < self._try.counted:
            self._try.counted = number
            self._tell.say(Cue.COUNT, str(number), Tone.TICK, value=number)

    def _go(self, frame: LiveFrame) -> None:
        if frame.body is None:
            return
        if self._elapsed_s(self._try.said_s) > REMIND_EVERY_S:
            self._try.said_s = self._tell.now_s
            self._tell.say(Cue.GO, words.instruction(self.task), Tone.START)
        moment = self._try.watch.wait(self._tell.now_s, frame.body)
        if moment.start_s is not None:
            self._start(moment.start_s)
        elif moment.wrong_foot and self._elapsed_s(self._try.wrong_foot_s) > 4.0:
            self._try.wrong_foot_s = self._tell.now_s
            self._tell.say(Cue.WRONG_FOOT, words.wrong_foot(self.task.side), Tone.ALARM)
        elif moment.standing:
            self._try.learn(frame)

    def _running(self, frame: LiveFrame) -> None:
        if frame.body is None:
            return
        moment = self._try.watch.follow(self._tell.now_s, frame.body)
        if moment.start_s is not None:
            self._try.start_s = moment.start_s
        task, held_s = self.task, self._tell.now_s - self._try.start_s
        self._cue(moment)
        if moment.end is not None and task.errors_end:
            self._end(moment.end, moment.end_s)
        elif task.is_hold and held_s >= task.seconds:
            self._end(EndReason.TIME_CAP, self._try.start_s + task.seconds)
        elif task.is_hold and int(held_s) > self._try.counted:
            self._try.counted = int(held_s)
            spoken = self._try.counted % task.say_every_s == 0
            text = f"{self._try.counted}"
            say = text if spoken else ""
            self._tell.show(Cue.SECOND, text, say, Tone.TICK, value=self._try.counted)
        elif task.beats_hz and int(held_s * task.beats_hz) > self._try.beats:
            self._try.beats = int(held_s * task.beats_hz)
            self._tell.show(Cue.BEAT, "", "", Tone.TICK)

    def _cue(self, moment: Moment) -> None:
        """Count aloud and cue knees."""
        if moment.knee is not None:
            knee = moment.knee
            self._tell.say(Cue.KNEE, words.knee_out(knee), Tone.ALARM, hint=str(knee))
        if moment.count is not None:
            number, asked = moment.count, self.task.repetitions
            # On one leg the end of the set is the foot on the floor, so wait for it.
            last = asked is not None and number >= asked and self.task.on_one_leg
            say = f"{number}. {words.FOOT_DOWN}" if last else str(number)
            self._tell.show(Cue.REPETITION, str(number), say, Tone.TICK, value=number)

    def _end_by_button(self, button: str) -> None:
        """Take what a person saw: it ends the trial, or corrects the last one."""
        reason, noted = END_BUTTONS[button]
        if self.phase is not Phase.RUNNING:
            self.done[-1] = replace(self.done[-1], end_reason=reason)
            self._tell.say(Cue.NOTED, noted)
            if self.phase is Phase.REST and not self.agenda.next_task(self.done):
                self._finish()
        elif button == "eyes_opened" and not self.task.errors_end:
            self._try.eyes_opened_s.append(self._tell.now_s - self._try.start_s)
            self._tell.say(Cue.NOTED, noted)
        else:
            self._end(reason, self._tell.now_s)

    def _after(self, _: LiveFrame) -> None:
        if self._elapsed_s(self._since_s) < AFTER_S:
            return
        self._save()
        if self.agenda.next_task(self.done) is None:
            self._finish()
        else:
            rest_s = self.task.rest_s
            self._tell.say(Cue.REST, words.rest_for(rest_s), value=rest_s)
            self._enter(Phase.REST)

    def _rest(self, _: LiveFrame) -> None:
        if self._elapsed_s(self._since_s) >= self.task.rest_s:
            self._go_on()

    def _go_on(self) -> None:
        """Begin the next trial, if what was told in the rest leaves one."""
        if self.agenda.next_task(self.done) is None:
            self._finish()
        else:
            self._enter(Phase.SET_UP)

    def _stop(self) -> None:
        """End everything; a trial that was over is kept, one not yet begun is not."""
        if self.phase is Phase.AFTER:
            self._save()
        self._discard()
        self._tell.say(Cue.FINISHED, words.STOPPED, Tone.STOP)
        self._enter(Phase.FINISHED)

    def _finish(self) -> None:
        self._tell.say(Cue.FINISHED, words.FINISHED, Tone.STOP)
        self._enter(Phase.FINISHED)

    def _halted(self, frame: LiveFrame) -> None:
        """Ask again and again; an arm held up answers as the button does."""
        if self._question.answered(frame):
            self._tell.say(Cue.GOES_ON, words.AGAIN, Tone.READY)
            self._go_on()
        elif self._question.is_due(frame.time_s):
            self._ask()

    def _ask(self, why: str = "") -> None:
        text = self._question.ask(self._tell.now_s, why)
        self._tell.say(Cue.ARE_YOU_ALL_RIGHT, text, Tone.ALARM)

    # -- steps they share --------------------------------------------------------

    def _is_watched(self) -> bool:
        return self.phase in (Phase.COUNTDOWN, Phase.GO, Phase.RUNNING, Phase.AFTER)

    def _in_danger(self, frame: LiveFrame) -> bool:
        dropped = self._try.safety.dropped(frame)
        gone = self._try.safety.gone(frame, self.phase is Phase.RUNNING)
        if dropped:
            self._halt(words.DROPPED)
        elif gone:
            self._halt(words.GONE)
        return dropped or gone

    def _halt(self, why: str) -> None:
        if self.phase is Phase.RUNNING:
            self._keep(EndReason.LOST_SIGHT, self._tell.now_s, counted=False)
            held_s = self.done[-1].hold_s
            self._tell.stopped(EndReason.LOST_SIGHT, why, "", held_s)
        if self.phase in (Phase.RUNNING, Phase.AFTER):
            # What was recorded until then may still be measured.
            self._save()
        self._discard()
        self._enter(Phase.HALTED)
        self._ask(why)

    def _start(self, at_s: float) -> None:
        self._try.start_s, self._try.counted = at_s, 0
        self._enter(Phase.RUNNING)
        text = "The clock is running." if self.task.is_hold else ""
        self._tell.show(Cue.CLOCK_STARTED, text, "", Tone.START)

    def _end(self, reason: EndReason, at_s: float) -> None:
        held_s = at_s - self._try.start_s
        too_short = self.task.is_hold and held_s < TOO_SHORT_S
        text = words.TOO_SHORT
        if not too_short:
            text = words.ending(reason, self.task, held_s)
        self._keep(reason, at_s, counted=not too_short)
        self._tell.stopped(reason, text, text, self.done[-1].hold_s)
        if too_short:
            self._discard()
            self._enter(Phase.SET_UP)
        else:
            self._enter(Phase.AFTER)

    def _keep(self, reason: EndReason, end_s: float, counted: bool) -> None:
        task, watch = self.task, self._try.watch
        self.done.append(
            LiveTrial(
                number=task.number,
                kind=str(task.kind),
                side=task.side,
                start_s=self._try.start_s,
                end_s=end_s,
                end_reason=reason,
                repetitions=watch.count,
                counted=counted,
                protocol=task.protocol,
                stage=task.stage,
                title=task.title,
                position_seen=not self._try.vouched_for and watch.shows_place,
                eyes_opened_s=tuple(self._try.eyes_opened_s),
            )
        )

    def _save(self) -> None:
        self._try.recording = False
        self._tell.say(Cue.SAVE, "")

    def _discard(self) -> None:
        if self._try.recording:
            self._try.recording = False
            self._tell.say(Cue.DISCARD, "")

    def _enter(self, phase: Phase, *, same: bool = False) -> None:
        """Go to a phase; a new try begins with its set-up unless it is the ``same``."""
        self.phase, self._since_s = phase, self._tell.now_s
        if phase is Phase.SET_UP:
            before, task = self._try, self.agenda.next_task(self.done)
            self._try = Attempt.of(task or before.task)
            if same:
                self._try.announced = True
                self._try.vouched_for = before.vouched_for
        self._try.counted = 99 if phase is Phase.COUNTDOWN else 0

    def _elapsed_s(self, since_s: float | None) -> float:
        return self._tell.now_s - (self._tell.now_s if since_s is None else since_s)

    def _clock(self) -> str:
        spent_s, task = self._elapsed_s(self._since_s), self.task
        if self.phase is Phase.RUNNING and not task.is_hold:
            return str(self._try.watch.count)
        if self.phase is Phase.RUNNING:
            return f"{self._tell.now_s - self._try.start_s:.1f}"
        if self.phase is Phase.AFTER and task.is_hold:
            return f"{self.done[-1].hold_s:.1f}"
        left = {Phase.COUNTDOWN: task.countdown_s, Phase.REST: task.rest_s}
        whole_s = left.get(self.phase)
        return "" if whole_s is None else str(max(1, math.ceil(whole_s - spent_s)))
