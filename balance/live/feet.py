"""Which foot touches the floor now: the analysis's own contact, on the last seconds.

The evidence, its learned parameters and the decoding are those of the files
(`analysis.contact`); only what comes later is missing, so an end is told a moment
after it was.
"""

from collections import deque

import numpy as np

from balance.analysis.body.contact import straight_leg_px
from balance.analysis.contact.decode import (
    BOTH,
    DOUBT_S,
    NOT_VISIBLE,
    Contact,
    find_contact,
)
from balance.analysis.contact.features import RATE_HZ
from balance.analysis.events.foot_moves import place_moves
from balance.model.landmarks import Side
from balance.model.recording import FloatArray
from balance.reference.contact_model import TOUCHES, load_contact_model

# What is looked at: long enough for how the feet stood before the lift.
LOOK_BACK_S = 4.0
# Looking takes as long as a frame of the pose model, so not every frame is looked at.
LOOK_EVERY_S = 0.2
# Seen for so long, a change is no odd frame.
CONFIRM_S = 0.15
READY_S = 1.0
# A slow camera blurs a tap. Own choice, on few clips: at 12 frames a second the
# posterior of one tap of 0.3 s was 0.16 to 0.27, that of eight stands without a tap at
# most 0.05 while how the feet stood before was in sight.
TAP = 0.1
TAP_FROM_S = 0.4


class FootWatch:
    """Follows both feet; ask it after every frame."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, FloatArray]] = deque()
        self._before: list[tuple[float, FloatArray]] = []
        self._contact: Contact | None = None
        self._model = load_contact_model()

    @property
    def is_ready(self) -> bool:
        """The feet were seen for long enough to compare with."""
        return bool(self._seen) and self._seen[-1][0] - self._seen[0][0] >= READY_S

    @property
    def on_both(self) -> bool:
        """Whether both feet are on the floor."""
        return self._contact is not None and self._contact.state[-1] == BOTH

    def keep(self, time_s: float, body: FloatArray) -> None:
        """Keep a frame, for later looks."""
        if self._seen and time_s <= self._seen[-1][0]:
            return
        self._seen.append((time_s, body))
        while time_s - self._seen[0][0] > LOOK_BACK_S:
            self._seen.popleft()

    def look(self, time_s: float, body: FloatArray) -> bool:
        """Keep a frame; whether it was time to look at the feet, and that was done."""
        self.keep(time_s, body)
        looked = self._contact
        due = looked is None or time_s - looked.time_s[-1] >= LOOK_EVERY_S
        if due and self.is_ready:
            self._contact = find_contact(*self._course(), self._model)
            return True
        return False

    def remember(self, lifted_s: float) -> None:
        """Keep how the feet stood before the lift, however long the hold becomes."""
        self._before = [one for one in self._seen if one[0] < lifted_s - CONFIRM_S]

    def lifted(self, swing: Side) -> float | None:
        """When this foot left the floor, if it is still in the air and that is sure."""
        contact = self._contact
        if contact is None or not contact.stretches:
            return None
        alone = contact.stretches[-1]
        on_other = tuple(Side)[alone.side] is swing.other
        goes_on = alone.stop == len(contact.state)
        if not (on_other and goes_on and alone.clear) or alone.start is None:
            return None
        since_s = contact.time_s[-1] - contact.time_s[alone.first]
        return alone.start.time_s if since_s >= CONFIRM_S else None

    def down(self, swing: Side, since_s: float) -> float | None:
        """When this foot, raised since then, touched the floor, once that is sure."""
        contact = self._contact
        if contact is None:
            return None
        foot, t = tuple(Side).index(swing), contact.time_s
        since_s = max(since_s, self._seen[0][0])  # before it stands what is remembered
        for state, first, stop in contact.spans():
            if t[first] > since_s and state != NOT_VISIBLE and TOUCHES[state, foot]:
                chance = contact.touching(foot)[first:stop].mean()
                sure = chance >= self._model.decoding["least_support"]
                if t[-1] - t[first] >= (CONFIRM_S if sure else DOUBT_S[1]):
                    change = contact.change_at(first)
                    return float(t[first]) if change is None else change.time_s
        return None

    def tapped(self, swing: Side, since_s: float) -> float | None:
        """When this foot touched the floor for two or three frames of a slow camera."""
        contact = self._contact
        if contact is None:
            return None
        t, since_s = contact.time_s, max(since_s, self._seen[0][0])
        foot = tuple(Side).index(swing)
        touches = contact.posterior[:, 0] + contact.posterior[:, 1 + foot]
        with np.errstate(invalid="ignore"):
            looked_at = (t > since_s + TAP_FROM_S) & (t < t[-1] - TAP_FROM_S)
            tap = looked_at & (touches > TAP)
        return float(t[np.argmax(tap)]) if tap.any() else None

    def stance_moved(self, stance: Side, since_s: float) -> float | None:
        """When the standing foot left its place for another, once it stands there."""
        held = [one for one in self._seen if one[0] >= since_s]
        if not held:
            return None
        time_s, xy_px = np.array([t for t, _ in held]), np.stack([b for _, b in held])
        xy = xy_px / straight_leg_px(xy_px)
        toe, heel = (xy[:, stance.landmark(name)] for name in ("foot_index", "heel"))
        moves = place_moves(time_s, toe, heel)
        return moves[0].left_s if moves else None

    def _course(self) -> tuple[FloatArray, FloatArray]:
        """(T,) times and (T, 33, 2) px; of a long hold the middle is left out."""
        first_s = self._seen[0][0]
        before = [one for one in self._before if one[0] < first_s]
        left_out_s = first_s - 1 / RATE_HZ - before[-1][0] if before else 0.0
        moved = ((t + max(0.0, left_out_s), body) for t, body in before)
        times, bodies = zip(*moved, *self._seen, strict=True)
        return np.array(times), np.stack(bodies)
