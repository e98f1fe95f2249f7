"""What an exercise is: how it is done, how much of it, and how it is drawn.

The library itself is ``data/exercises.toml``, loaded in ``reference.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from balance.model.codes import TrialKind

# A block runs through these in order.
PHASES = ("warm_up", "activation", "static", "dynamic", "cool_down")
GOALS = ("runner", "strength", "daily", "older")


@dataclass(frozen=True, slots=True)
class Dose:
    """How much: ``sets`` of ``repetitions``, each taking ``rep_s`` seconds.

    ``hold_s`` is the still part of a repetition; ``rest_s`` comes between sets.
    """

    sets: int
    repetitions: int
    rep_s: float
    rest_s: float
    source: str
    hold_s: float = 0.0

    def seconds(self, sides: int) -> float:
        """Time that the dose takes on one or two sides, rests between sets too.

        With two sides one leg rests while the other works, so only half the rest
        is waited for.
        """
        work_s = self.sets * self.repetitions * self.rep_s * sides
        return work_s + max(0, self.sets - 1) * self.rest_s * (0.5 * sides)

    def text(self) -> str:
        """Return "3 × 10, hold 5 s", "8 times", "hold 30 s"."""
        if self.repetitions == 1:
            words = f"{self.hold_s or self.rep_s:.0f} s"
            return words if self.sets == 1 else f"{self.sets} × {words}"
        count = f"{self.repetitions} times" if self.sets == 1 else ""
        count = count or f"{self.sets} × {self.repetitions}"
        return f"{count}, hold {self.hold_s:.0f} s" if self.hold_s else count


@dataclass(frozen=True, slots=True)
class StickPose:
    """Joint angles of one drawing, in degrees.

    ``view`` "side" (facing right), "front", "foot" (side view of a foot) or "toes"
    (from above). Pairs are near and far leg (side), or image right and left
    (front). Side view: ``trunk_deg`` forward, ``hips_deg`` thigh forward of the
    vertical, ``knees_deg`` flexion, ``heel_deg`` heel up, ``arms_deg`` forward.
    Front view: ``thighs_deg`` and ``shins_deg`` outward, ``lift`` 0 to 1 how far a
    foot is raised, ``bend`` 0 to 1 how far a leg is shortened by a bent knee.
    ``marks`` are signs beside the figure, such as "eyes_closed", "band" or "walk".
    """

    view: str
    trunk_deg: float = 0.0
    hips_deg: tuple[float, ...] = (0.0, 0.0)
    knees_deg: tuple[float, ...] = (0.0, 0.0)
    heel_deg: tuple[float, ...] = (0.0, 0.0)
    arms_deg: tuple[float, ...] = (8.0, 8.0)
    thighs_deg: tuple[float, ...] = (3.0, 3.0)
    shins_deg: tuple[float, ...] = (1.0, 1.0)
    lift: tuple[float, ...] = (0.0, 0.0)
    bend: tuple[float, ...] = (0.0, 0.0)
    sway_deg: float = 0.0
    air: float = 0.0
    arch: float = 0.2
    toes_deg: float = 0.0
    pitch_deg: float = 0.0
    splay_deg: float = 4.0
    up: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0, 0.0)
    ball: bool = False
    prop: str = ""
    marks: tuple[str, ...] = ()


def drawn_pose(name: str, poses: Mapping[str, StickPose]) -> StickPose:
    """Return the pose of a name such as ``one_leg+eyes_closed``, with its marks."""
    pose, *marks = name.split("+")
    return replace(poses[pose], marks=tuple(marks))


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise of the library.

    ``legs`` "both" at once or "each" in turn; ``support`` "none", "reach",
    "fingertips" or "two hands"; ``camera`` "yes", "partly" or "no"; ``kind`` the
    trial that the camera counts it as. ``level`` orders by difficulty; ``easier``
    and ``harder`` are codes. ``loads_knee``: compensations of the knee speak here.
    """

    code: str
    title: str
    phase: str
    level: int
    purpose: str
    steps: tuple[str, ...]
    cue: str
    faults: tuple[str, ...]
    dose: Dose
    source: str
    evidence: str
    camera: str
    legs: str
    support: str
    goals: tuple[str, ...]
    drawing: tuple[StickPose, ...]
    kind: TrialKind | None = None
    easier: str | None = None
    harder: str | None = None
    equipment: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    eyes: str = "open"
    surface: str = "firm"
    loads_knee: bool = False

    @property
    def sides(self) -> int:
        """How many times the dose is done: once, or once a leg."""
        return 2 if self.legs == "each" else 1


@dataclass(frozen=True, slots=True)
class Library:
    """All exercises by code, in the order of the data file."""

    exercises: dict[str, Exercise] = field(default_factory=dict)

    def __getitem__(self, code: str) -> Exercise:
        return self.exercises[code]

    def of_phase(self, phase: str) -> tuple[Exercise, ...]:
        """Return the exercises of one phase of a block."""
        return tuple(e for e in self.exercises.values() if e.phase == phase)
