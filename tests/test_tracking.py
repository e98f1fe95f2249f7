"""The skeleton stays on the subject, whoever the model would like better."""

import itertools
import threading
import time
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from test_subject import person

from balance.model.errors import VideoError
from balance.model.landmarks import Landmark
from balance.tracking.subject import Body
from balance.tracking.tracking import Tracked, track
from balance.video.segments import WHOLE, Segment
from balance.video.video import Frame

SIZE = (640, 480)
SECONDS = 6
FRAMES = 10 * SECONDS
# What hiding paints over.
SHOWN = 7


class Scripted:
    """Knows where everybody is; follows the largest whom the frame still shows."""

    def __init__(self, people: Sequence[Sequence[Body | None]]) -> None:
        self.people = people
        self.closed = False

    def follow(self, rgb: np.ndarray) -> Body | None:
        shown = [body for body in self._now(rgb) if _is_shown(body, rgb)]
        return max(shown, key=lambda body: body.height_px, default=None)

    def find_all(self, rgb: np.ndarray, known: Body | None) -> tuple[Body, ...]:
        return tuple(self._now(rgb))

    def forget(self) -> None:
        pass

    def begin_outlines(self) -> None:
        pass

    def outlined(self, rgb: np.ndarray, body: Body) -> Body:
        return body

    def close(self) -> None:
        self.closed = True

    def _now(self, rgb: np.ndarray) -> list[Body]:
        sparse = rgb[::16, ::16]
        shown = sparse[sparse[..., 1] == SHOWN]
        if not len(shown):
            return []
        number = int(shown[0, 0])
        return [body for who in self.people if (body := who[number]) is not None]


def _is_shown(body: Body, rgb: np.ndarray) -> bool:
    x, y = body.middle_px.astype(int)
    return bool(rgb[y, x, 1] == SHOWN)


