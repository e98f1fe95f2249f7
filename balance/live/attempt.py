"""What the live test keeps of the trial that is going on; forgotten before the next."""

from dataclasses import dataclass, field

from balance.live.coach import Coach, Hint
from balance.live.frame import LiveFrame
from balance.live.one_leg import OneLegHold, OneLegSet
from balance.live.other_sets import HeelRaiseCount, HopCount, WeightShiftCount
from balance.live.safety import SafetyWatch
from balance.live.squats import SquatCount
from balance.live.task import LiveTask
from balance.live.two_feet import TwoFootHold, TwoFootSet
from balance.live.watch import Counter, Watch
from balance.model.codes import TrialKind
from balance.model.landmarks import Side

NEVER = float("-inf")
SQUATS = (TrialKind.SQUAT_SET, TrialKind.SINGLE_LEG_SQUAT_SET)
# Hints that do not hold: feet one before the other are not level in the image, and
# heels are raised facing a wall.
NOT_WRONG: dict[TrialKind, frozenset[Hint]] = {
    TrialKind.SEMI_TANDEM_STANCE: frozenset({Hint.BOTH_FEET}),
    TrialKind.TANDEM_STANCE: frozenset({Hint.BOTH_FEET}),
    TrialKind.HEEL_RAISE_SET: frozenset({Hint.TURN_ROUND, Hint.FACE_CAMERA}),
}


def watch_for(task: LiveTask) -> Watch:
    """Return what watches a trial of this kind."""
    if task.on_two_feet:
        return TwoFootHold(task)
    if task.is_hold:
        return OneLegHold(task)
    counter = _counter(task)
    return OneLegSet(task, counter) if task.on_one_leg else TwoFootSet(task, counter)


def _counter(task: LiveTask) -> Counter:
    if task.kind in (*SQUATS, TrialKind.SIT_TO_STAND_SET):
        return SquatCount()
    if task.kind is TrialKind.HEEL_RAISE_SET:
        return HeelRaiseCount()
    if task.kind is TrialKind.WEIGHT_SHIFT_SET:
        return WeightShiftCount()
    return HopCount(Side(task.side))


@dataclass
class Attempt:
    """One trial: its task, its watchers, and when what was said last."""

    task: LiveTask
    watch: Watch
    safety: SafetyWatch
    coach: Coach = field(default_factory=Coach)
    hints: tuple[Hint, ...] = (Hint.NO_PERSON,)
    ready_since_s: float | None = None
    announced: bool = False
    advised: Hint | None = None
    said_s: float = NEVER
    wrong_foot_s: float = NEVER
    start_s: float = 0.0
    eyes_opened_s: list[float] = field(default_factory=list)
    # The last second told, or the last number of the countdown.
    counted: int = 0
    beats: int = 0
    recording: bool = False
    # A person's word that the feet stand as asked outweighs the camera's.
    vouched_for: bool = False

    @classmethod
    def of(cls, task: LiveTask) -> "Attempt":
        """Begin a trial."""
        return cls(task, watch_for(task), SafetyWatch(squatting=task.kind in SQUATS))

    def look(self) -> None:
        """Find out what is wrong with the set-up now."""
        hints = set(self.coach.hints()) - NOT_WRONG.get(self.task.kind, frozenset())
        if not (self.watch.is_placed or self.vouched_for):
            hints.add(Hint.POSITION)
        self.hints = tuple(hint for hint in Hint if hint in hints)

    @property
    def only_feet_wrong(self) -> bool:
        """Whether nothing but the camera's view of the feet holds the test back."""
        return set(self.hints) - {Hint.STAND_STILL} == {Hint.POSITION}

    def learn(self, frame: LiveFrame) -> None:
        """Remember how the person looks standing on both feet."""
        if frame.body is None or Hint.BOTH_FEET in self.hints:
            return
        self.watch.learn(frame.time_s, frame.body)
        self.safety.learn(frame)
