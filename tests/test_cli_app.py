"""`balance app`: its options, and who may reach it."""

import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from balance.cli import app as cli_app
from balance.cli.main import app
from balance.model.errors import InputError

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "data"


def test_app_stays_on_this_computer_and_counts_nobody(monkeypatch):
    given = {}
    monkeypatch.setattr(cli_app, "serve", given.update)
    result = CliRunner().invoke(app, ["app", "--no-browser", "--port", "8600"])
    assert result.exit_code == 0, result.output
    assert given["server.address"] == "localhost"
    assert given["browser.gatherUsageStats"] is False
    assert given["server.port"] == 8600


def test_streamlit_run_gets_the_same_options():
    with (ROOT / ".streamlit" / "config.toml").open("rb") as file:
        told = tomllib.load(file)
    flat = {}

    def walk(table, path=()):
        for name, value in table.items():
            if isinstance(value, dict):
                walk(value, (*path, name))
            else:
                flat[".".join((*path, name))] = value

    walk(told)
    options = cli_app.server_options("localhost", 8501, browser=True)
    assert flat == {name: options[name] for name in flat}
    assert "browser.gatherUsageStats" in flat


def test_app_file_imports_the_app_and_nothing_else_of_balance():
    text = (ROOT / "app.py").read_text()
    ours = [
        line for line in text.splitlines() if "balance" in line and "import" in line
    ]
    [line] = ours
    assert line.startswith("from balance.app.app import SCRIPT, lifespan, ")


@pytest.fixture
def secrets(monkeypatch, tmp_path):
    """Write what Streamlit reads of a login, nothing else being there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr("importlib.util.find_spec", lambda _: object())

    def write(text: str) -> None:
        (tmp_path / ".streamlit").mkdir()
        (tmp_path / ".streamlit" / "secrets.toml").write_text(text)

    return write


WHOLE = "[auth]\n" + "\n".join(f'{name} = "x"' for name in cli_app.LOGIN)


def test_other_computers_only_after_a_login(secrets):
    with pytest.raises(InputError, match=r"secrets\.toml.*missing: redirect_uri"):
        cli_app.require_login()


def test_what_is_missing_of_a_login_is_named(secrets):
    secrets(WHOLE.replace("client_secret", "something_else"))
    with pytest.raises(InputError, match=r"missing: client_secret\."):
        cli_app.require_login()


def test_login_that_cannot_be_read_is_one_sentence(secrets):
    secrets("[auth")
    with pytest.raises(InputError, match=r"secrets\.toml cannot be read"):
        cli_app.require_login()


def test_login_needs_its_library(secrets, monkeypatch):
    secrets(WHOLE)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(InputError, match="pip install authlib"):
        cli_app.require_login()


def test_with_a_login_described_it_opens(secrets, monkeypatch):
    secrets(WHOLE)
    given = {}
    monkeypatch.setattr(cli_app, "serve", given.update)
    monkeypatch.setenv("BALANCE_ALLOW_REMOTE", "")  # put back as it was afterwards
    result = CliRunner().invoke(app, ["app", "--allow-remote"])
    assert result.exit_code == 0, result.output
    assert given["server.address"] == "0.0.0.0"


def test_stopping_the_server_deletes_every_video():
    import asyncio

    from balance.app.app import lifespan
    from balance.app.webcam.live_session import LIVE_SESSIONS

    folder = LIVE_SESSIONS.open().folder

    async def start_and_stop() -> bool:
        async with lifespan(None):
            return folder.exists()

    assert asyncio.run(start_and_stop())
    assert not folder.exists()
