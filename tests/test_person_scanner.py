"""Everybody is looked for anew where the frame has changed, and now and then."""

import numpy as np
from test_subject import SIZE, person

from balance.tracking.network_view import RgbImage
from balance.tracking.person_scanner import LONGEST_TRUST_S, PersonScanner
from balance.tracking.subject import Body, PersonScan

WALL, DARKER = 120, 100
SUBJECT, OTHER = person(330, 150), person(560, 200)


class Scripted:
    """Finds the others where the script has them; counts how often it was asked."""

    def __init__(self, *others: Body) -> None:
        self.others = others
        self.asked = 0

    def find_all(self, rgb: RgbImage, known: Body | None) -> tuple[Body, ...]:
        self.asked += 1
        return (*(() if known is None else (known,)), *self.others)

    def follow(self, rgb: RgbImage) -> Body | None:
        return None

    def forget(self) -> None: ...

    def begin_outlines(self) -> None: ...

    def outlined(self, rgb: RgbImage, body: Body) -> Body:
        return body

    def close(self) -> None: ...


def image(*columns: slice, rows: slice = slice(None)) -> RgbImage:
    """A wall, darker in these columns."""
    rgb = np.full((SIZE[1], SIZE[0], 3), WALL, np.uint8)
    for column in columns:
        rgb[rows, column] = DARKER
    return rgb


def looked(
    detector: Scripted, *images: RgbImage, known: Body | None = SUBJECT
) -> list[PersonScan]:
    lookout = PersonScanner(detector)
    looks = []
    for number, rgb in enumerate(images):
        time_s = number / 2
        assert lookout.is_due(time_s)
        looks.append(lookout.scan(time_s, rgb, known))
        assert not lookout.is_due(time_s + 0.4)
    return looks


def test_while_nothing_changes_the_last_look_holds() -> None:
    detector = Scripted(OTHER)
    looks = looked(detector, *[image()] * 4)
    assert detector.asked == 1
    assert [look.bodies for look in looks] == [(SUBJECT, OTHER)] * 4


def test_but_not_for_long() -> None:
    detector = Scripted()
    looked(detector, *[image()] * 9)
    assert detector.asked == 1 + 4 / LONGEST_TRUST_S


def test_who_walks_in_is_looked_for() -> None:
    detector = Scripted()
    looked(detector, image(), image(slice(20, 50)))
    assert detector.asked == 2


def test_what_the_subject_moves_and_darkens_is_nobody_else() -> None:
    detector = Scripted()
    looked(detector, image(), image(slice(310, 360), rows=slice(250, 400)))
    assert detector.asked == 1


def test_with_nobody_followed_everybody_is_looked_for() -> None:
    detector = Scripted(OTHER)
    looks = looked(detector, image(), image(), known=None)
    assert detector.asked == 2
    assert looks[-1].bodies == (OTHER,)


def test_a_skeleton_that_has_changed_over_is_looked_into() -> None:
    detector = Scripted()
    lookout = PersonScanner(detector)
    lookout.scan(0.0, image(), SUBJECT)
    lookout.scan(0.5, image(), person(430, 150))
    assert detector.asked == 2


def test_a_skeleton_that_comes_upon_another_is_looked_into() -> None:
    near = person(350, 150)
    detector = Scripted(near)
    lookout = PersonScanner(detector)
    lookout.scan(0.0, image(), SUBJECT)
    looks = lookout.scan(0.5, image(), person(348, 150))
    assert detector.asked == 2
    assert len(looks.bodies) == 2
