"""The one brain of the live test: frames in, cues out, and nothing else.

    set up → countdown → go → running → after → rest → set up … → finished
       any of the middle four ── the person drops or is gone ──→ halted ─(press)→ set up

Causal and pure: what it answers depends on the frames and presses so far, never on a
clock of its own, so the same frames give the same cues in a browser, in a window and
in a test. What it times is shown at once; the result is measured from the clip that
it asks to be recorded.
"""

from collections.abc import Callable

from balance.codes import EndReason
from balance.landmarks import Side
from balance.live import words
from balance.live.attempt import Attempt
from balance.live.coach import ADVICE, Hint
from balance.live.events import Cue, LiveEvent, LiveTrial, LiveView, Phase, Tone
from balance.live.feet import ON_THE_FLOOR
from balance.live.frame import LiveFrame
from balance.live.plan import LivePlan
from balance.pose import FloatArray

READY_AFTER_S = 1.0
HINT_EVERY_S = 6.0
QUIET_S = 2.5  # between two pieces of advice; more would be nagging
REMIND_EVERY_S = 12.0
AFTER_S = 1.5  # the clip goes on, so that the foot is seen standing again
TOO_SHORT_S = 1.0
WRONG_FOOT = 0.08  # of a leg length
RUN_IN_S = 0.7  # after foot-off, before the standing foot's place is kept


