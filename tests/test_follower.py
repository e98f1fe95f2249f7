"""The outline is read where knees bend, from before they did."""

import numpy as np
from test_bending import body

from balance.model.leg_outline import no_edges
from balance.tracking.follower import KEPT_S, OUTLINE_EVERY_S, STARTING, Follower
from balance.tracking.network_view import RgbImage
from balance.tracking.subject import Body
from balance.video.segments import FADE_S
from balance.video.video import Frame

RATE_HZ = 30
BENDING = 75  # the first frame in which the hips are lower


class Scripted:
    """Sees hips at 200 px, sinking by 1 px a frame; with outlines 1 px to the right.

    The frame's number is its red channel.
    """

    def __init__(self) -> None:
        self.outlining_from: int | None = None
        self.asked: list[int] = []
        self.read_alone: list[int] = []

    def follow(self, rgb: RgbImage) -> Body:
        number = int(rgb[0, 0, 0])
        self.asked.append(number)
        seen = body(200 - max(number - BENDING, 0))
        if self.outlining_from is None:
            return seen
        return with_outline(Body(seen.xy_px + np.array([1.0, 0.0]), seen.visibility))

    def outlined(self, rgb: RgbImage, known: Body) -> Body:
        self.read_alone.append(int(rgb[0, 0, 0]))
        return with_outline(known)

    def begin_outlines(self) -> None:
        assert self.outlining_from is None
        self.outlining_from = self.asked[-1]

    def forget(self) -> None: ...

    def find_all(self, rgb: RgbImage, known: Body | None) -> tuple[Body, ...]:
        return ()

    def close(self) -> None: ...


def with_outline(seen: Body) -> Body:
    return Body(seen.xy_px, seen.visibility, no_edges(1)[0] + 1.0)


def frame(number: int) -> Frame:
    rgb = np.full((40, 40, 3), number, np.uint8)
    return Frame(number, number / RATE_HZ, rgb)


def followed(
    frames: int, *, outline: bool = True, every_frame: bool = True
) -> tuple[Scripted, list[Body | None], list[int]]:
    """The detector, the body of each frame at last, and which came anew when."""
    detector = Scripted()
    follower = Follower(detector, None, outline, every_frame)
    bodies: list[Body | None] = []
    anew: list[int] = []
    for number in range(frames):
        latest = follower.follow(frame(number))
        if follower.anew:
            anew = [number - len(follower.anew), number]
            bodies[-len(follower.anew) :] = follower.anew
        bodies.append(latest)
    return detector, bodies, anew


def x(one: Body | None) -> float:
    assert one is not None
    return float(one.xy_px[0, 0])


def is_outlined(one: Body | None) -> bool:
    return one is not None and one.leg_edges_px is not None


def test_of_somebody_who_stands_the_outline_is_read_now_and_then() -> None:
    detector, bodies, anew = followed(BENDING)
    every = round(OUTLINE_EVERY_S * RATE_HZ)
    assert detector.read_alone == list(range(0, BENDING, every))
    assert [n for n, one in enumerate(bodies) if is_outlined(one)] == [0, 30, 60]
    assert detector.outlining_from is None
    assert anew == []


def test_of_frames_left_out_the_outline_is_read_as_often() -> None:
    detector, bodies, _ = followed(BENDING, every_frame=False)
    assert len(detector.asked) < 0.7 * BENDING
    assert [n for n, one in enumerate(bodies) if is_outlined(one)] == (
        detector.read_alone
    )
    assert len(detector.read_alone) == 3


def test_who_begins_to_move_is_followed_in_order_again() -> None:
    detector, _, (_, seen) = followed(120, outline=False, every_frame=False)
    asked = detector.asked
    again = asked[asked.index(seen) + 1 : asked.index(seen + 1)]
    assert again == sorted(again)
    assert again[-1] == seen
    assert set(range(seen - 11, seen + 1)) <= set(asked)
    assert all(asked.count(later) == 1 for later in range(seen + 1, 120))


def test_where_knees_bend_what_came_before_is_followed_anew() -> None:
    detector, bodies, (first, seen) = followed(120)
    # 5 % of 200 px, one px a frame, and one more for the middle of three.
    assert seen == BENDING + 12
    assert first == seen - round(KEPT_S * RATE_HZ)
    assert detector.asked.count(first) == detector.asked.count(seen) == 2
    assert detector.asked.count(first - 1) == detector.asked.count(seen + 1) == 1
    assert all(is_outlined(one) for one in bodies[first + STARTING :])
    assert not is_outlined(bodies[first + 1])


def test_the_landmarks_fade_over_to_the_new_run() -> None:
    _, bodies, (_, seen) = followed(120)
    fade = round(FADE_S * RATE_HZ)
    places = [x(one) for one in bodies]
    assert max(places[: seen - fade + 1]) == 0
    assert min(places[seen:]) == 1
    assert (np.diff(places) >= 0).all()
    assert np.diff(places).max() < 1.5 / fade


def test_where_nobody_asks_for_it_no_outline_is_read() -> None:
    detector, bodies, anew = followed(120, outline=False)
    assert anew == []
    assert detector.read_alone == []
    assert not any(is_outlined(one) for one in bodies)
