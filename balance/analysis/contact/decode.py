"""States of the feet over time, with the moments at which they change.

A hidden Markov model over (both, left, right, none). A foot changes its state only
where it was seen to leave or to land (the model's chance of an event), or rarely unseen.
The chances that the model gives for neighbouring frames rest on the same seconds of
video, so they count as evidence only in part, and a state that is entered has to last.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from balance.analysis.contact.features import RATE_HZ, foot_features, regular_course
from balance.reference.contact_model import STATES, TOUCHES, ContactModel, Evidence

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
BOTH, NOT_VISIBLE = STATES.index("both"), len(STATES)
# The posterior of a change is looked at this far around it.
_AROUND_S = 0.6


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

    ``start``, ``end``: None where the video, the shot or the sight begins or ends there.
    ``support``: mean chance of this state over its frames, ``air``: that of no foot on
    the floor. ``clear``: they let it be told that the other foot was off the floor and
    this one on it; otherwise it cannot be told (or somebody hops).
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
    ``NOT_VISIBLE``; ``chances`` (T, 4) of each state by the landmarks around each frame,
    ``posterior`` (T, 4) of each state by the whole course, both NaN where not visible;
    ``changes`` in order of time.
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
        least, most = model.decoding["least_support"], model.decoding["most_air"]
        found = []
        for state, first, stop in self.spans():
            if state not in (1, 2):
                continue
            support, air = self.chances[first:stop][:, [state, 3]].mean(axis=0).tolist()
            clear = support >= least and air <= most
            start = self._change(first, None, state)
            end = self._change(stop, state, None)
            found.append(Alone(state - 1, first, stop, start, end, support, air, clear))
        return found

    def _change(
        self, frame: int, before: int | None, after: int | None
    ) -> Change | None:
        """The seen change at a frame, None where there is none."""
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
        pairs = zip(bounds[:-1], bounds[1:], strict=True)
        return [(int(self.state[a]), a, b) for a, b in pairs]


def find_contact(
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
        visible = course.seen.all(axis=1)
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
    prior = np.log(np.asarray(decoding["prior"]))
    says = evidence.states - decoding["prior_weight"] * prior
    says = says * _weights(evidence.events, decoding)[:, None]
    chain = _Chain.of(decoding)
    likely = np.where(visible[:, None], np.exp(says - says.max(1, keepdims=True)), 1.0)
    moves = _moves(evidence.events, visible, decoding)
    course = chain.posterior(likely, moves)
    posterior = np.stack(
        [course.stages[:, chain.state == s].sum(1) for s in range(4)], 1
    )
    chances = np.exp(evidence.states)
    state = chain.best_path(np.log(likely), moves)
    changes = _changes(
        time_s, state, visible, chain, course, moves, decoding["edge_sd_s"]
    )
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


@dataclass(frozen=True, eq=False)
class _Posterior:
    """``stages`` (T, S) probabilities; ``forward`` (T, S) those from the past alone;
    ``ahead`` (T, S) what the evidence from t on adds: forward at t - 1 times move times
    ahead at t is the probability of that step.
    """

    stages: FloatArray
    forward: FloatArray
    ahead: FloatArray


@dataclass(frozen=True, eq=False)
class _Chain:
    """States unrolled into stages, so that each lasts at least some frames.

    ``state`` (S,) of each stage; ``first``, ``last`` (4,) stage of each state;
    ``start`` (S,) probabilities. Stages before the last lead to the next one.
    """

    state: IntArray
    first: IntArray
    last: IntArray
    start: FloatArray

    @classmethod
    def of(cls, decoding: dict[str, Any]) -> "_Chain":
        stages = np.array([max(1, round(s * RATE_HZ)) for s in decoding["shortest_s"]])
        last = np.cumsum(stages) - 1
        start = np.zeros(int(stages.sum()))
        start[last] = decoding["prior"]
        return cls(np.repeat(np.arange(4), stages), last - stages + 1, last, start)

    def onward(self) -> tuple[IntArray, IntArray]:
        """Stages that lead to the next one, and where they lead."""
        inner = np.setdiff1d(np.arange(len(self.state)), self.last)
        return inner, inner + 1

    def stepped(self, now: FloatArray, moves: FloatArray) -> FloatArray:
        """(S,) probabilities one frame later."""
        then = np.zeros(len(now))
        inner, following = self.onward()
        then[following] = now[inner]
        out = now[self.last, None] * moves
        then[self.last] += out.diagonal()
        np.fill_diagonal(out, 0.0)
        then[self.first] += out.sum(axis=0)
        return then

    def matrices(self, moves: FloatArray) -> FloatArray:
        """(T, S, S) of the moves (T, 4, 4)."""
        size = len(self.state)
        out = np.zeros((len(moves), size, size))
        inner, following = self.onward()
        out[:, inner, following] = 1.0
        for a in range(4):
            out[:, self.last[a], self.first] = moves[:, a]
            out[:, self.last[a], self.first[a]] = 0.0
            out[:, self.last[a], self.last[a]] = moves[:, a, a]
        return out

    def posterior(self, likely: FloatArray, moves: FloatArray) -> _Posterior:
        """Forward and backward pass over (T, 4) likelihoods."""
        likely = likely[:, self.state]
        matrix = self.matrices(moves)
        forward, ahead = np.empty_like(likely), np.empty_like(likely)
        scale = np.ones(len(likely))
        now = self.start * likely[0]
        forward[0] = now / now.sum()
        for t in range(1, len(likely)):
            now = (forward[t - 1] @ matrix[t]) * likely[t]
            scale[t] = now.sum()
            forward[t] = now / scale[t]
        beyond = np.ones(likely.shape[1])
        for t in range(len(likely) - 1, -1, -1):
            ahead[t] = beyond * likely[t] / scale[t]
            beyond = matrix[t] @ ahead[t]
        stages = forward * ahead / np.maximum(likely, 1e-300) * scale[:, None]
        return _Posterior(stages / stages.sum(axis=1, keepdims=True), forward, ahead)

    def best_path(self, log_likely: FloatArray, moves: FloatArray) -> IntArray:
        """(T,) states of the most probable course (Viterbi)."""
        e = log_likely[:, self.state]
        with np.errstate(divide="ignore"):
            log_moves = np.log(self.matrices(moves))
            score = np.log(self.start) + e[0]
        came = np.empty(e.shape, np.int64)
        columns = np.arange(len(score))
        for t in range(1, len(e)):
            options = score[:, None] + log_moves[t]
            came[t] = options.argmax(axis=0)
            score = options[came[t], columns] + e[t]
        path = np.empty(len(e), np.int64)
        path[-1] = int(score.argmax())
        for t in range(len(e) - 1, 0, -1):
            path[t - 1] = came[t, path[t]]
        return self.state[path]


def _changes(
    time_s: FloatArray,
    state: IntArray,
    visible: BoolArray,
    chain: _Chain,
    course: _Posterior,
    moves: FloatArray,
    edge_sd_s: float,
) -> tuple[Change, ...]:
    """Every change of the decoded states, with the posterior of its time."""
    found = []
    reach = round(_AROUND_S * RATE_HZ)
    for edge in np.flatnonzero(np.diff(state)) + 1:
        before, after = int(state[edge - 1]), int(state[edge])
        rows = np.arange(max(edge - reach, 1), min(edge + reach + 1, len(state)))
        weight = _crossing(rows, before, after, chain, course, moves)
        middle, sum_w = time_s[rows] - 0.5 / RATE_HZ, float(weight.sum())
        mean, var = float(time_s[edge] - 0.5 / RATE_HZ), _AROUND_S**2 / 3
        if sum_w > 1e-6:
            mean = float((weight * middle).sum() / sum_w)
            var = float((weight * (middle - mean) ** 2).sum() / sum_w)
        seen = bool(visible[max(edge - 2, 0) : edge + 2].all())
        sd = float(np.hypot(np.sqrt(var), edge_sd_s))
        edge_s = float(time_s[edge] - 0.5 / RATE_HZ)
        found.append(Change(mean, sd, before, after, min(sum_w, 1.0), seen, edge_s))
    return tuple(found)


def _crossing(
    rows: IntArray,
    before: int,
    after: int,
    chain: _Chain,
    course: _Posterior,
    moves: FloatArray,
) -> FloatArray:
    """(N,) posterior that the feet which change do so at each row.

    The other foot may do what it likes: a foot-off beside a doubtful other foot counts.
    """
    feet = TOUCHES[before] != TOUCHES[after]
    touches = TOUCHES[chain.state][:, feet]
    was = (touches == TOUCHES[before][feet]).all(axis=1)
    now = (touches == TOUCHES[after][feet]).all(axis=1)
    step = chain.matrices(moves[rows]) * np.outer(was, now)
    paths = np.einsum(
        "ta,tab,tb->t", course.forward[rows - 1], step, course.ahead[rows]
    )
    return np.asarray(paths)
