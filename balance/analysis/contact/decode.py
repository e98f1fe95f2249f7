"""States of the feet over time, with the moments at which they change.

A hidden Markov model over (both, left, right, none). A foot changes its state only
where it was seen to leave or to land (the model's chance of an event), or rarely
unseen. The chances that the model gives for neighbouring frames rest on the same
seconds of video, so they count as evidence only in part.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from balance.analysis.contact.chain import best_path, transition_posterior
from balance.analysis.contact.features import RATE_HZ, foot_features, regular_course
from balance.model.recording import BoolArray, FloatArray, IntArray
from balance.reference.contact_model import STATES, TOUCHES, ContactModel, Evidence

BOTH, NOT_VISIBLE = STATES.index("both"), len(STATES)
# The posterior of a change is looked at this far around it.
_AROUND_S = 0.6
# Both feet for at least so long are a stand, not a step.
_STANDING_S = 0.33
# A doubt about the other foot between two stretches on one leg lasts so long; a foot
# that is set down for less is a tap.
DOUBT_S = (0.5, 1.5)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of state: ``time_s`` with its standard deviation.

    ``edge_s`` is where the decoded states change, at 30 Hz.

    ``chance`` is the posterior that this change took place near that time; ``seen``
    is False where the feet were out of sight before or after.
    """

    time_s: float
    sd_s: float
    before: int
    after: int
    chance: float
    seen: bool
    edge_s: float


@dataclass(frozen=True, slots=True)
class Alone:
    """A stretch on one leg: ``side`` 0 left, 1 right; frames ``first`` to ``stop`` - 1.

    ``start``, ``end``: None where the video, the shot or the sight begins or ends
    there. ``support``: mean chance of this state over its frames, ``air``: that of
    no foot on the floor. ``clear``: they let it be told that the other
    foot was off the floor and this one on it (else unknown, or somebody hops).
    """

    side: int
    first: int
    stop: int
    start: Change | None
    end: Change | None
    support: float
    air: float
    clear: bool


@dataclass(frozen=True, eq=False)
class Contact:
    """Contact of the feet in a recording.

    ``time_s`` (T,) of the recording; ``state`` (T,) index into ``STATES`` or
    ``NOT_VISIBLE``; ``chances`` (T, 4) of each state by the landmarks around each
    frame, ``posterior`` (T, 4) by the whole course, both NaN where not visible;
    ``changes`` and ``stretches`` on one leg in order of time.
    """

    time_s: FloatArray
    state: IntArray
    chances: FloatArray
    posterior: FloatArray
    changes: tuple[Change, ...]
    stretches: tuple[Alone, ...] = ()

    def touching(self, side: int) -> FloatArray:
        """(T,) chance that the left (0) or right (1) foot touches the floor."""
        return np.asarray(self.chances[:, 0] + self.chances[:, 1 + side])

    def alone(self, model: ContactModel) -> list[Alone]:
        """Every stretch on one leg, in order of time."""
        found, spans = [], self._joined(model.decoding["least_support"])
        for n, (state, first, stop) in enumerate(spans):
            if state not in (1, 2):
                continue
            chances = self.chances[first:stop]
            support, air = chances[:, [state, 3]].mean(axis=0).tolist()
            beside = [*spans[max(n - 1, 0) : n], *spans[n + 1 : n + 2]]
            quiet = min(map(self._both, beside), default=0.0)
            lasted_s = float(self.time_s[stop - 1] - self.time_s[first])
            start = self.change_at(first, after=state)
            end = self.change_at(stop, before=state)
            least = model.decoding[_rule(quiet, lasted_s, start or end, model)]
            clear = support >= least and air <= model.decoding["most_air"]
            found.append(Alone(state - 1, first, stop, start, end, support, air, clear))
        return found

    def _joined(self, least_support: float) -> list[tuple[int, int, int]]:
        """Join spans on one leg between which both feet were not surely down."""
        joined: list[tuple[int, int, int]] = []
        for span in self.spans():
            if len(joined) > 1 and span[0] in (1, 2) and span[0] == joined[-2][0]:
                gap, before = joined[-1], joined[-2]
                if self._is_doubtful(gap, least_support):
                    joined[-2:] = [(span[0], before[1], span[2])]
                    continue
            joined.append(span)
        return joined

    def _is_doubtful(self, gap: tuple[int, int, int], least_support: float) -> bool:
        state, first, stop = gap
        lasted_s = self.time_s[stop - 1] - self.time_s[first]
        both = self.chances[first:stop, 0].mean()
        short, long = DOUBT_S
        lasting = short <= lasted_s < long
        return bool(state == BOTH and lasting and both < least_support)

    def _both(self, span: tuple[int, int, int]) -> float:
        """Mean chance of both feet where a stretch is one of standing, else 0."""
        state, first, stop = span
        if state != 0 or self.time_s[stop - 1] - self.time_s[first] < _STANDING_S:
            return 0.0
        return float(np.mean(self.chances[first:stop, 0]))

    def change_at(
        self, frame: int, before: int | None = None, after: int | None = None
    ) -> Change | None:
        """Return the seen change at a frame, None where there is none."""
        if not 0 < frame < len(self.time_s):
            return None
        if NOT_VISIBLE in (self.state[frame - 1], self.state[frame]):
            return None
        at = (self.time_s[frame - 1] + self.time_s[frame]) / 2
        fits = [
            c
            for c in self.changes
            if before in (None, c.before)
            and after in (None, c.after)
            and abs(c.edge_s - at)
            <= 1 / RATE_HZ + self.time_s[frame] - self.time_s[frame - 1]
        ]
        return min(fits, key=lambda c: abs(c.edge_s - at), default=None)

    def spans(self) -> list[tuple[int, int, int]]:
        """(state, first frame, frame after the last) of each stretch."""
        edges = np.flatnonzero(np.diff(self.state)) + 1
        bounds = [0, *edges.tolist(), len(self.state)] if len(self.state) else []
        return [(int(self.state[a]), a, b) for a, b in pairwise(bounds)]


