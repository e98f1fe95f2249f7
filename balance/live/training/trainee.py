"""What the programme knows of a person: results, reports after each block, wishes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from balance.model.landmarks import Side
from balance.model.plausible import AGE_YEARS, require_within
from balance.reference.safety import Circumstances

KNEE_FAULTS = {
    "knee_valgus": "the knee falling inwards",
    "hip_adduction": "the thigh falling inwards",
    "heel_lift": "the heel lifting",
}
STANCE_FAULTS = {
    "trunk_lean": "the trunk leaning",
    "pelvic_drop": "the hip dropping",
    "shift_away": "the weight going to the other side",
}


@dataclass(frozen=True, slots=True)
class LegHistory:
    """One leg over the visits, oldest first.

    ``open_s`` and ``closed_s`` are the best holds of each visit in s.
    ``faults`` are the judgements answered *yes* at the last visit (beyond the
    measurement error), as codes without the side: "knee_valgus", "heel_lift" …
    """

    open_s: tuple[float, ...] = ()
    closed_s: tuple[float, ...] = ()
    faults: frozenset[str] = frozenset()

    @property
    def now_s(self) -> float | None:
        """Best hold with open eyes at the last visit; None when never tested."""
        return self.open_s[-1] if self.open_s else None


@dataclass(frozen=True, slots=True)
class Performed:
    """One exercise of a block, whether it met its target and was clean.

    ``side`` "left", "right" or "both"; clean as the camera or the person saw it.
    """

    exercise: str
    side: str
    met: bool
    clean: bool


@dataclass(frozen=True, slots=True)
class BlockReport:
    """What was said after a block: fatigue and pain of the feet 0 to 10, and signs."""

    minutes: float = 0.0
    fatigue: int = 0
    pain: int = 0
    sore_days: int = 0
    sharp_pain: bool = False
    lasting_pain: bool = False
    irritation: bool = False
    near_fall: bool = False
    done: tuple[Performed, ...] = ()


@dataclass(frozen=True, slots=True)
class Trainee:
    """Everything that a plan is made from.

    ``goal`` one of ``GOALS``; ``minutes`` the wished length of a block; ``rungs``
    where each ladder stood in the last plan, by (ladder, leg): see ``ladders.py``.
    ``yes`` the safety questions answered yes. ``today`` what is said before a block:
    pain, soreness and signs since the last one.
    """

    age_years: float | None = None
    goal: str = "daily"
    equipment: frozenset[str] = frozenset()
    minutes: float = 15.0
    weeks: int | None = None
    companion: bool = False
    yes: frozenset[str] = frozenset()
    legs: Mapping[Side, LegHistory] = field(default_factory=dict)
    reports: tuple[BlockReport, ...] = ()
    today: BlockReport | None = None
    rungs: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def leg(self, side: Side) -> LegHistory:
        """Return the history of one leg, empty when it was never tested."""
        return self.legs.get(side, LegHistory())

    @property
    def last(self) -> BlockReport:
        """Report of the last block with what is said today; empty before the first.

        Today's pain, soreness and signs count; who nearly fell in the block or since
        then nearly fell.
        """
        before = self.reports[-1] if self.reports else BlockReport()
        if self.today is None:
            return before
        return replace(
            self.today,
            minutes=before.minutes,
            fatigue=before.fatigue,
            near_fall=before.near_fall or self.today.near_fall,
            done=before.done,
        )

    @property
    def first_use(self) -> bool:
        """Nothing has been trained yet."""
        return not self.reports

    @property
    def circumstances(self) -> Circumstances:
        """What the safety gates ask for."""
        held = {side: self.leg(side).now_s for side in Side}
        return Circumstances(
            age_years=self.age_years,
            first_use=self.first_use,
            companion=self.companion,
            yes=self.yes,
            best_open_s={side: s for side, s in held.items() if s is not None},
        )

    def knee_faults(self, *sides: Side) -> tuple[str, ...]:
        """Faults that make squats easier, in words, of these legs."""
        return self._faults(KNEE_FAULTS, sides)

    def stance_faults(self, *sides: Side) -> tuple[str, ...]:
        """Faults that keep a stand from getting harder, in words."""
        return self._faults(STANCE_FAULTS, sides)

    def _faults(
        self, known: Mapping[str, str], sides: tuple[Side, ...]
    ) -> tuple[str, ...]:
        seen = {fault for side in sides for fault in self.leg(side).faults}
        return tuple(words for code, words in known.items() if code in seen)

    def times_done(self, exercise: str) -> int:
        """In how many blocks an exercise was done."""
        return sum(
            any(done.exercise == exercise for done in report.done)
            for report in self.reports
        )

    def mastered(self, exercise: str, side: str, times: int) -> bool:
        """Whether it was met and clean the last ``times`` times running."""
        tries = [
            done.met and done.clean
            for report in self.reports
            for done in report.done
            if done.exercise == exercise and done.side in (side, "both")
        ]
        return len(tries) >= times and all(tries[-times:])


LONGEST_HOLD_S = 3600.0
MOST_WEEKS = 104


def require_sensible(trainee: Trainee) -> None:
    """Refuse numbers that nobody can have told of themselves.

    Raises
    ------
    InputError
        That names the value and what it may be.
    """
    require_within("the age in years", trainee.age_years, AGE_YEARS)
    require_within("the minutes of a block", trainee.minutes, (1, 240))
    require_within("the number of weeks", trainee.weeks, (1, MOST_WEEKS))
    for side, leg in trainee.legs.items():
        for hold_s in (*leg.open_s, *leg.closed_s):
            name = f"a hold on the {side} leg in seconds"
            require_within(name, hold_s, (0, LONGEST_HOLD_S))
    for report in (*trainee.reports, *filter(None, [trainee.today])):
        require_within("pain", report.pain, (0, 10))
        require_within("fatigue", report.fatigue, (0, 10))
        require_within("days of soreness", report.sore_days, (0, 365))