def light(number: int) -> int:
    return 200 * (number // 5 % 2)


def frames_of(piece: Segment) -> list[Frame]:
    """Ten frames per second, their number in the red channel.

    The light changes every half second, so that nothing stays as it was.
    """
    return [
        Frame(n, n / 10, np.full((SIZE[1], SIZE[0], 3), (n, SHOWN, light(n)), np.uint8))
        for n in range(FRAMES)
        if n / 10 >= (piece.read_from_s or 0.0)
    ]


def followed(
    *people: Sequence[Body | None],
    by_hand: str | None = None,
    segments: Sequence[Segment] = WHOLE,
    workers: int | None = None,
) -> Tracked:
    detectors: list[Scripted] = []

    def new_detector() -> Scripted:
        detectors.append(Scripted(people))
        return detectors[-1]

    tracked = track(
        frames_of, new_detector, person=by_hand, segments=segments, workers=workers
    )
    assert all(detector.closed for detector in detectors)
    return tracked


def xs(tracked: Tracked) -> set[float]:
    x = tracked.pose.point(Landmark.NOSE)[:, 0]
    return set(x[np.isfinite(x)])


def test_one_person_is_followed_and_counted() -> None:
    tracked = followed([person(330)] * FRAMES)
    assert xs(tracked) == {330}
    looked = np.isfinite(tracked.scene.person_count)
    assert looked.sum() == 2 * SECONDS
    assert set(tracked.scene.person_count[looked]) == {1}
    assert not tracked.scene.scene_cut.any()


def test_nobody_gives_rows_of_nan() -> None:
    tracked = followed([None] * FRAMES)
    assert len(tracked.pose) == FRAMES
    assert np.isnan(tracked.pose.xy_px).all()
    assert set(tracked.scene.person_count[np.isfinite(tracked.scene.person_count)]) == {
        0
    }


def test_progress_is_told_for_every_frame() -> None:
    told: list[int] = []
    track(frames_of, lambda: Scripted([[person(330)] * FRAMES]), progress=told.append)
    assert told == list(range(1, FRAMES + 1))


def test_the_skeleton_leaves_a_larger_bystander_for_the_subject() -> None:
    subject, bystander = person(330, 150, foot_up=True), person(560, 300)
    tracked = followed([subject] * FRAMES, [bystander] * FRAMES)
    assert xs(tracked) == {330}
    assert np.nanmax(tracked.scene.person_count) == 2


def test_a_large_person_who_walks_in_does_not_take_the_skeleton() -> None:
    walk: list[Body | None] = [None] * FRAMES
    walk[30:] = [person(600 - 3 * n, 320) for n in range(FRAMES - 30)]
    tracked = followed([person(250, 150)] * FRAMES, walk)
    assert xs(tracked) == {250}
    assert not tracked.scene.scene_cut.any()


def test_by_hand_the_other_one_is_followed() -> None:
    subject, bystander = person(330, 150, foot_up=True), person(560, 300)
    tracked = followed([subject] * FRAMES, [bystander] * FRAMES, by_hand="right")
    assert xs(tracked) == {560}


def test_when_the_subject_is_away_there_is_no_skeleton() -> None:
    subject: list[Body | None] = [person(330, 150, foot_up=True)] * FRAMES
    subject[20:50] = [None] * 30
    tracked = followed(subject, [person(560, 300)] * FRAMES)
    assert xs(tracked) == {330}
    assert np.isnan(tracked.pose.xy_px[25:45]).all()


HALVES = (Segment(None, 3.0), Segment(3.0, None))


def walker() -> list[Body | None]:
    return [person(200 + 2 * n) for n in range(FRAMES)]


def test_in_pieces_it_is_the_same_as_in_one() -> None:
    whole, cut = followed(walker()), followed(walker(), segments=HALVES)
    np.testing.assert_array_equal(cut.pose.time_s, whole.pose.time_s)
    np.testing.assert_allclose(cut.pose.xy_px, whole.pose.xy_px)
    for name in ("luma", "sharpness", "person_count", "scene_cut"):
        np.testing.assert_array_equal(
            getattr(cut.scene, name), getattr(whole.scene, name)
        )


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_subject_is_found_again_whatever_the_number_of_workers(
    workers: int,
) -> None:
    subject, bystander = person(330, 150, foot_up=True), person(560, 300)
    tracked = followed(
        [subject] * FRAMES, [bystander] * FRAMES, segments=HALVES, workers=workers
    )
    assert xs(tracked) == {330}


def test_an_error_in_one_piece_is_told() -> None:
    def torn(piece: Segment) -> Iterator[Frame]:
        yield from frames_of(piece)[:5]
        raise VideoError("torn tape")

    with pytest.raises(VideoError, match="torn tape"):
        track(torn, lambda: Scripted([walker()]), segments=HALVES, workers=2)


def test_segments_report_to_the_thread_that_asked() -> None:
    told: list[tuple[int, str]] = []
    track(
        frames_of,
        lambda: Scripted([walker()]),
        segments=HALVES,
        workers=2,
        progress=lambda done: told.append((done, threading.current_thread().name)),
    )
    assert told[-1][0] == FRAMES
    assert {name for _, name in told} == {threading.current_thread().name}


def test_a_stop_ends_every_piece_and_its_threads() -> None:
    def endless(piece: Segment) -> Iterator[Frame]:
        for n in itertools.count(0 if piece.start_s is None else FRAMES // 2):
            time.sleep(0.002)
            yield Frame(n, n / 1e4, frames_of(WHOLE[0])[0].rgb)

    def stop(_done: int) -> None:
        raise KeyboardInterrupt

    before = threading.active_count()
    detectors = [Scripted([walker()]), Scripted([walker()])]
    waiting = iter(detectors)
    with pytest.raises(KeyboardInterrupt):
        track(endless, lambda: next(waiting), segments=HALVES, workers=2, progress=stop)
    assert threading.active_count() == before
    assert all(detector.closed for detector in detectors)