def _rule(
    quiet: float, lasted_s: float, change: Change | None, model: ContactModel
) -> str:
    """Return which support a stretch on one leg needs to be told from both feet.

    Less is needed for a long one between certain stands on both feet (``quiet``: their
    mean chance), a foot held low over the floor, and where nothing changes in a shot.
    """
    if change is None:
        return "whole_support"
    sure = quiet >= model.decoding["sure_both"]
    held = sure and lasted_s >= model.decoding["held_s"]
    return "held_support" if held else "least_support"


def find_contact(  # noqa: PLR0913  (three of them may be left out)
    time_s: FloatArray,
    xy_px: FloatArray,
    model: ContactModel,
    *,
    shift_px: FloatArray | None = None,
    cut: BoolArray | None = None,
    size_px: tuple[int, int] | None = None,
) -> Contact:
    """Contact of both feet in a recording, shot by shot.

    ``time_s`` (T,) rising, ``xy_px`` (T, 33, 2) NaN where not seen, ``shift_px`` (T, 2)
    camera motion, ``cut`` (T,) True on the first frame of a new shot, ``size_px`` width
    and height of the image: feet outside it are not visible.
    """
    frames = len(time_s)
    state = np.full(frames, NOT_VISIBLE)
    chances = np.full((frames, len(STATES)), np.nan)
    posterior = chances.copy()
    changes: list[Change] = []
    starts = [0] if cut is None else sorted({0, *np.flatnonzero(cut).tolist()})
    for first, stop in zip(starts, [*starts[1:], frames], strict=True):
        rows = slice(first, stop)
        shift = None if shift_px is None else shift_px[rows]
        course = regular_course(time_s[rows], xy_px[rows], shift, size_px)
        if course is None or not course.seen.all(axis=1).any():
            continue
        visible = np.asarray(course.seen.all(axis=1))
        found = decode(
            course.time_s,
            model.evidence(*foot_features(course)),
            visible,
            model.decoding,
        )
        since_s = time_s[rows] - time_s[first]
        at = np.clip(np.round(since_s * RATE_HZ).astype(int), 0, len(visible) - 1)
        state[rows], chances[rows] = found.state[at], found.chances[at]
        posterior[rows] = found.posterior[at]
        changes += found.changes
    contact = Contact(time_s, state, chances, posterior, tuple(changes))
    return replace(contact, stretches=tuple(contact.alone(model)))


