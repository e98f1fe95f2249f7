"""A hidden Markov chain whose moves change from frame to frame, without a loop.

Products of (T, S, S) matrices up to each frame are taken by doubling, so that a long
recording costs a dozen of array operations.
"""

from collections.abc import Callable

import numpy as np

from balance.model.recording import FloatArray, IntArray

Product = Callable[[FloatArray, FloatArray], FloatArray]


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
    steps = moves[1:] * likely[1:, None, :]
    first = start * likely[0]
    before = np.concatenate([first[None], first @ _running(steps, _multiplied)])
    after = _running_back(steps, _multiplied).sum(axis=2)
    after = np.concatenate([after, np.ones((1, len(start)))])
    joint = np.empty_like(moves)
    joint[0] = np.diag(before[0] * after[0])
    joint[1:] = before[:-1, :, None] * steps * after[1:, None, :]
    return np.asarray(joint / joint.sum(axis=(1, 2), keepdims=True))


def best_path(start: FloatArray, likely: FloatArray, moves: FloatArray) -> IntArray:
    """(T,) states of the most probable course (Viterbi); arguments as above."""
    with np.errstate(divide="ignore"):
        steps = np.log(moves[1:]) + np.log(likely[1:, None, :])
        first = np.log(start) + np.log(likely[0])
    reached = (first[:, None] + _running(steps, _best)).max(axis=1)
    ahead = _running_back(steps, _best).max(axis=2)
    score = np.concatenate([first[None], reached])
    score[:-1] += ahead
    return np.asarray(score.argmax(axis=1))


def _running(steps: FloatArray, product: Product) -> FloatArray:
    """(T, S, S) product of all matrices up to each one, in their order."""
    total, reach = steps.copy(), 1
    while reach < len(total):
        total[reach:] = product(total[:-reach].copy(), total[reach:])
        reach *= 2
    return total


def _running_back(steps: FloatArray, product: Product) -> FloatArray:
    """(T, S, S) product of each matrix and all after it, in their order."""
    total, reach = steps.copy(), 1
    while reach < len(total):
        total[:-reach] = product(total[:-reach], total[reach:].copy())
        reach *= 2
    return total


def _multiplied(left: FloatArray, right: FloatArray) -> FloatArray:
    """Matrix product, each scaled so that its largest entry is 1."""
    out = left @ right
    return np.asarray(out / out.max(axis=(1, 2), keepdims=True))


def _best(left: FloatArray, right: FloatArray) -> FloatArray:
    """Product in which sums of logarithms compete instead of adding up."""
    return np.asarray((left[:, :, :, None] + right[:, None]).max(axis=2))
