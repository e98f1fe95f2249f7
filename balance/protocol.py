"""How a test is to be done: what starts, ends and scores it, as data with a source."""

from dataclasses import dataclass

from balance.codes import EndReason


@dataclass(frozen=True, slots=True)
class Protocol:
    """One named protocol; the numbers live in ``data/protocols.toml``.

    ``cap_s`` None: nothing is capped. ``stop_rules``: what ends a trial besides what
    always does (touchdown, stance foot moved, lost sight, cut, end of video).
    Sway is measured from foot-off + ``sway_margin_s`` to foot-down − the same.
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
