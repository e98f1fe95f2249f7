"""A hidden Markov chain gives what counting every course gives."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance.analysis.contact.chain import best_path, transition_posterior

STATES = 3


def chain(frames: int, seed: int):
    rng = np.random.default_rng(seed)
    start = rng.dirichlet(np.ones(STATES))
    likely = rng.uniform(0.01, 1, (frames, STATES))
    moves = rng.dirichlet(np.full(STATES, 0.3), (frames, STATES)) + 1e-9
    return start, likely, moves


def every_course(start, likely, moves):
    """Each course of states with its probability, up to a factor."""
    for course in product(range(STATES), repeat=len(likely)):
        chance = start[course[0]] * likely[0, course[0]]
        for t in range(1, len(course)):
            chance *= moves[t, course[t - 1], course[t]] * likely[t, course[t]]
        yield course, chance


@given(st.integers(1, 6), st.integers(0, 10**6))
def test_the_posterior_is_that_of_all_courses(frames, seed):
    start, likely, moves = chain(frames, seed)
    expected = np.zeros((frames, STATES, STATES))
    for course, chance in every_course(start, likely, moves):
        expected[0, course[0], course[0]] += chance
        for t in range(1, frames):
            expected[t, course[t - 1], course[t]] += chance
    expected /= expected[0].sum()
    got = transition_posterior(start, likely, moves)
    np.testing.assert_allclose(got, expected, atol=1e-9)


@given(st.integers(1, 6), st.integers(0, 10**6))
def test_the_best_path_is_the_likeliest_course(frames, seed):
    start, likely, moves = chain(frames, seed)
    best, _ = max(every_course(start, likely, moves), key=lambda one: one[1])
    assert best_path(start, likely, moves).tolist() == list(best)


def test_a_long_recording_keeps_its_probabilities():
    got = transition_posterior(*chain(20_000, 1))
    np.testing.assert_allclose(got.sum(axis=(1, 2)), 1)
    # What a frame is left to is what the next one is come from.
    np.testing.assert_allclose(got[:-1].sum(axis=1), got[1:].sum(axis=2), atol=1e-6)


@pytest.mark.parametrize("scale", [1e-3, 1e3])
def test_a_factor_of_the_likelihood_changes_nothing(scale):
    start, likely, moves = chain(30, 4)
    np.testing.assert_allclose(
        transition_posterior(start, likely * scale, moves),
        transition_posterior(start, likely, moves),
    )
    np.testing.assert_array_equal(
        best_path(start, likely * scale, moves), best_path(start, likely, moves)
    )
