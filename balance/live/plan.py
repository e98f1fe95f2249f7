"""What is to be done in one sitting: which test, which legs, how often, how long."""

from dataclasses import dataclass, replace

from balance.codes import TrialKind
from balance.landmarks import Side
from balance.protocols.protocol_run import Run

# Long enough to shake a leg out; where a protocol asks for more, that counts.
SHORTEST_REST_S = 15.0

LIVE_KINDS = (
    TrialKind.SINGLE_LEG_STANCE,
    TrialKind.SQUAT_SET,
    TrialKind.SINGLE_LEG_SQUAT_SET,
)


@dataclass(frozen=True, slots=True)
class LivePlan:
    """One sitting: ``sides`` holds one entry a try, ``both`` for squats on two legs.

    ``cap_s`` ends a hold; the default is that of the norms (45 s). ``squats`` is how
    many are asked for.
    """

    kind: TrialKind = TrialKind.SINGLE_LEG_STANCE
    sides: tuple[str, ...] = ("left",)
    cap_s: float = 45.0
    squats: int = 5
    rest_s: float = 30.0
    countdown_s: float = 5.0
    say_every_s: int = 5
    eyes_closed: bool = False

    @property
    def is_hold(self) -> bool:
        """A hold is timed, a set is counted."""
        return self.kind is TrialKind.SINGLE_LEG_STANCE

    @property
    def on_one_leg(self) -> bool:
        """Whether a foot has to leave the floor."""
        return self.kind is not TrialKind.SQUAT_SET

    def instruction(self, side: str) -> str:
        """Say what to do, in one breath."""
        if not self.on_one_leg:
            return f"Now squat {self.squats} times, slowly."
        lift = f"Now lift your {Side(side).other} foot and stand on your {side} leg"
        if self.kind is TrialKind.SINGLE_LEG_SQUAT_SET:
            return f"{lift}. Then squat {self.squats} times."
        return f"{lift}{', and close your eyes' if self.eyes_closed else ''}."


def plan_of(run: Run) -> LivePlan | None:
    """Lay out a protocol's first live stage for the camera; None when there is none.

    Legs and order are those of the run; what this person must not do is left out of
    it already. A stage without a rest of its own gets a short one.
    """
    steps = [step for step in run.plan if step.stage.kind in LIVE_KINDS]
    if not steps:
        return None
    stage = steps[0].stage
    plan = LivePlan(
        kind=stage.kind,
        sides=tuple(step.leg for step in steps if step.stage is stage),
        eyes_closed=stage.eyes == "closed",
    )
    return replace(
        plan,
        cap_s=stage.seconds or plan.cap_s,
        squats=stage.repetitions or plan.squats,
        rest_s=max(stage.rest_s, SHORTEST_REST_S),
    )
