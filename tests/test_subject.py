"""Who is measured: wholly in view, doing the test, central; never the largest."""

import numpy as np
import pytest

from balance.model.errors import InputError
from balance.model.landmarks import LANDMARK_COUNT, Landmark
from balance.tracking.subject import (
    Body,
    PersonScan,
    PersonTrack,
    choose_subject,
    distinct,
    follow_people,
)

SIZE = (640, 480)


def person(x: float, height: float = 200.0, *, foot_up: bool = False) -> Body:
    """A stick figure standing on y = 400 px."""
    xy = np.zeros((LANDMARK_COUNT, 2))
    xy[:, 0] = x
    xy[:, 1] = 400 - height / 2
    xy[Landmark.NOSE, 1] = 400 - height
    for joint in (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER):
        xy[joint, 1] = 400 - 0.8 * height
    for joint in (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE):
        xy[joint, 1] = 400
    if foot_up:
        xy[Landmark.LEFT_ANKLE, 1] -= 0.1 * height
    return Body(xy, np.ones(LANDMARK_COUNT))


def looks(*people: list[Body | None]) -> list[PersonScan]:
    return [
        PersonScan(0.5 * number, tuple(body for body in bodies if body is not None))
        for number, bodies in enumerate(zip(*people, strict=True))
    ]


def subject_x(seen: list[PersonScan], by_hand: str | None = None) -> float:
    track = choose_subject(follow_people(seen), SIZE, by_hand)
    return float(np.median([body.middle_px[0] for body in track.seen.values()]))


def test_one_person_is_the_subject() -> None:
    assert subject_x(looks([person(100)] * 4)) == 100


def test_the_central_person_is_taken_though_another_is_twice_as_large() -> None:
    seen = looks([person(330, 150)] * 6, [person(560, 380)] * 6)
    assert subject_x(seen) == 330


def test_who_does_the_test_is_taken_though_another_stands_more_central() -> None:
    seen = looks([person(320)] * 6, [person(500, foot_up=True)] * 6)
    assert subject_x(seen) == 500


def test_who_is_cut_by_the_edge_is_not_taken() -> None:
    cut = Body(person(320).xy_px + np.array([0, 120]), np.ones(LANDMARK_COUNT))
    assert subject_x(looks([cut] * 6, [person(560)] * 6)) == 560


def test_a_passer_by_is_not_taken_though_central_and_stepping() -> None:
    walk: list[Body | None] = [None] * 20
    walk[8:13] = [person(x, foot_up=bool(x % 80)) for x in (240, 280, 320, 360, 400)]
    assert subject_x(looks([person(150)] * 20, walk)) == 150


@pytest.mark.parametrize(
    ("by_hand", "x"),
    [("left", 100), ("centre", 330), ("right", 560), ("1", 100), ("3", 560)],
)
def test_the_choice_by_hand_wins(by_hand: str, x: float) -> None:
    seen = looks(
        [person(330, foot_up=True)] * 4, [person(100)] * 4, [person(560, 300)] * 4
    )
    assert subject_x(seen, by_hand) == x


@pytest.mark.parametrize("by_hand", ["0", "2", "tallest"])
def test_a_person_who_is_not_there_is_refused(by_hand: str) -> None:
    with pytest.raises(InputError, match="--person"):
        subject_x(looks([person(330)] * 4), by_hand)


def test_people_keep_their_identity_when_they_are_found_in_another_order() -> None:
    left, right = person(200), person(450)
    seen = [
        PersonScan(0.5 * n, (left, right) if n % 2 else (right, left))
        for n in range(10)
    ]
    tracks = follow_people(seen)
    assert len(tracks) == 2
    for track in tracks:
        assert len({body.middle_px[0] for body in track.seen.values()}) == 1


def test_who_leaves_and_comes_back_stays_the_subject() -> None:
    away: list[Body | None] = [person(330)] * 6 + [None] * 10 + [person(400)] * 6
    track = choose_subject(follow_people(looks(away)), SIZE)
    assert sorted(track.seen) == [*range(6), *range(16, 22)]


def test_who_was_seen_beside_the_subject_never_takes_over() -> None:
    gone: list[Body | None] = [person(330, foot_up=True)] * 12 + [None] * 8
    track = choose_subject(follow_people(looks(gone, [person(500)] * 20)), SIZE)
    assert isinstance(track, PersonTrack)
    assert sorted(track.seen) == list(range(12))


def test_one_body_found_twice_counts_once() -> None:
    twice = distinct([person(300), person(304), person(500)])
    assert [body.middle_px[0] for body in twice] == [300, 500]
