import json
import re
from dataclasses import replace

import pytest
from made_results import (
    PERSON,
    assessment,
    censored_stance,
    measured,
    recording,
    squats,
    stance,
)

from balance.model.landmarks import Side
from balance.model.results import Person
from balance.reference import loader as reference
from balance.reporting.charts import charts
from balance.reporting.words.colours import COLOURS, colour

NORMS = reference.load_norms()


def drawn_rows(chart):
    """All data of a chart, wherever Altair put them."""
    rows = []

    def collect(node):
        children = node.values() if isinstance(node, dict) else node
        for child in children:
            if isinstance(child, dict | list):
                collect(child)
        if isinstance(node, dict):
            rows.append(node)

    spec = chart.to_dict()
    collect(spec.get("datasets", spec))
    return rows


def test_holds_are_drawn_with_their_intervals_in_their_age_band():
    chart = charts.hold_chart([stance(), censored_stance()], NORMS, PERSON, "open")
    holds = [row for row in drawn_rows(chart) if "side" in row]
    left = next(row for row in holds if row["side"] == "left")
    right = next(row for row in holds if row["side"] == "right")
    assert left["ages"] == right["ages"] == "60–69"
    assert (left["low"], left["high"]) == (pytest.approx(11.93), pytest.approx(12.07))
    assert right["text"].startswith("≥")


def test_every_trial_is_drawn_and_the_best_of_each_leg_is_named():
    shorter = {"hold_s": measured(11.4, 0.07, "s")}
    tries = [stance(), stance(measures=shorter), stance("right")]
    chart = charts.hold_chart(tries, NORMS, PERSON, "open")
    assert chart is not None
    spec = chart.to_dict()
    drawn = [
        (layer["mark"]["type"], row["side"], row["value"])
        for layer in spec["layer"]
        if "xOffset" in layer.get("encoding", {})
        for row in spec["datasets"][layer["data"]["name"]]
    ]
    tries = [("left", 12.0), ("left", 11.4), ("right", 12.0)]
    assert [row for mark, *row in drawn if mark == "point"] == [list(t) for t in tries]
    best = [["left", 12.0], ["right", 12.0]]
    assert sorted(row for mark, *row in drawn if mark == "text") == best


def test_all_age_bands_of_the_source_are_drawn_once_and_the_own_one_is_marked():
    rows = drawn_rows(charts.hold_chart([stance()], NORMS, PERSON, "open"))
    typical = {row["ages"]: row["own"] for row in rows if "typical_s" in row}
    assert list(typical) == ["18–39", "40–49", "50–59", "60–69", "70–79", "80+"]
    assert [ages for ages, own in typical.items() if own] == ["60–69"]


@pytest.mark.parametrize(
    ("person", "eyes"),
    [
        pytest.param(Person(), "open", id="age not told"),
        pytest.param(PERSON, "unknown", id="eyes not told"),
        pytest.param(Person(age_years=12.0), "open", id="a child"),
    ],
)
def test_nobody_is_compared_with_norms_that_are_not_theirs(person, eyes):
    assert charts.hold_chart([stance()], NORMS, person, eyes) is None


def test_the_time_line_names_every_event():
    made = assessment(stance())
    chart = charts.timeline_chart(recording(lifted=Side.RIGHT), made, made.trials[0])
    texts = {row.get("text") for row in drawn_rows(chart)}
    assert {"legs touched", "foot down"} <= texts


def test_a_gap_breaks_the_line():
    made = recording(lifted=Side.RIGHT)
    made.pose.xy_px[100:150] = float("nan")
    chart = charts.timeline_chart(made, assessment(), stance())
    assert any(row.get("value", 0) is None for row in drawn_rows(chart))


def test_squats_have_a_time_line_and_curves_for_both_knees():
    trial, made = squats(), recording(squat=True)
    numbers = {
        row.get("n")
        for row in drawn_rows(charts.timeline_chart(made, assessment(), trial))
    }
    assert {"1", "2", "3"} <= numbers
    curves = drawn_rows(charts.depth_curve_chart(trial))
    assert {row["side"] for row in curves if "side" in row} == {"left", "right"}


def test_every_repetition_is_drawn_with_its_interval():
    rows = [row for row in drawn_rows(charts.repetition_chart(squats())) if "n" in row]
    assert len(rows) == 6
    assert all(row["low"] < row["value"] < row["high"] for row in rows)


@pytest.mark.parametrize("draw", [charts.repetition_chart, charts.depth_curve_chart])
def test_the_legend_names_only_the_legs_that_are_drawn(draw):
    both = squats()
    repetitions = tuple(
        replace(
            rep,
            measures={k: v for k, v in rep.measures.items() if "left" not in k},
            curves=tuple(one for one in rep.curves if "left" not in one.measure),
        )
        for rep in both.repetitions
    )
    one_leg = replace(both, repetitions=repetitions)
    for trial, named in ((both, {"left", "right"}), (one_leg, {"right"})):
        text = draw(trial).to_json(indent=None)
        legends = re.findall(r'"legend": ?\{[^}]*"values": ?(\[[^]]*\])', text)
        assert {side for found in legends for side in json.loads(found)} == named


def test_where_there_is_nothing_to_draw_there_is_no_chart():
    assert charts.repetition_chart(stance()) is None
    assert charts.depth_curve_chart(stance()) is None
    late = replace(stance(), start_s=100.0, end_s=110.0)
    assert charts.timeline_chart(recording(), assessment(), late) is None


def test_dark_charts_are_drawn_in_dark_colours():
    spec = charts.repetition_chart(squats(), dark=True).to_json()
    assert colour("left", dark=True) in spec
    assert colour("left") not in spec


def test_a_colour_of_the_palette_means_one_thing():
    light = [pair[0] for pair in COLOURS.values()]
    assert len(set(light)) == len(light)
