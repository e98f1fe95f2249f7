"""Bodies kept as arrays are the bodies that were put in, to the bit."""

import random
import tracemalloc

import numpy as np

from balance.model.leg_outline import ROWS
from balance.tracking.body_rows import BodyRows
from balance.tracking.subject import Body

KB = 1000


def some_body(rng: np.random.Generator, *, outline: bool) -> Body:
    edges = rng.normal(size=(2, ROWS, 2)) if outline else None
    is_inferred = bool(rng.random() < 0.5)
    return Body(rng.normal(size=(33, 2)), rng.random(33), edges, is_inferred)


def bodies(count: int, seed: int, outline: float = 0.5) -> list[Body | None]:
    rng = np.random.default_rng(seed)
    return [
        some_body(rng, outline=rng.random() < outline) if rng.random() < 0.8 else None
        for _ in range(count)
    ]


def in_rows(some: list[Body | None]) -> BodyRows:
    rows = BodyRows()
    for body in some:
        rows.append(body)
    return rows


def require_same(rows: BodyRows, some: list[Body | None]) -> None:
    assert len(rows) == len(some)
    for kept, body in zip(rows, some, strict=True):
        assert (kept is None) == (body is None)
        if kept is None or body is None:
            continue
        np.testing.assert_array_equal(kept.xy_px, body.xy_px)
        np.testing.assert_array_equal(kept.visibility, body.visibility)
        assert (kept.leg_edges_px is None) == (body.leg_edges_px is None)
        if body.leg_edges_px is not None:
            np.testing.assert_array_equal(kept.leg_edges_px, body.leg_edges_px)
        assert kept.inferred == body.inferred
    seen = [body is not None for body in some]
    np.testing.assert_array_equal(np.isfinite(rows.xy_px).all(axis=(1, 2)), seen)
    np.testing.assert_array_equal(np.isfinite(rows.visibility).all(axis=1), seen)
    assert rows.is_empty == (not any(seen))
    assert rows.inferred.tolist() == [one is None or one.inferred for one in some]
    read = [one is not None and one.leg_edges_px is not None for one in some]
    edges = rows.leg_edges_px
    assert (edges is None) == (not any(read))
    if edges is not None:
        np.testing.assert_array_equal(np.isfinite(edges).all(axis=(1, 2, 3)), read)


def test_what_is_put_in_comes_out() -> None:
    for count in (0, 1, 255, 256, 257, 900):
        some = bodies(count, seed=count)
        require_same(in_rows(some), some)


def test_rows_are_overwritten_as_in_a_list() -> None:
    some, others = bodies(300, seed=1, outline=0.1), bodies(300, seed=2)
    rows, rng = in_rows(some), random.Random(3)
    for body in others:
        at = rng.randrange(-300, 300)
        some[at] = rows[at] = body
    require_same(rows, some)
    for at in range(300):
        some[at] = rows[at] = None
    require_same(rows, some)


def test_segments_are_joined() -> None:
    """Also where an outline was read in one of them only, or nobody was seen."""
    parts = [
        bodies(300, seed=1, outline=0.0),
        [None] * 40,
        bodies(400, seed=2),
        bodies(10, seed=3, outline=0.0),
    ]
    rows = BodyRows()
    rows.reserve(500)
    for part in parts:
        rows.extend(in_rows(part))
    require_same(rows, [body for part in parts for body in part])


def test_a_frame_takes_its_numbers_and_no_more() -> None:
    frames, numbers = 5000, 8 * (33 * 3 + 4 * ROWS)
    rng = np.random.default_rng(4)
    tracemalloc.start()
    rows = BodyRows()
    rows.reserve(frames)
    for _ in range(frames):
        rows.append(some_body(rng, outline=True))
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert taken < frames * (numbers + 10) + 100 * KB
