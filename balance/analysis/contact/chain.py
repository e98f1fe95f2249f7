"""A hidden Markov chain whose moves change from frame to frame."""

import numpy as np

from balance.analysis.signals import cheapest_path
from balance.model.recording import FloatArray, IntArray


def transition_posterior(
    start: FloatArray, likely: FloatArray, moves: FloatArray
) -> FloatArray:
    """(T, S, S) probability of being in each state at t - 1 and in each at t.

    Parameters
    ----------
    start
        (S,) probabilities before the first frame's evidence.
    likely
        (T, S) likelihood of what was seen in each frame, up to a factor.
    moves
        (T, S, S) probability of state to state; that of the first frame is not used.

    Notes
    -----
    Of the first frame the diagonal holds the probabilities of its states.
    """
    before, after = np.empty_like(likely), np.ones_like(likely)
    steps = moves[1:] * likely[1:, None, :]
    before[0] = start * likely[0]
    # Python's own maximum: NumPy's takes several times as long over four.
    for last, step, now in zip(before, steps, before[1:], strict=False):
        reached = last @ step
        np.divide(reached, max(reached.tolist()), out=now)
    for t in range(len(steps), 0, -1):
        ahead = steps[t - 1] @ after[t]
        np.divide(ahead, max(ahead.tolist()), out=after[t - 1])
    joint = np.empty_like(moves)
    joint[0] = np.diag(before[0] * after[0])
    joint[1:] = before[:-1, :, None] * steps * after[1:, None, :]
    return np.asarray(joint / joint.sum(axis=(1, 2), keepdims=True))


def best_path(start: FloatArray, likely: FloatArray, moves: FloatArray) -> IntArray:
    """(T,) states of the most probable course (Viterbi); arguments as above."""
    with np.errstate(divide="ignore"):
        steps = np.log(moves[1:]) + np.log(likely[1:, None, :])
        first = np.log(start) + np.log(likely[0])
    return cheapest_path(-first, -steps)