def decode(
    time_s: FloatArray, evidence: Evidence, visible: BoolArray, decoding: dict[str, Any]
) -> Contact:
    """States, chances and changes of one shot at 30 Hz.

    Where a foot is not visible there is no evidence, and the state is NOT_VISIBLE.
    """
    start = np.asarray(decoding["prior"], float)
    says = evidence.states * _weights(evidence.events, decoding)[:, None]
    likely = np.where(visible[:, None], np.exp(says - says.max(1, keepdims=True)), 1.0)
    moves = _moves(evidence.events, visible, decoding)
    steps = transition_posterior(start, likely, moves)
    state = best_path(start, likely, moves)
    changes = _changes(time_s, state, visible, steps, decoding)
    posterior, chances = steps.sum(axis=1), np.exp(evidence.states)
    posterior[~visible], chances[~visible] = np.nan, np.nan
    state = np.where(visible, state, NOT_VISIBLE)
    return Contact(time_s, state, chances, posterior, changes)


def _weights(events: FloatArray, decoding: dict[str, Any]) -> FloatArray:
    """(T,) how much each frame counts: much among steps, little while nothing changes.

    Frames of somebody who stands still all say the same, right or wrong.
    """
    busy = events.max(axis=(1, 2))
    half = round(decoding["around_event_s"] * RATE_HZ)
    busy = maximum_filter1d(busy, 2 * half + 1, mode="nearest")
    busy = uniform_filter1d(busy, half + 1, mode="nearest")
    return np.asarray(decoding["weight"] + decoding["event_gain"] * np.minimum(busy, 1))


def _moves(
    events: FloatArray, visible: BoolArray, decoding: dict[str, Any]
) -> FloatArray:
    """(T, 4, 4) probability of state to state from frame to frame."""
    unseen = np.where(visible, decoding["unseen_per_s"], decoding["hidden_per_s"])
    rate = unseen[:, None, None] / RATE_HZ + decoding["event_weight"] * events / 5
    rate = np.minimum(rate, 0.3)
    moves = np.empty((len(events), 4, 4))
    for a in range(4):
        for b in range(4):
            move = np.ones(len(events))
            for foot in (0, 1):
                leaves = int(TOUCHES[a, foot] < TOUCHES[b, foot])
                own = rate[:, foot, 1 if leaves else 0]
                if TOUCHES[a, foot] == TOUCHES[b, foot]:
                    own = 1 - rate[:, foot, 0 if TOUCHES[a, foot] else 1]
                move = move * own
            moves[:, a, b] = move
    return moves


def _changes(
    time_s: FloatArray,
    state: IntArray,
    visible: BoolArray,
    steps: FloatArray,
    decoding: dict[str, Any],
) -> tuple[Change, ...]:
    """Return every change of the decoded states, with the posterior of its time."""
    found = []
    reach = round(_AROUND_S * RATE_HZ)
    for edge in (np.flatnonzero(np.diff(state)) + 1).tolist():
        before, after = int(state[edge - 1]), int(state[edge])
        rows = np.arange(max(edge - reach, 1), min(edge + reach + 1, len(state)))
        weight = _crossing(steps[rows], before, after)
        middle, chance = time_s[rows] - 0.5 / RATE_HZ, float(weight.sum())
        edge_s = mean = float(time_s[edge] - 0.5 / RATE_HZ)
        var = _AROUND_S**2 / 3
        if chance > 1e-6:
            mean = float((weight * middle).sum() / chance)
            var = float((weight * (middle - mean) ** 2).sum() / chance)
        seen = bool(visible[max(edge - 2, 0) : edge + 2].all())
        sd = float(np.hypot(np.sqrt(var), decoding["edge_sd_s"]))
        mean -= _bias_s(before, after, decoding)
        found.append(Change(mean, sd, before, after, min(chance, 1.0), seen, edge_s))
    return tuple(found)


def _bias_s(before: int, after: int, decoding: dict[str, Any]) -> float:
    """Return what the decoded time of a foot-off or foot-down is off by on average."""
    down = TOUCHES[after].astype(int) - TOUCHES[before]
    if (down >= 0).all():
        return float(decoding["foot_down_bias_s"])
    return float(decoding["foot_off_bias_s"]) if (down <= 0).all() else 0.0


def _crossing(steps: FloatArray, before: int, after: int) -> FloatArray:
    """(N,) posterior that the feet which change do so at each row of steps (N, 4, 4).

    The other foot may do what it likes: a foot-off beside a doubtful other foot counts.
    """
    feet = TOUCHES[before] != TOUCHES[after]
    was = (TOUCHES[:, feet] == TOUCHES[before][feet]).all(axis=1)
    now = (TOUCHES[:, feet] == TOUCHES[after][feet]).all(axis=1)
    return np.asarray(steps[:, was][:, :, now].sum(axis=(1, 2)))
