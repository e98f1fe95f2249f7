"""What a report promises: intervals, reasons, no address outside, nothing unescaped."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from made_results import (
    HEIGHT,
    WIDTH,
    assessment,
    censored_stance,
    measured,
    recording,
    squats,
    stance,
)

from balance.model.codes import FindingCode, Severity
from balance.model.errors import OutputError
from balance.model.results import Finding, Measurement, Person
from balance.reference import loader as reference
from balance.reporting.pages import methods, report, report_view
from balance.reporting.video import stills
from balance.reporting.video.stills import drawn_at, read_drawn_stills

EVIL = '<script>alert("x")</script>&"\'.mp4'


VOID = {"meta", "img", "br", "link", "input", "line", "path", "rect", "circle"}


class Page(HTMLParser):
    """A page as its elements: (tag, attributes), and the text of each measurement."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.measurements, self.result_words = [], [], []
        self._open, self._m, self._result = [], None, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.elements.append((tag, attrs))
        if tag in VOID:
            return
        self._open.append(tag)
        if "m" in attrs.get("class", "").split():
            self._m = len(self._open)
            self.measurements.append("")
        if "data-result" in attrs and self._result is None:
            self._result = len(self._open)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        while self._open and self._open.pop() != tag:
            pass
        if self._m is not None and len(self._open) < self._m:
            self._m = None
        if self._result is not None and len(self._open) < self._result:
            self._result = None

    def handle_data(self, data):
        if self._m is not None:
            self.measurements[-1] += data
        if self._result is not None:
            self.result_words.append(data)


def made_images(made):
    grey = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
    return dict.fromkeys(stills.wanted_times(made), grey)


@pytest.fixture(scope="module")
def full():
    """A report of everything at once: both legs, squats, a finding, evil names."""
    made = assessment(
        stance(),
        censored_stance(),
        squats(),
        findings=(
            Finding(FindingCode.SECOND_PERSON, Severity.WARNING, f"Look: {EVIL}", 3.2),
        ),
    )
    made = replace(made, source=replace(made.source, name=EVIL))
    return report.render_report(made, recording(squat=True), made_images(made))


@pytest.fixture(scope="module")
def page(full):
    return Page(full)


def test_every_measurement_carries_its_interval(page):
    assert len(page.measurements) > 20
    for text in page.measurements:
        assert re.search(r"\d.*\(.*\d|interval: .*\d", text, re.S), text


def test_the_seconds_of_each_leg_stand_on_top(full):
    assert full.index("You stood on your left leg for") < full.index("<h2")
    assert full.index("11.9–12.1") < full.index("<h2")


def test_a_hold_that_was_cut_off_is_at_least_that_long(page):
    assert any(
        "≥ 12.0" in text and "no upper limit" in text for text in page.measurements
    )


def test_a_missing_measure_is_shown_with_its_reason(full):
    assert full.count("The raised thigh hides how level the pelvis is.") >= 2
    assert full.count("Sway needs a hold of 10 s.") >= 2


def test_cannot_tell_is_an_answer(full):
    assert re.search(r"Did the pelvis drop on one side\?\s*<b>cannot tell</b>", full)


def test_nothing_is_fetched_from_anywhere(full, page):
    for _, attributes in page.elements:
        for name in ("src", "href", "srcset", "action", "poster", "data", "xlink:href"):
            value = attributes.get(name) or ""
            assert value == "" or value.startswith(("data:", "#")), value
    assert not re.search(r"@import|url\((?!#)", full)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "iframe", "object", "embed"}
    policy = next(a["content"] for t, a in page.elements if "http-equiv" in a)
    assert policy.startswith("default-src 'none'")


def test_text_from_outside_is_escaped(full):
    assert EVIL not in full
    assert "<script" not in full
    assert "&lt;script&gt;" in full


def test_no_result_speaks_of_risk_or_diagnosis(page):
    words = " ".join(page.result_words).lower()
    assert "you stood" in words
    assert not re.search(r"\brisks?\b|diagnos", words)


def test_it_says_that_it_is_no_medical_device_and_where_that_comes_from(full):
    assert "Not a medical device." in full
    for statement in reference.load_safety().disclaimers:
        assert str(statement.source).split(" (")[0] in full


def test_every_image_has_words(page):
    images = [a for t, a in page.elements if t == "img"]
    # Start, middle and end of two holds, three squats.
    assert len(images) == 9
    assert all(a["alt"] for a in images)
    charts = [a for t, a in page.elements if t == "svg" and a.get("role") == "img"]
    assert len(charts) >= 5


def test_the_score_shows_its_range_every_lost_point_and_the_source(full):
    assert "70–86" in full
    assert "held for less time" in full
    assert "have not been validated" in full


def test_what_was_overruled_stays_visible(full):
    assert (
        "legs touched at 5.2 s: was counted; corrected by clinician, 2026-11-20" in full
    )


