"""A protocol before the camera: the next step depends on what came of those before."""

from collections.abc import Sequence
from dataclasses import dataclass

from balance.analysis.protocols.run import Outcome, Run, Step, next_step, record
from balance.live.events import LiveTrial
from balance.live.task import NORM_CAP_S, LiveTask
from balance.model.codes import EndReason
from balance.reference.protocol import Protocol

# Long enough to shake a leg out; where a protocol asks for more, that counts.
SHORTEST_REST_S = 15.0
# Time for a set that is counted, where nobody counts live.
SET_S = 45.0
# What a person or a helper may press, because no camera sees it.
BUTTON_OF = {
    EndReason.HAND_SUPPORT: "held_on",
    EndReason.EYES_OPENED: "eyes_opened",
}


@dataclass(frozen=True, slots=True)
class ProtocolAgenda:
    """A run that goes on by the trials seen live; ``run`` is where it began."""

    run: Run
    countdown_s: float = 5.0

    @property
    def longest_s(self) -> float:
        """Seconds of all steps without the rests, for a video that nobody watches."""
        return sum(step.stage.seconds or SET_S for step in self.run.plan)

    def next_task(self, done: Sequence[LiveTrial]) -> LiveTask | None:
        """Return the task of the next step; None when the protocol is over."""
        step = next_step(self.so_far(done))
        return None if step is None else self._task(step)

    def so_far(self, done: Sequence[LiveTrial]) -> Run:
        """Return the run with what came of these tries.

        Tries beyond its end are left out: where a hand turns out to have held on in
        an early stage, the later ones do not count.
        """
        run = self.run
        for trial in done:
            step = next_step(run)
            if step is None:
                break
            run = record(run, _outcome(step, trial))
        return run

    def _task(self, step: Step) -> LiveTask:
        stage, protocol = step.stage, self.run.protocol
        return LiveTask(
            kind=stage.kind,
            side=step.leg,
            seconds=stage.seconds or NORM_CAP_S,
            repetitions=stage.repetitions,
            rest_s=max(stage.rest_s, SHORTEST_REST_S),
            countdown_s=self.countdown_s,
            # Up on one beat, down on the next.
            beats_hz=2 * stage.tempo_hz if stage.tempo_hz else None,
            eyes_closed=stage.eyes == "closed",
            errors_end=not protocol.error_types,
            asks=_asks(protocol, stage.eyes == "closed"),
            protocol=protocol.code,
            stage=stage.code,
            title=stage.title,
            position=stage.position,
            say=stage.say,
            number=self.run.plan.index(step) + 1,
            of=len(self.run.plan),
        )


def _asks(protocol: Protocol, eyes_closed: bool) -> tuple[str, ...]:
    asked = []
    if EndReason.HAND_SUPPORT in protocol.stop_rules:
        asked.append(BUTTON_OF[EndReason.HAND_SUPPORT])
    if eyes_closed:
        asked.append(BUTTON_OF[EndReason.EYES_OPENED])
    return tuple(asked)


def _outcome(step: Step, trial: LiveTrial) -> Outcome:
    """Return what came of a step; a trial that did not count tells nothing."""
    if not trial.counted:
        return Outcome(step, None, trial.end_reason)
    value = trial.hold_s if step.stage.seconds else float(trial.repetitions)
    return Outcome(step, value, trial.end_reason)
