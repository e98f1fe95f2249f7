"""Positions drawn from above: every stand has a frame, and they differ."""

import xml.etree.ElementTree as ET

import pytest

from balance.model.codes import TrialKind
from balance.reference.loader import load_protocol, protocol_codes
from balance.reporting.drawings.footprints import PLACES, draw_feet

STANDS = [kind for kind in TrialKind if kind.value.endswith("_stance")]


@pytest.mark.parametrize("kind", STANDS)
def test_every_stand_shows_two_soles(kind):
    svg = draw_feet(kind, "Feet <together>")
    assert svg is not None
    root = ET.fromstring(svg)
    assert len(root.findall("{http://www.w3.org/2000/svg}path")) == 2
    assert root.get("aria-label") == "Feet <together>"


def test_no_two_stands_look_alike():
    assert len({draw_feet(kind, "") for kind in STANDS}) == len(STANDS) == len(PLACES)


def test_only_a_lifted_foot_is_dashed():
    dashed = [kind for kind in STANDS if "dasharray" in (draw_feet(kind, "") or "")]
    assert dashed == [TrialKind.SINGLE_LEG_STANCE]


def test_what_is_repeated_has_no_footprints():
    assert draw_feet(TrialKind.SQUAT_SET, "Squats") is None


def test_no_two_positions_of_a_test_are_drawn_alike():
    for code in protocol_codes():
        stages = load_protocol(code).stages
        drawn = [
            draw_feet(
                stage.kind,
                "",
                soft=stage.surface == "soft",
                eyes_closed=stage.eyes == "closed",
            )
            for stage in stages
        ]
        assert len(set(drawn)) == len(stages), code
