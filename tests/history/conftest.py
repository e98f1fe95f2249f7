"""A history to test on: a file, and with the marker ``postgres`` a real server."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from postgres_server import PostgresServer

from balance.history import Store, open_store
from balance.history.people import PersonRecord, add_person
from balance.model.results import Assessment

BACKENDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def postgres_server(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[PostgresServer]:
    with PostgresServer.start() as server:
        yield server


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty history, made once: copying it is quicker than migrating anew."""
    file = tmp_path_factory.mktemp("store") / "history.sqlite3"
    open_store(file).close()
    return file


@pytest.fixture(params=BACKENDS)
def place(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Path or URL of a history that is not there yet."""
    # Nothing of a test may reach the data folder of whoever runs it.
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    if request.param == "sqlite":
        yield str(tmp_path / "history.sqlite3")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database() as url:
        yield url


@pytest.fixture
def store(place: str, empty_store: Path) -> Iterator[Store]:
    """An open, empty history."""
    if "://" not in place:
        shutil.copy(empty_store, place)
    with open_store(place) as opened:
        yield opened


@pytest.fixture
def other_store(tmp_path: Path, empty_store: Path) -> Iterator[Store]:
    """A second, fresh history."""
    (tmp_path / "other").mkdir()
    place = shutil.copy(empty_store, tmp_path / "other" / "history.sqlite3")
    with open_store(place) as opened:
        yield opened


@pytest.fixture
def a7(store: Store) -> str:
    """Code of a person in the store."""
    return add_person(
        store,
        PersonRecord(
            "A7", birth_year=1956, consent_at="2026-01-01", consent_text="Yes."
        ),
    ).code


@pytest.fixture
def make_assessment() -> Callable[..., Assessment]:
    from stored_results import assessment_of

    return assessment_of
