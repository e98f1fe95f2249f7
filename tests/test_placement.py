"""Where the camera stood at two visits, and the place among healthy people."""

from dataclasses import replace

import pytest
from made_results import assessment, measured, squats, stance

from balance.model.codes import TrialKind
from balance.model.results import CameraGeometry, Scale
from balance.reporting.pages.placement import camera_changes, place_of


def seen(*trials, yaw_deg: float = 0.0, half: float = 2.0, mm_per_px: float = 5.0):
    return assessment(
        *trials,
        camera=CameraGeometry(measured(yaw_deg, half, "deg"), None),
        scale=Scale(measured(mm_per_px, 0.1, "mm/px")),
    )


def test_a_camera_that_stood_alike_is_not_spoken_of() -> None:
    assert camera_changes([seen(squats())], [seen(squats(), yaw_deg=6.0)]) == []


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (seen(squats(), yaw_deg=-14.0), "was turned by 14°"),
        (seen(squats(), mm_per_px=7.0), "stood farther away"),
        (seen(squats(), mm_per_px=3.5), "stood nearer"),
    ],
)
def test_a_camera_that_stood_elsewhere_is_told(after, words) -> None:
    [line] = camera_changes([seen(squats())], [after])
    assert words in line
    assert "may come from that" in line


def test_a_turn_within_its_uncertainty_is_none() -> None:
    assert not camera_changes(
        [seen(squats(), half=8.0)], [seen(squats(), yaw_deg=12.0, half=8.0)]
    )


def test_other_tests_are_not_compared() -> None:
    assert not camera_changes([seen(stance())], [seen(squats(), yaw_deg=90.0)])


def test_a_knee_has_a_percentile_and_a_hold_what_is_typical() -> None:
    kind = TrialKind.SINGLE_LEG_SQUAT_SET
    middle, far = (
        place_of(kind, "left", "fppa_frontal_left_deg_mean", value, [])
        for value in (8.6, 40.0)
    )
    assert "about 99 of 100 healthy people" in far
    assert 40 <= int(middle.split("about ")[1].split()[0]) <= 60
    told = place_of(
        TrialKind.SINGLE_LEG_STANCE, "left", "hold_s", 12.0, [seen(stance())]
    )
    assert told.startswith("60–69 years, eyes open: typically 32.1 s")
    bare = replace(stance(), norm=None)
    assert not place_of(
        TrialKind.SINGLE_LEG_STANCE, "left", "hold_s", 12.0, [seen(bare)]
    )
