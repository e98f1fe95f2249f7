"""No number without a source gets in; what is asked for by name is found."""

import pytest

from balance.model.codes import EndReason
from balance.model.errors import InputError
from balance.reference.loader import (
    _protocol,
    load_minimum_changes,
    load_norms,
    load_protocol,
    numbers_without_source,
    protocol_codes,
    read_data,
)


@pytest.mark.parametrize("name", ["protocols.toml", "norms.toml", "safety.toml"])
def test_every_number_of_the_data_files_has_a_source(name) -> None:
    assert numbers_without_source(read_data(name)) == []


@pytest.mark.parametrize(
    ("table", "refused"),
    [
        ({"cap_s": 45}, ["cap_s"]),
        ({"cap_s": {"value": 45, "source": "Springer 2007"}}, []),
        ({"cap_s": {"value": 45, "source": "  "}}, ["cap_s.value"]),
        ({"cap_s": {"value": 45, "source": "from memory [M]"}}, ["cap_s.value"]),
        ({"rows": [{"a": 1, "source": "x"}, {"a": 2}]}, ["rows[1].a"]),
        ({"ages": [60, 69]}, ["ages[0]", "ages[1]"]),
        ({"experimental": True}, []),
    ],
)
def test_a_number_without_a_source_is_named(table, refused) -> None:
    assert numbers_without_source(table) == refused


@pytest.mark.parametrize(
    "cap_s", [45.0, {"value": 45.0}, {"value": 45.0, "source": ""}]
)
def test_a_protocol_needs_a_source_beside_each_number(cap_s) -> None:
    table = {"code": "x", "title": "X", "source": "whole", "cap_s": cap_s}
    with pytest.raises(InputError, match=r"x\.cap_s: a number needs a source"):
        _protocol(table)


def test_the_auto_protocol_caps_nothing() -> None:
    auto = load_protocol("auto")
    assert auto.cap_s is None
    assert EndReason.TIME_CAP not in auto.stop_rules


def test_hyphens_are_as_good_as_underscores() -> None:
    assert load_protocol("Single-leg-stance-eyes-open").cap_s == 45.0


def test_an_unknown_protocol_is_answered_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"no protocol 'bees'.*single_leg_stance"):
        load_protocol("bees")


@pytest.mark.parametrize("code", protocol_codes())
def test_each_number_of_a_protocol_keeps_its_source(code) -> None:
    protocol = load_protocol(code)
    assert protocol.sources["sway_cutoff_hz"]
    if protocol.cap_s is not None:
        assert protocol.sources["cap_s"]
        assert EndReason.TIME_CAP in protocol.stop_rules


def test_norms_are_whole_bands_without_gaps() -> None:
    ages = [row.ages for row in load_norms() if row.sex == "all" and row.cap_s]
    assert ages == [(18, 39), (40, 49), (50, 59), (60, 69), (70, 79), (80, 99)]


def test_a_real_change_is_published_only_from_sixty() -> None:
    (change,) = load_minimum_changes()
    assert (change.ages, change.mdc95_s) == ((60, 89), 24.1)