def test_the_method_names_filter_rate_software_and_model(full):
    for words in ("25 Hz", "3 Hz", "0.10.33", "cd" * 8, "Butterworth", "95 %"):
        assert words in full


def test_a_recording_without_result_says_why_and_what_to_do():
    finding = Finding(
        FindingCode.FEET_OUT_OF_FRAME, Severity.ERROR, "Step back until feet show."
    )
    text = report.render_report(assessment(findings=(finding,)), recording(), {})
    assert "Nothing could be measured" in text
    assert "Step back until feet show." in text


def test_without_norms_the_report_says_why():
    finding = Finding(
        FindingCode.AGE_UNKNOWN, Severity.INFO, "Say the age to compare with norms."
    )
    trial = stance(norm=None, findings=(finding,), signal=None)
    made = assessment(trial, person=Person())
    text = report.render_report(made, recording(), {})
    assert "Say the age to compare with norms." in text
    assert "trial-1-time" in text
    assert 'id="norm' not in text


def test_a_stand_whose_errors_are_counted_has_no_times_of_an_age_beside_it():
    eyes = Finding(FindingCode.EYES_UNKNOWN, Severity.INFO, "Add when the eyes opened.")
    counted = {"errors": Measurement(4, "count", 4, None)}
    trial = stance(norm=None, measures=counted, findings=(eyes,), signal=None)
    assert report_view.compared_with_age(assessment(trial)) is None


def test_the_file_appears_whole_under_its_name(tmp_path):
    path = tmp_path / "report.html"
    report.write_page("<p>", path)
    assert path.read_text() == "<p>"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_one_clear_sentence(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        report.write_page("<p>", tmp_path / "nowhere" / "report.html")


def test_the_best_of_several_trials_is_on_the_card():
    other = stance(measures={"hold_s": measured(20.0, 0.1, "s")})
    (card,) = report_view.cards(assessment(stance(), other))
    assert str(card.number) == "20.0 s (19.9–20.1)"
    assert len(card.tries) == 2


def test_each_set_is_a_card_of_its_own():
    later = replace(squats(2), start_s=40.0, end_s=50.0)
    counts = [card.count for card in report_view.cards(assessment(squats(), later))]
    assert counts == [3, 2]


def test_a_stand_without_a_time_says_why_on_its_card():
    trial = stance(measures={"hold_s": None})
    (card,) = report_view.cards(assessment(trial))
    assert card.number is None
    assert card.reason


def test_findings_are_told_once_and_the_gravest_first():
    info = Finding(FindingCode.ONE_TRY, Severity.INFO, "one")
    grave = Finding(FindingCode.NO_PERSON, Severity.ERROR, "none")
    told = report_view.in_words([info, grave, info])
    assert [row.text for row in told] == ["none", "one"]


def test_every_source_shown_is_in_the_list():
    made = assessment(stance(), squats())
    sources = methods.references(made, reference.load_protocol("auto"))
    assert {"Springer 2007, table 1", "Mizner 2012"} <= set(sources)
    assert len(set(sources)) == len(sources)


def test_the_method_says_when_there_was_no_flow_and_no_height():
    made = assessment(stance(), scale=None)
    made = replace(made, options=replace(made.options, flow=False, mirrored=True))
    text = " ".join(methods.method_paragraphs(made, reference.load_protocol("auto")))
    assert "Optical flow was switched off" in text
    assert "No body height was given" in text
    assert "turned back" in text


def test_a_protocol_of_another_version_is_shown_by_its_name():
    made = assessment(protocol="from_the_future")
    assert "from_the_future" in report.render_report(made, recording(), {})


def test_an_open_interval_is_said_as_open():
    trial = stance(measures={"hold_s": Measurement(3.0, "s", None, 4.0)})
    (card,) = report_view.cards(assessment(trial))
    assert "no lower limit" in str(card.number)


def test_stills_of_a_written_report_are_found_by_their_time(tmp_path):
    made = assessment(stance())
    path = tmp_path / "report.html"
    report.write_report(made, recording(), made_images(made), path)
    drawn = read_drawn_stills(path)
    assert list(drawn) == [2.0, 8.0, 14.0]
    again = report.render_report(made, recording(), {}, drawn=drawn)
    assert again.count("data:image/jpeg") == 3
    assert all(uri in again for uri in drawn.values())


def test_a_still_of_another_moment_is_none():
    assert drawn_at({2.0: "data:a"}, 2.004) == "data:a"
    assert drawn_at({2.0: "data:a"}, 2.04) is None
    assert drawn_at({}, 2.0) is None


def test_without_a_report_there_are_no_stills(tmp_path):
    assert read_drawn_stills(tmp_path / "report.html") == {}


def test_three_trials_a_leg_are_a_fair_comparison():
    one = Finding(FindingCode.ONE_TRY, Severity.INFO, "one trial")
    tries = [assessment(stance(findings=(one,))) for _ in range(3)]
    assert one in report_view.all_findings(*tries[:2])
    assert one not in report_view.all_findings(*tries)
