"""What the live test keeps of the try that is going on; forgotten before the next."""

from dataclasses import dataclass, field

from balance.landmarks import Side
from balance.live.coach import Coach, Hint
from balance.live.feet import FootWatch
from balance.live.frame import LiveFrame
from balance.live.plan import LivePlan
from balance.live.safety import SafetyWatch
from balance.live.squats import SquatCount

NEVER = float("-inf")


@dataclass
class Attempt:
    """One try: its leg, its watchers, and when what was said last."""

    number: int
    side: str
    swing: Side
    safety: SafetyWatch
    coach: Coach = field(default_factory=Coach)
    feet: FootWatch = field(default_factory=FootWatch)
    squats: SquatCount = field(default_factory=SquatCount)
    hints: tuple[Hint, ...] = (Hint.NO_PERSON,)
    ready_since_s: float | None = None
    advised: Hint | None = None
    said_s: float = NEVER
    wrong_foot_s: float = NEVER
    start_s: float = 0.0
    # The last second told, or the last number of the countdown.
    counted: int = 0
    placed: bool = False
    recording: bool = False

    @classmethod
    def of(cls, plan: LivePlan, number: int) -> "Attempt":
        """Begin try ``number`` (from 1) of a plan."""
        side = plan.sides[min(number, len(plan.sides)) - 1]
        swing = Side(side).other if plan.on_one_leg else Side.LEFT
        return cls(number, side, swing, SafetyWatch(squatting=not plan.is_hold))

    def learn(self, frame: LiveFrame) -> None:
        """Remember how the person looks standing on both feet."""
        body = frame.body
        if body is None or Hint.BOTH_FEET in self.hints:
            return
        self.feet.learn(frame.time_s, body)
        self.squats.learn(frame.time_s, body)
        self.safety.learn(frame)
