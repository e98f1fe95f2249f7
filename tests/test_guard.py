"""Nobody is let in by another name, from another page, or without the login."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from balance.app import guard
from balance.app.gate import REMOTE
from balance.app.look import plain

HERE = "http://localhost:8501"


async def page(_):
    headers = {"access-control-allow-origin": "*"}
    return PlainTextResponse("a person's page", headers=headers)


async def socket(opened):
    await opened.accept()
    await opened.send_text("in")
    await opened.close()


PATHS = ("/", "/_stcore/health", "/_stcore/upload_file/a/b", "/balance/video/x")


@pytest.fixture
def server():
    routes = [Route(path, page, methods=["GET", "PUT"]) for path in PATHS]
    app = Starlette(
        routes=[*routes, WebSocketRoute("/_stcore/stream", socket)],
        middleware=[Middleware(guard.Guard)],
    )
    return TestClient(app, base_url=HERE)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8501",
        "localhost.evil.example",
        "localhost.",
        "evil.localhost",
        "127.1",
        "2130706433",
        "0.0.0.0",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::1%25lo]",
        "user@localhost",
        "localhost:99999",
        "127.0.0.1.evil.example",
        "localhost@evil.example",
        "evil.example/localhost",
        "192.168.0.7:8501",
        "",
        "[::1",
        "localhost, evil.example",
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_another_name_is_refused_everywhere(server, host, path) -> None:
    """DNS rebinding: Origin equals Host there, and both are the stranger's."""
    answer = server.get(path, headers={"host": host, "origin": f"http://{host}"})
    assert answer.status_code == 403
    assert "person" not in answer.text


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501"])
def test_this_computer_is_let_in(server, host) -> None:
    answer = server.get("/", headers={"host": host, "origin": f"http://{host}"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://localhost:8502", "file://", "http://["],
)
def test_another_origin_is_refused(server, origin) -> None:
    headers = {"origin": origin}
    for path in PATHS:
        assert server.get(path, headers=headers).status_code == 403
    for name in (origin, "http://evil.example"):
        with (
            pytest.raises(WebSocketDisconnect),
            server.websocket_connect("/_stcore/stream", headers={"origin": name}),
        ):
            pass


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_elsewhere_cannot_put_us_into_itself(server, site) -> None:
    headers = {"sec-fetch-site": site, "sec-fetch-mode": "no-cors"}
    assert server.get("/balance/video/x", headers=headers).status_code == 403
    headers["sec-fetch-mode"] = "navigate"  # somebody follows a link
    assert server.get("/", headers=headers).status_code == 200


def test_the_browser_is_told_to_ask_nobody_else(server) -> None:
    answer = server.get("/")
    rules = dict(
        rule.strip().split(" ", 1)
        for rule in answer.headers["content-security-policy"].split(";")
    )
    assert rules["default-src"] == "'self'"
    assert rules["img-src"] == "'self' data: blob:"
    assert rules["connect-src"].split()[:2] == ["'self'", "ws://localhost:8501"]
    assert rules["object-src"] == "'none'"
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_with_a_login_every_private_route_is_behind_it(server, monkeypatch) -> None:
    monkeypatch.setenv(REMOTE, "1")
    uri = "https://clinic.example/oauth2callback"
    monkeypatch.setattr(guard, "_redirect_uri", lambda: uri)
    public = {"host": "clinic.example", "origin": "https://clinic.example"}
    assert server.get("/", headers=public).status_code == 200
    for path in ("/_stcore/upload_file/a/b", "/balance/video/x"):
        answer = server.put(path, headers=public)
        assert (answer.status_code, answer.text) == (403, "please log in first\n")
    bad = {**public, "cookie": "_streamlit_user=forged"}
    assert server.put(PATHS[2], headers=bad).status_code == 403
    assert server.get("/", headers={"host": "evil.example"}).status_code == 403
    monkeypatch.setattr(guard, "is_logged_in", lambda _: True)
    assert server.put(PATHS[2], headers=public).status_code == 200


def test_the_login_is_the_cookie_that_this_server_signed(monkeypatch) -> None:
    import json

    from streamlit.web.server import server_util
    from streamlit.web.server.starlette import starlette_websocket
    from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

    for module in (server_util, starlette_websocket):
        monkeypatch.setattr(module, "get_cookie_secret", lambda: "secret")
    uri = "https://clinic.example/oauth2callback"
    monkeypatch.setattr(guard, "_redirect_uri", lambda: uri)

    def cookie(secret: str, **said: object) -> dict[str, str]:
        told = {"origin": "https://clinic.example", "is_logged_in": True, **said}
        value = create_signed_value(secret, "_streamlit_user", json.dumps(told))
        return {"cookie": f"other=1; _streamlit_user={value.decode()}"}

    assert guard.is_logged_in(cookie("secret"))
    assert not guard.is_logged_in(cookie("guessed"))
    assert not guard.is_logged_in(cookie("secret", is_logged_in=False))
    assert not guard.is_logged_in(cookie("secret", origin="https://evil.example"))
    assert not guard.is_logged_in({})


def test_no_config_file_opens_the_app(tmp_path, monkeypatch) -> None:
    """Every option of security is passed by the launcher, whatever a file says."""
    from streamlit import config

    from balance.cli.app import server_options

    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text(
        "[server]\nenableCORS = false\nenableXsrfProtection = false\n"
        "enableStaticServing = true\n"
    )
    monkeypatch.chdir(tmp_path)
    options = server_options("localhost", 8501, browser=False)
    names = [name for name in config._config_options_template if name in options]
    assert set(options) == set(names), "an option that Streamlit does not know"
    assert options["server.enableCORS"] is True
    assert options["server.enableXsrfProtection"] is True
    assert options["server.corsAllowedOrigins"] == []
    assert options["server.allowedHosts"] == ["localhost", "127.0.0.1", "::1"]
    assert options["server.enableStaticServing"] is False
    assert options["server.trustedUserHeaders"] == {}
    assert options["client.allowedOrigins"] == []


LIVELY = [
    "![x](http://evil.example/p.png).mp4",
    "[x](http://evil.example)",
    "<img src=http://evil.example/p.png>",
    "![x][1]\n\n[1]: http://evil.example/p.png",
    ":material/home: :red[x]",
    "**bold** `code` $x$ ~~y~~ _z_",
    "# heading",
    "- item",
    "1. item",
    "&lt;img&gt;",
    "| a | b |",
]


@pytest.mark.parametrize("text", LIVELY)
def test_no_mark_of_outside_text_comes_to_life(text) -> None:
    import re

    shown = plain(text)
    for mark in "[]<>`*~$|&":
        assert not re.search(rf"(?<!\\){re.escape(mark)}", shown)
    assert "\n" not in shown
    assert not re.match(r"[#-]|\d[.]", shown)
    assert shown.replace("\\", "").replace("\u2060", "") == " ".join(text.split())


def test_ordinary_sentences_stay_as_they_are() -> None:
    for text in (
        "zero_length.mp4 is an empty file (0 bytes); record or copy it again.",
        "--height-cm 17 is not between 80 and 250; give it.",
    ):
        assert plain(text).lstrip("\\") == text
