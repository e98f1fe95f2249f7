"""Reading ahead changes when things happen, not what."""

import threading
from collections.abc import Iterator

import pytest

from balance.video.cores import on_one_core, usable_cores
from balance.video.read_ahead import read_ahead


def test_the_items_come_in_order_and_whole() -> None:
    assert list(read_ahead(range(100))) == list(range(100))


def test_no_more_wait_than_allowed() -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for n in range(1000):
            made.append(n)
            yield n

    ahead = read_ahead(items(), waiting=3)
    for n in ahead:
        # Three wait, one is in the maker's hand, one is being looked at.
        assert len(made) <= n + 5
        if n == 20:
            break
    ahead.close()
    assert len(made) < 30


def test_an_error_comes_after_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("torn tape")

    ahead = read_ahead(items())
    assert next(ahead) == 1
    with pytest.raises(ValueError, match="torn tape"):
        next(ahead)


def test_stopping_early_closes_the_source_and_ends_the_thread() -> None:
    closed: list[bool] = []

    def items() -> Iterator[int]:
        try:
            yield from range(1000)
        finally:
            closed.append(True)

    before = threading.active_count()
    ahead = read_ahead(items())
    next(ahead)
    ahead.close()
    assert closed == [True]
    assert threading.active_count() == before


def test_on_one_core_they_come_in_order_without_a_thread() -> None:
    makers = []

    def items() -> Iterator[int]:
        for n in range(10):
            makers.append(threading.current_thread())
            yield n

    with on_one_core():
        assert list(read_ahead(items())) == list(range(10))
    assert set(makers) == {threading.current_thread()}


def test_one_core_lasts_as_long_as_it_is_asked_for() -> None:
    cores = usable_cores()
    with on_one_core():
        with on_one_core():
            assert usable_cores() == 1
        assert usable_cores() == 1
    assert usable_cores() == cores


def test_on_one_core_whoever_stops_early_closes_the_source() -> None:
    closed = []

    def items() -> Iterator[int]:
        try:
            yield from range(100)
        finally:
            closed.append(True)

    with on_one_core():
        ahead = read_ahead(items())
        next(ahead)
        ahead.close()
    assert closed == [True]
