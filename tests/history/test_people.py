"""People are kept under a code, with no more than tests and norms need."""

from datetime import date
from pathlib import Path

import pytest

from balance.history import Store, open_store
from balance.history.people import (
    PersonRecord,
    add_person,
    edit_person,
    get_person,
    give_consent,
    list_people,
    withdraw_consent,
)
from balance.model.errors import InputError, StoreError


def test_what_is_told_of_a_person_is_read_back(store: Store) -> None:
    told = PersonRecord(
        "P-01", "Name, Ä.", 1956, 1640.0, "f", "right", "left", "=cmd()"
    )
    kept = add_person(store, told)
    assert kept.created_at
    assert (kept.name, kept.height_mm, kept.injured_side) == (
        "Name, Ä.",
        1640.0,
        "left",
    )
    assert get_person(store, "p-01") == kept
    assert kept.age_on(date(2026, 11, 20)) == 70


def test_a_person_can_be_no_more_than_a_code(store: Store) -> None:
    assert add_person(store, PersonRecord("x")).age_on(date(2026, 1, 1)) is None


def test_a_code_is_taken_once_whatever_its_letters(store: Store, a7: str) -> None:
    with pytest.raises(StoreError, match="already a person"):
        add_person(store, PersonRecord(a7.lower()))


@pytest.mark.parametrize(
    "code", ["", "../x", "a/b", "a b", "-a", "é", "a" * 41, "a\n", "C:x", "."]
)
def test_a_code_that_is_no_file_name_is_refused(store: Store, code: str) -> None:
    with pytest.raises(InputError, match="letters"):
        add_person(store, PersonRecord(code))


@pytest.mark.parametrize(
    ("fact", "value", "word"),
    [
        ("birth_year", 1776, "birth year"),
        ("height_mm", 178.0, "height 17.8 cm"),
        ("sex", "x", "sex"),
        ("dominant_side", "both", "dominant side"),
        ("code", "new", "no code"),
    ],
)
def test_facts_that_make_no_sense_are_refused(
    store: Store, a7: str, fact: str, value: object, word: str
) -> None:
    with pytest.raises(InputError, match=word):
        edit_person(store, a7, {fact: value})


def test_facts_can_be_changed(store: Store, a7: str) -> None:
    assert edit_person(store, a7, {"height_mm": 1700.0}).height_mm == 1700.0
    assert edit_person(store, a7, {}).birth_year == 1956


def test_what_is_no_text_is_nobody_and_not_kept(store: Store, a7: str) -> None:
    """Bytes on a command line that are no letters come as halves of a sign."""
    with pytest.raises(StoreError, match="signs that cannot be kept"):
        get_person(store, "\ud800")
    with pytest.raises(StoreError, match="signs that cannot be kept"):
        edit_person(store, a7, {"notes": "\udcff"})


def test_an_unknown_code_says_where_to_look(store: Store) -> None:
    with pytest.raises(StoreError, match="balance history people"):
        get_person(store, "nobody")


def test_consent_keeps_the_text_that_was_agreed_to(store: Store, a7: str) -> None:
    given = give_consent(store, a7, "Version 1 of the text")
    assert given.consent_text == "Version 1 of the text"
    assert given.consent_at
    assert withdraw_consent(store, a7).consent_at is None


def test_people_are_listed_by_code_and_survive_closing(place: str) -> None:
    with open_store(place) as store:
        for code in ("b", "C", "a"):
            add_person(store, PersonRecord(code))
    with open_store(place) as store:
        assert [person.code for person in list_people(store)] == ["a", "b", "C"]


def test_nobody_else_on_the_machine_may_read_the_file(tmp_path: Path) -> None:
    with open_store(tmp_path / "new" / "history.sqlite3"):
        pass
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
    assert (tmp_path / "new" / "history.sqlite3").stat().st_mode & 0o077 == 0
