"""How a test is to be done: what starts, ends and scores it, as data with a source."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from balance.model.codes import EndReason, EventCode, TrialKind

# Whose turn it is in a stage: both feet on the floor, each leg in turn, one leg.
LEGS = ("both", "each", "one")


@dataclass(frozen=True, slots=True)
class Stage:
    """One position of a protocol, with how long and how often.

    ``say`` is spoken before the countdown, so that the person can take the position.
    ``seconds`` is both the goal and the cap of a hold, None where repetitions are
    counted instead. ``legs``: "both" feet on the floor at once, "each" leg in turn,
    "one" leg of the person's choice. ``eyes``: "open" or "closed"; ``surface``:
    "firm" or "soft". ``tempo_hz`` repetitions per second of the metronome.
    """

    code: str
    title: str
    kind: TrialKind
    position: str
    say: str
    legs: str = "both"
    eyes: str = "open"
    surface: str = "firm"
    seconds: float | None = None
    repetitions: int | None = None
    tempo_hz: float | None = None
    trials: int = 1
    rest_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Protocol:
    """One named protocol; the numbers live in ``data/protocols.toml``.

    ``cap_s`` None: nothing is capped. ``stop_rules``: what ends a trial besides what
    always does (touchdown, stance foot moved, lost sight, cut, end of video).
    Sway is measured from foot-off + ``sway_margin_s`` to foot-down − the same.
    ``sources`` gives the source of each number by its field name. ``asked`` names
    what the camera cannot see and the person is asked instead.
    """

    code: str
    title: str
    source: str
    cap_s: float | None = None
    stop_rules: frozenset[EndReason] = frozenset()
    min_hold_s: float = 1.0
    short_attempt_s: float = 0.3
    sway_min_hold_s: float = 10.0
    sway_margin_s: float = 0.6
    sway_rate_hz: float = 25.0
    sway_cutoff_hz: float = 3.0
    purpose: str = ""
    position: str = ""
    instructions: tuple[str, ...] = ()
    start_rule: str = ""
    end_rule: str = ""
    scored: tuple[str, ...] = ()
    # Which table of norms.toml it is held against; None where nothing was published.
    norms: str | None = None
    asked: tuple[str, ...] = ()
    not_alone: tuple[str, ...] = ()
    # The protocol itself asks for somebody who stands beside, ready to catch.
    needs_helper: bool = False
    stages: tuple[Stage, ...] = ()
    stop_at_first_failure: bool = False
    experimental: bool = False
    # BESS: what counts as an error, at most how many a trial, and the time that the
    # position must be held (or may be lost) before other rules apply.
    error_types: tuple[EventCode, ...] = ()
    max_errors: int | None = None
    position_s: float | None = None
    hip_limit_deg: float | None = None
    sources: Mapping[str, str] = field(default_factory=dict)

    def stage(self, code: str) -> Stage:
        """Return the stage with this code; KeyError where there is none."""
        return {stage.code: stage for stage in self.stages}[code]