class LiveTest:
    """One sitting, from the first look at the picture to the last try."""

    def __init__(self, plan: LivePlan) -> None:
        self.plan = plan
        self.phase = Phase.SET_UP
        self.done: list[LiveTrial] = []
        self._now_s = 0.0
        self._since_s: float | None = None
        self._events: list[LiveEvent] = []
        self._try = self._new_try()

    # -- what comes in -----------------------------------------------------------

    def step(self, frame: LiveFrame) -> tuple[LiveEvent, ...]:
        """Take one frame and return what is to be said and shown because of it."""
        if self._since_s is None:
            self._since_s = frame.time_s
        self._now_s = frame.time_s
        self._try.coach.watch(frame)
        if self._is_watched() and self._in_danger(frame):
            return self._flush()
        self._handlers()[self.phase](frame)
        return self._flush()

    def press(self, button: str) -> tuple[LiveEvent, ...]:
        """Take a press: ``stop`` ends the try, ``all_right`` goes on after a halt."""
        if button == "all_right" and self.phase is Phase.HALTED:
            self._say(Cue.GOES_ON, words.AGAIN, Tone.READY)
            self._enter(Phase.SET_UP)
        elif button == "stop" and self.phase is Phase.RUNNING:
            self._end(EndReason.STOPPED_BY_USER, self._now_s)
        elif button == "stop" and self.phase is not Phase.FINISHED:
            self._discard()
            self._say(Cue.FINISHED, "Stopped.", Tone.STOP)
            self._enter(Phase.FINISHED)
        elif button == "skip_rest" and self.phase is Phase.REST:
            self._enter(Phase.SET_UP)
        return self._flush()

    def lose_sight(self, why: str) -> tuple[LiveEvent, ...]:
        """Stop because nobody can watch: camera unplugged, page hidden."""
        if self._is_watched():
            self._halt(why)
        return self._flush()

    @property
    def view(self) -> LiveView:
        """The moment, in words."""
        headline, advice = words.headline(
            self.phase, self.plan, self._try.side, self._try.hints
        )
        return LiveView(
            phase=self.phase,
            headline=headline,
            advice=advice,
            hints=tuple(str(h) for h in self._try.hints),
            ready=not self._try.hints,
            clock_s=self._clock_s(),
            squats=None if self.plan.is_hold else self._try.squats.count,
            side=self._try.side,
            trial=min(self._try.number, len(self.plan.sides)),
            trials=len(self.plan.sides),
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
        self._try.hints = self._try.coach.hints()
        if self._try.hints:
            self._try.ready_since_s = None
            self._advise(self._try.hints[0])
            return
        if self._try.ready_since_s is None:
            self._try.ready_since_s = self._now_s
            self._say(Cue.READY, words.READY, Tone.READY)
        if (
            self._elapsed_s(self._try.ready_since_s) >= READY_AFTER_S
            and self._try.feet.has_base
        ):
            self._enter(Phase.COUNTDOWN)
            self._try.recording = True
            self._say(Cue.RECORD, "")

    def _advise(self, hint: Hint) -> None:
        """Say what is wrong: at once when it is new, and now and then again."""
        quiet_s = self._elapsed_s(self._try.said_s)
        if quiet_s > (HINT_EVERY_S if hint is self._try.advised else QUIET_S):
            self._try.said_s, self._try.advised = self._now_s, hint
            self._say(Cue.HINT, ADVICE[hint], hint=hint)

    def _countdown(self, frame: LiveFrame) -> None:
        self._try.learn(frame)
        self._try.hints = tuple(
            h for h in self._try.coach.hints() if h != Hint.STAND_STILL
        )
        if self._try.hints:
            self._discard()
            self._enter(Phase.SET_UP)
            return
        left = self.plan.countdown_s - self._elapsed_s(self._since_s)
        if left <= 0:
            self._enter(Phase.GO)
            self._try.said_s = self._now_s
            self._say(Cue.GO, self.plan.instruction(self._try.side), Tone.START)
        elif (number := int(left) + 1) < self._try.counted:
            self._try.counted = number
            self._say(Cue.COUNT, str(number), Tone.TICK, value=number)

    def _go(self, frame: LiveFrame) -> None:
        body = frame.body
        if body is None:
            return
        if self._elapsed_s(self._try.said_s) > REMIND_EVERY_S:
            self._try.said_s = self._now_s
            self._say(Cue.GO, self.plan.instruction(self._try.side), Tone.START)
        if self.plan.on_one_leg:
            self._wait_for_lift(frame, body)
        else:
            self._wait_for_squat(frame, body)

    def _wait_for_lift(self, frame: LiveFrame, body: FloatArray) -> None:
        height = self._try.feet.follow(self._now_s, body, self._try.swing)
        lifted_s = self._try.feet.lifted_at()
        if lifted_s is not None:
            self._start(lifted_s)
        elif abs(height) < ON_THE_FLOOR:
            self._try.learn(frame)
        elif height < -WRONG_FOOT and self._elapsed_s(self._try.wrong_foot_s) > 4.0:
            self._try.wrong_foot_s = self._now_s
            self._say(Cue.WRONG_FOOT, words.wrong_foot(self._try.side), Tone.ALARM)

    def _wait_for_squat(self, frame: LiveFrame, body: FloatArray) -> None:
        self._try.squats.follow(self._now_s, body)
        if self._try.squats.first_down_s is not None:
            self._start(self._try.squats.first_down_s)
        else:
            self._try.safety.learn(frame)

    def _running(self, frame: LiveFrame) -> None:
        body = frame.body
        if body is None:
            return
        if self.plan.on_one_leg and self._foot_ended_it(body):
            return
        if not self.plan.is_hold and self._set_ended_it(body):
            return
        held_s = self._now_s - self._try.start_s
        if self.plan.is_hold and held_s >= self.plan.cap_s:
            self._end(EndReason.TIME_CAP, self._try.start_s + self.plan.cap_s)
        elif self.plan.is_hold and int(held_s) > self._try.counted:
            self._try.counted = int(held_s)
            spoken = self._try.counted % self.plan.say_every_s == 0
            text = f"{self._try.counted}"
            say = text if spoken else ""
            self._add(Cue.SECOND, text, say, Tone.TICK, value=self._try.counted)

    def _foot_ended_it(self, body: FloatArray) -> bool:
        """Foot down or standing foot moved: the two ends of every try on one leg."""
        self._try.feet.follow(self._now_s, body, self._try.swing)
        down_s = self._try.feet.down_at()
        if down_s is not None and down_s > self._try.start_s:
            self._end(EndReason.TOUCHDOWN, down_s)
            return True
        if not self._try.placed and self._now_s - self._try.start_s > RUN_IN_S:
            self._try.placed = True
            self._try.feet.stand_on(body, Side(self._try.side))
        if self.plan.is_hold and self._try.feet.stance_moved(
            body, Side(self._try.side)
        ):
            self._end(EndReason.STANCE_FOOT_MOVED, self._now_s)
            return True
        return False

    def _set_ended_it(self, body: FloatArray) -> bool:
        """Count aloud, cue knees, and end after the last squat or a long pause."""
        number = self._try.squats.follow(self._now_s, body)
        sides = (Side(self._try.side),) if self.plan.on_one_leg else tuple(Side)
        knee = self._try.squats.knee_in(body, sides)
        if knee is not None:
            self._say(Cue.KNEE, words.knee_out(knee), Tone.ALARM, hint=str(knee))
        enough = self._try.squats.count >= self.plan.squats
        if number is not None:
            last = enough and self.plan.on_one_leg
            say = f"{number}. {words.FOOT_DOWN}" if last else str(number)
            self._add(Cue.SQUAT, str(number), say, Tone.TICK, value=number)
        # On one leg the end of the set is the foot on the floor, so wait for it.
        enough = enough and not self.plan.on_one_leg
        if enough or self._try.squats.is_over(self._now_s):
            self._end(EndReason.SET_END, self._now_s)
            return True
        return False

    def _after(self, _: LiveFrame) -> None:
        if self._elapsed_s(self._since_s) < AFTER_S:
            return
        self._save()
        if sum(t.counted for t in self.done) >= len(self.plan.sides):
            self._say(Cue.FINISHED, words.FINISHED, Tone.STOP)
            self._enter(Phase.FINISHED)
        else:
            rest_s = self.plan.rest_s
            self._say(Cue.REST, words.rest_for(rest_s), value=rest_s)
            self._enter(Phase.REST)

    def _rest(self, _: LiveFrame) -> None:
        if self._elapsed_s(self._since_s) >= self.plan.rest_s:
            self._enter(Phase.SET_UP)

    def _halted(self, _: LiveFrame) -> None:
        if self._elapsed_s(self._try.said_s) > HINT_EVERY_S:
            self._try.said_s = self._now_s
            self._say(Cue.ARE_YOU_ALL_RIGHT, words.ALL_RIGHT, Tone.ALARM)

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
            self._keep(EndReason.LOST_SIGHT, self._now_s, counted=False)
            self._stopped(EndReason.LOST_SIGHT, why, "")
        if self.phase in (Phase.RUNNING, Phase.AFTER):
            # What was filmed until then may still be measured.
            self._save()
        self._discard()
        self._try.said_s = self._now_s
        self._enter(Phase.HALTED)
        text = f"{why} {words.ALL_RIGHT}"
        self._say(Cue.ARE_YOU_ALL_RIGHT, text, Tone.ALARM)

    def _start(self, at_s: float) -> None:
        self._try.start_s, self._try.counted, self._try.placed = at_s, 0, False
        self._enter(Phase.RUNNING)
        text = "The clock is running." if self.plan.is_hold else ""
        self._add(Cue.CLOCK_STARTED, text, "", Tone.START)

    def _end(self, reason: EndReason, at_s: float) -> None:
        held_s = at_s - self._try.start_s
        too_short = self.plan.is_hold and held_s < TOO_SHORT_S
        text = words.ENDINGS[reason]
        if too_short:
            text = words.TOO_SHORT
        elif self.plan.is_hold:
            text = f"{text} {held_s:.0f} seconds."
        self._keep(reason, at_s, counted=not too_short)
        self._stopped(reason, text, text)
        if too_short:
            self._discard()
            self._enter(Phase.SET_UP)
        else:
            self._enter(Phase.AFTER)

    def _keep(self, reason: EndReason, end_s: float, counted: bool) -> None:
        self.done.append(
            LiveTrial(
                number=self._try.number,
                kind=str(self.plan.kind),
                side=self._try.side,
                start_s=self._try.start_s,
                end_s=end_s,
                end_reason=reason,
                squats=self._try.squats.count,
                counted=counted,
            )
        )

    def _save(self) -> None:
        self._try.recording = False
        self._say(Cue.SAVE, "")

    def _discard(self) -> None:
        if self._try.recording:
            self._try.recording = False
            self._say(Cue.DISCARD, "")

    def _enter(self, phase: Phase) -> None:
        self.phase, self._since_s = phase, self._now_s
        if phase in (Phase.SET_UP, Phase.REST):
            self._try = self._new_try()
        self._try.counted = 99 if phase is Phase.COUNTDOWN else 0

    def _new_try(self) -> Attempt:
        return Attempt.of(self.plan, 1 + sum(t.counted for t in self.done))

    def _elapsed_s(self, since_s: float | None) -> float:
        return self._now_s - (self._now_s if since_s is None else since_s)

    def _clock_s(self) -> float | None:
        if self.phase is Phase.RUNNING:
            return self._now_s - self._try.start_s
        if self.phase is Phase.AFTER:
            return self.done[-1].hold_s
        return None

    def _say(
        self,
        cue: Cue,
        text: str,
        tone: Tone = Tone.NONE,
        value: float | None = None,
        hint: str | None = None,
    ) -> None:
        """Show and speak the same words."""
        self._events.append(
            LiveEvent(cue, self._now_s, text, text, tone, value, hint=hint)
        )

    def _add(
        self, cue: Cue, text: str, say: str, tone: Tone, value: float | None = None
    ) -> None:
        """Show one thing and speak another, or nothing."""
        self._events.append(LiveEvent(cue, self._now_s, text, say, tone, value))

    def _stopped(self, reason: EndReason, text: str, say: str) -> None:
        self._events.append(
            LiveEvent(
                Cue.CLOCK_STOPPED,
                self._now_s,
                text,
                say,
                Tone.STOP,
                self.done[-1].hold_s,
                reason,
            )
        )

    def _flush(self) -> tuple[LiveEvent, ...]:
        events, self._events = tuple(self._events), []
        return events
