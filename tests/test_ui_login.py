"""Open to other computers, the app shows and tells nothing before a login."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit.testing.v1 import AppTest

from balance.app import videos
from balance.app.app import routes
from balance.app.gate import REMOTE
from balance.app.state import KEY, LIVE_SESSIONS
from balance.app.webcam.routes import PREFIX, REFUSED

APP = Path(__file__).parents[1] / "balance" / "app" / "app.py"


@pytest.fixture
def stranger(monkeypatch):
    """Open the app as somebody who is not logged in."""
    monkeypatch.setenv(REMOTE, "1")
    return AppTest.from_file(str(APP), default_timeout=60).run()


def test_stranger_sees_the_request_to_log_in_and_nothing_else(stranger):
    assert not stranger.exception
    assert [title.value for title in stranger.title] == ["Please log in"]
    assert not stranger.radio
    assert not stranger.get("file_uploader")
    assert "https" in stranger.markdown[0].value


def test_stranger_is_given_no_sitting_so_no_secret(stranger):
    assert KEY not in stranger.session_state
    assert not LIVE_SESSIONS.is_busy


def test_address_of_streamlits_own_option_asks_for_the_login_too(monkeypatch):
    real = AppTest.from_file(str(APP), default_timeout=60)
    monkeypatch.setattr("streamlit.get_option", lambda _: "0.0.0.0")
    assert [title.value for title in real.run().title] == ["Please log in"]


@pytest.fixture
def client():
    with TestClient(Starlette(routes=routes())) as made:
        yield made


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        pytest.param("GET", f"{videos.PREFIX}/guess", 404, id="a video"),
        pytest.param("PUT", f"{PREFIX}/clip/0a1b2c3d/0?sid=guess", 403, id="a piece"),
        pytest.param("POST", f"{PREFIX}/clip/0a1b2c3d?sid=guess", 403, id="a clip"),
    ],
)
def test_routes_refuse_whoever_has_no_secret(client, method, address, status):
    reply = client.request(method, address, content=b"{}")
    assert reply.status_code == status


def test_decisions_refuse_whoever_has_no_secret(client):
    with client.websocket_connect(f"{PREFIX}/live?sid=guess") as socket:
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
        assert closed.value.code == REFUSED


def test_video_is_known_by_a_secret_that_cannot_be_guessed(client, tmp_path):
    video = tmp_path / "annotated.mp4"
    video.write_bytes(b"video")
    address = videos.video_url(video)
    assert len(address.rpartition("/")[2]) >= 32
    assert client.get(address).content == b"video"
    assert client.get(f"{videos.PREFIX}/..%2F{video.name}").status_code == 404
