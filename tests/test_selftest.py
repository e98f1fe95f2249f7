"""The self-test passes here, and would say so if it did not."""

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from balance.cli.main import app
from balance.pipeline.validation.selftest import (
    Check,
    check_numbers,
    compare,
)
from balance.reference.loader import read_data
from tests.test_benchmark import RENDERED


def test_numbers_with_known_answers():
    checks = list(check_numbers())
    assert len(checks) == 9
    assert all(check.passed for check in checks), checks


@pytest.mark.parametrize(
    ("got", "passed"), [(1.0, True), (1.1, True), (1.11, False), (None, False)]
)
def test_a_check_can_fail(got, passed):
    assert Check("x", 1.0, got, "mm", 0.1 + 1e-9).passed is passed


def assessment():
    from balance.model.files import read_recording
    from balance.pipeline.analyze import assess_recording

    return assess_recording(read_recording(RENDERED / "stand_left.npz"))


def test_the_sample_clip_is_held_against_its_truth():
    known = read_data("selftest.toml")["stand_left"]
    assert all(check.passed for check in compare(assessment(), known))
    late = {**known, "foot_off_s": known["foot_off_s"] + 0.2}
    assert [check.passed for check in compare(assessment(), late)] == [
        False,
        True,
        True,
    ]


def test_nothing_found_in_the_clip_fails_every_check():
    empty = replace(assessment(), trials=())
    known = read_data("selftest.toml")["stand_left"]
    assert not any(check.passed for check in compare(empty, known))


def test_command_prints_a_line_for_each_check():
    said = CliRunner().invoke(app, ["selftest", "--quick"])
    assert said.exit_code == 0, said.output
    assert said.output.count("known") >= 9
