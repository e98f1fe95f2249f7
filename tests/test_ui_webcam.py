"""The server's side of the webcam: decisions, clips in pieces, who may ask."""

import asyncio
import base64
import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from balance.app.state import SessionState
from balance.app.tray import Tray
from balance.app.webcam import clips, component
from balance.app.webcam import live_session as live_session_module
from balance.app.webcam.live_session import LIVE_SESSIONS, Clip
from balance.app.webcam.routes import PREFIX, REFUSED, webcam_routes
from balance.app.webcam.wire import STEPS, unpack_landmarks
from balance.live import LivePlan, Phase
from balance.model.errors import InputError, OutputError
from balance.model.landmarks import LANDMARK_COUNT
from tests.live_clips import frames


@pytest.fixture
def session():
    opened = LIVE_SESSIONS.open()
    opened.begin(LivePlan(countdown_s=3.0))
    yield opened
    LIVE_SESSIONS.close(opened.sid)


@pytest.fixture
def client():
    with TestClient(Starlette(routes=webcam_routes())) as made:
        yield made


def packed(xy_px, size_px) -> str:
    share = np.rint(np.asarray(xy_px) / size_px * STEPS).astype("<i2")
    return base64.b64encode(share.tobytes()).decode()


def messages(clip: str = "stand_left") -> list[dict]:
    return [
        {
            "q": number,
            "t": frame.time_s * 1000,
            "s": list(frame.size_px),
            "l": packed(frame.xy_px, frame.size_px),
        }
        for number, frame in enumerate(frames(clip))
    ]


def talk(socket, message: dict) -> dict:
    socket.send_text(json.dumps(message))
    return json.loads(socket.receive_text())


# -- decisions -------------------------------------------------------------------


def test_landmarks_survive_the_wire_within_a_tenth_of_a_pixel():
    xy = np.random.default_rng(1).uniform(0, 480, (LANDMARK_COUNT, 2))
    back = unpack_landmarks(packed(xy, (1280, 720)), (1280, 720))
    assert back is not None
    assert np.abs(back - xy).max() < 0.1


@pytest.mark.parametrize("text", ["§", "AAAA"])
def test_landmarks_that_are_none_are_refused(text):
    with pytest.raises(InputError):
        unpack_landmarks(text, (640, 480))


def test_whole_test_over_the_socket_gives_the_hold(client, session):
    with client.websocket_connect(f"{PREFIX}/live?sid={session.sid}") as socket:
        cues, heard = [], 0
        for frame in messages():
            answer = talk(socket, {"frames": [frame], "heard": heard})
            assert answer["q"] == frame["q"]
            cues += [event["cue"] for event in answer["events"]]
            heard = answer["events"][-1]["id"] if answer["events"] else heard
    assert cues.count("clock_started") == 1
    assert answer["last"]["hold_s"] == pytest.approx(11.0, abs=0.3)
    assert answer["last"]["end_reason"] == "touchdown"


def test_frames_sent_twice_after_a_lost_connection_count_once(client, session):
    everything = messages()
    with client.websocket_connect(f"{PREFIX}/live?sid={session.sid}") as socket:
        talk(socket, {"frames": everything[:200], "heard": 0})
    with client.websocket_connect(f"{PREFIX}/live?sid={session.sid}") as socket:
        answer = talk(socket, {"frames": everything[150:], "heard": 0})
    assert answer["last"]["hold_s"] == pytest.approx(11.0, abs=0.3)


def test_events_already_heard_are_not_told_again(client, session):
    with client.websocket_connect(f"{PREFIX}/live?sid={session.sid}") as socket:
        first = talk(socket, {"frames": messages()[:120], "heard": 0})
        again = talk(socket, {"frames": [], "heard": first["events"][-1]["id"]})
    assert first["events"]
    assert again["events"] == []


def test_two_tabs_do_not_hear_each_other(client, session):
    other = LIVE_SESSIONS.open()
    other.begin(LivePlan())
    with client.websocket_connect(f"{PREFIX}/live?sid={session.sid}") as socket:
        talk(socket, {"frames": messages(), "heard": 0})
    assert session.test is not None
    assert session.test.done
    assert other.test is not None
    assert not other.test.done
    LIVE_SESSIONS.close(other.sid)


def test_a_tab_closed_in_mid_trial_holds_no_video_back(client, session, monkeypatch):
    """Videos are measured while nobody is tested; whoever has left is not tested."""
    clock_s = [1000.0]  # a slow computer takes no second of it
    monkeypatch.setattr(live_session_module, "monotonic", lambda: clock_s[0])
    with client.websocket_connect(f"{PREFIX}/live?sid={session.sid}") as socket:
        talk(socket, {"frames": messages()[:240], "heard": 0})
    assert session.view.phase is Phase.RUNNING
    assert session.is_busy
    clock_s[0] += live_session_module.SILENT_S
    assert session.view.phase is Phase.RUNNING
    assert not session.is_busy


@pytest.mark.parametrize("origin", [None, "http://evil.example"])
def test_strangers_are_refused_with_a_code_that_says_so(client, session, origin):
    sid = session.sid if origin else "nobody"
    headers = {"origin": origin} if origin else {}
    address = f"{PREFIX}/live?sid={sid}"
    with client.websocket_connect(address, headers=headers) as socket:
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
        assert closed.value.code == REFUSED


@pytest.mark.parametrize(
    "path",
    ["../routes.py", "..%2froutes.py", "%2e%2e/routes.py", "..%5croutes.py",
     "....//routes.py", "%2fetc%2fpasswd", "/etc/passwd", "x/../../routes.py",
     "exercise/..%2f..%2froutes.svg", "clip/..%2f..%2fx/0", "%00"],
)  # fmt: skip
def test_no_path_leads_out_of_the_folder_of_the_webcam(client, path):
    answer = client.get(f"{PREFIX}/{path}")
    assert answer.status_code in (400, 404, 405), answer.text[:80]


@pytest.mark.parametrize("text", ["no json", '{"frames": 3}', '{"frames": [{"q": 1}]}'])
def test_nonsense_closes_the_line_and_not_the_server(client, session, text):
    address = f"{PREFIX}/live?sid={session.sid}"
    with client.websocket_connect(address) as socket:
        socket.send_text(text)
        with pytest.raises(WebSocketDisconnect):
            socket.receive_text()
    with client.websocket_connect(address) as socket:
        assert talk(socket, {"frames": []})["view"]["phase"] == "set_up"


# -- clips -----------------------------------------------------------------------

KEY = "0a1b2c3d-0000-4000-8000-000000000000"
PIECES = [b"first", b"second", b"third"]


def about(**more) -> dict:
    whole = hashlib.sha256(b"".join(PIECES)).hexdigest()
    return {"pieces": 3, "mime": "video/mp4;codecs=avc1", "sha256": whole, **more}


def put(client, session, number, data):
    address = f"{PREFIX}/clip/{KEY}/{number}?sid={session.sid}"
    return client.put(address, content=data)


def finish(client, session, **more):
    address = f"{PREFIX}/clip/{KEY}?sid={session.sid}"
    return client.post(address, json=about(**more))


def test_segments_become_one_video_in_their_order(client, session):
    for number in (2, 0, 1, 0):
        assert put(client, session, number, PIECES[number]).json() == {"kept": number}
    assert finish(client, session).json() == {"stored": True}
    clip = session.clips[KEY]
    assert clip.path.suffix == ".mp4"
    assert clip.path.read_bytes() == b"".join(PIECES)


def test_everything_that_the_page_says_of_a_video_is_taken(client, session):
    """What the recorder adds and what the stage hands it; a refused video is lost."""
    frontend = Path(component.__file__).parent / "frontend"
    said = re.findall(
        r"(?:store\.finish\(key, |recorder\?\.stop\(trial && )\{([^}]*)\}",
        "".join(
            (frontend / f"{n}.mjs").read_text() for n in ("recorder", "test_stage")
        ),
    )
    names = {
        part.split(":")[0].strip()
        for part in ",".join(said).replace("\n", " ").split(",")
        if part.strip() and "..." not in part
    }
    assert names == {"trial", "visit", "pieces", "mime", "bytes", "sha256"}
    for number, piece in enumerate(PIECES):
        put(client, session, number, piece)
    told = {"trial": {"kind": "squat_set"}, "visit": "visit_of-today", "bytes": 16}
    assert finish(client, session, **told).json() == {"stored": True}
    assert session.clips[KEY].about["visit"] == "visit_of-today"


def test_missing_piece_is_asked_for(client, session):
    put(client, session, 0, PIECES[0])
    reply = finish(client, session)
    assert reply.status_code == 409
    assert reply.json() == {"missing": [1, 2]}


def test_same_video_sent_twice_is_taken_once(client, session):
    taken = []
    session.on_clip = taken.append
    for number, piece in enumerate(PIECES):
        put(client, session, number, piece)
    finish(client, session)
    assert finish(client, session).json() == {"stored": True}
    assert len(taken) == 1


def test_damaged_video_is_not_stored(client, session):
    for number, piece in enumerate(PIECES):
        put(client, session, number, piece)
    reply = finish(client, session, sha256="0" * 64)
    # What was lost on the way is asked for again; what stays wrong is given up.
    assert reply.json() == {"missing": [0, 1, 2]}
    for _ in range(2):
        for number, piece in enumerate(PIECES):
            put(client, session, number, piece)
        reply = finish(client, session, sha256="0" * 64)
    assert reply.status_code == 400
    assert "damaged" in reply.json()["error"]
    assert not session.clips


def test_a_video_that_could_not_be_handed_over_is_not_said_to_be_stored(
    client, session
):
    taken = []

    def fail(_):
        raise RuntimeError("the queue is gone")

    for number, piece in enumerate(PIECES):
        put(client, session, number, piece)
    session.on_clip = fail
    for _ in range(2):
        assert finish(client, session).status_code == 500
        assert not session.clips
    session.on_clip = taken.append
    assert finish(client, session).json() == {"stored": True}
    assert taken[0].path.read_bytes() == b"".join(PIECES)
    assert sum(path.suffix == ".mp4" for path in session.folder.iterdir()) == 1


def test_a_full_disk_while_joining_keeps_the_video_in_the_browser(
    client, session, monkeypatch
):
    """400 would make the browser put it aside."""

    def full(*_):
        raise OSError(28, "No space left on device")

    for number, piece in enumerate(PIECES):
        put(client, session, number, piece)
    with monkeypatch.context() as patched:
        patched.setattr("balance.app.webcam.clips._copy", full)
        assert finish(client, session).status_code == 507
    assert finish(client, session).json() == {"stored": True}


def test_only_what_no_sending_mends_is_refused_for_good(client, session, monkeypatch):
    """400 makes the browser give the video up; whatever else happens is tried again."""
    for number, piece in enumerate(PIECES):
        put(client, session, number, piece)
    final = ({"sha256": "no hash"}, {"pieces": 0}, {"visit": "../x"}, {"extra": 1})
    assert [finish(client, session, **one).status_code for one in final] == [400] * 4
    broken = client.post(f"{PREFIX}/clip/{KEY}?sid={session.sid}", content=b'{"pie')
    assert broken.status_code == 503  # the message was cut on its way

    def refuses(_) -> None:
        raise InputError("no protocol of this name")

    session.on_clip = refuses  # what the app thinks of it says nothing of the video
    assert finish(client, session).status_code == 503
    with monkeypatch.context() as patched:
        patched.setattr(clips, "LARGEST_CLIP", 3)
        assert finish(client, session).status_code == 400
    session.on_clip = lambda _: None
    assert finish(client, session).json() == {"stored": True}


def test_a_video_is_joined_where_no_live_test_waits_for_it(
    client, session, monkeypatch
):
    """448 MB once stopped every answer of the server for 7.7 s."""
    asked = []

    def joining(*_):
        with pytest.raises(RuntimeError, match="no running event loop"):
            asyncio.get_running_loop()
        return asked.append("joined") or []

    monkeypatch.setattr(clips, "finish", joining)
    assert finish(client, session).json() == {"stored": True}
    assert asked == ["joined"]


@pytest.mark.parametrize("kind", [[["squat_set"]], {"x": 1}, "banana", None])
def test_a_kind_that_is_none_holds_no_video_back(client, session, kind):
    """A list for a word once was a 500, and the video sent again for ever."""
    for number, piece in enumerate(PIECES):
        put(client, session, number, piece)
    assert finish(client, session, trial={"kind": kind}).json() == {"stored": True}
    assert session.clips[KEY].about["trial"] is None


@pytest.mark.parametrize(
    "trial",
    [
        {"kind": "single_leg_stance", "protocol": "no such protocol"},
        {"kind": "single_leg_stance", "protocol": ["x"]},
        {"kind": "single_leg_stance", "protocol": "bess", "stage": {"x": 1}},
    ],
)
def test_a_video_is_kept_whatever_the_page_says_of_its_trial(
    tmp_path, monkeypatch, session, trial
):
    """It once was refused again and again, and never measured."""
    here, queued = state_of(session, tmp_path, monkeypatch)
    video = tmp_path / "video.mp4"
    video.write_bytes(b"video")
    here.take_clip(Clip(KEY, video, {"trial": trial, "visit": ""}))
    [job] = queued
    assert job.video.read_bytes() == b"video"
    assert job.setup == here.setup
    assert (job.home / "job.json").stat().st_mode & 0o077 == 0


def test_a_video_that_cannot_be_written_down_leaves_nothing(
    tmp_path, monkeypatch, session
):
    """Its pieces are still there, and are joined once more; two videos would be one."""
    here, queued = state_of(session, tmp_path, monkeypatch)
    video = tmp_path / "video.mp4"
    video.write_bytes(b"video")

    def full(*_) -> None:
        raise OutputError("The disk is full")

    monkeypatch.setattr("balance.app.tray.write_whole", full)
    with pytest.raises(OutputError):
        here.take_clip(Clip(KEY, video, {"trial": None, "visit": ""}))
    assert list(here.tray.folder.glob("*/video/*")) == []
    assert queued == here.tray.jobs == []


def state_of(session, tmp_path, monkeypatch) -> tuple[SessionState, list]:
    """Return what a page knows, and the list that takes what would be measured."""
    queued: list = []
    monkeypatch.setattr("balance.app.state.MEASURING.add", queued.append)
    return SessionState(session, Tray(tmp_path / "tray"), "visit"), queued


def test_more_than_the_quota_waits(client, session, monkeypatch):
    monkeypatch.setattr("balance.app.webcam.clips.LARGEST_SESSION", 8)
    assert put(client, session, 0, b"1234567").status_code == 200
    assert put(client, session, 0, b"7654321").status_code == 507
    assert put(client, session, 1, b"12").status_code == 507
    assert session.stored_bytes == 7


def test_a_piece_without_a_length_is_not_read_whole(client, session, monkeypatch):
    monkeypatch.setattr("balance.app.webcam.clips.LARGEST_PIECE", 2_000_000)
    sent = []

    def endless():
        for _ in range(40):
            sent.append(1)
            yield bytes(100_000)

    assert put(client, session, 0, endless()).status_code == 400
    assert not list(session.folder.glob("*/*"))
    assert session.stored_bytes == 0


def test_joining_does_not_hold_up_the_live_test(client, session, monkeypatch):
    """It is done in a thread of its own, not where messages are answered."""
    import threading

    threads = []

    def join(*_):
        threads.append(threading.current_thread().name)
        return []

    monkeypatch.setattr("balance.app.webcam.routes.clips.finish", join)
    assert finish(client, session).json() == {"stored": True}
    assert "AnyIO" in threads[0]


def test_clips_of_strangers_are_refused(client, session):
    reply = client.put(f"{PREFIX}/clip/{KEY}/0?sid=nobody", content=b"x")
    assert reply.status_code == 403


def test_odd_names_reach_no_file(client, session):
    reply = client.put(f"{PREFIX}/clip/..%2F..%2Fetc/0?sid={session.sid}", content=b"x")
    assert reply.status_code in (400, 404, 405)


def test_closing_a_sitting_deletes_its_videos(client, session):
    put(client, session, 0, PIECES[0])
    folder = session.folder
    assert folder.stat().st_mode & 0o077 == 0
    LIVE_SESSIONS.close(session.sid)
    assert not folder.exists()


def test_modules_and_model_are_served_by_their_types(client):
    script = client.get(f"{PREFIX}/component.mjs")
    assert script.headers["content-type"].startswith(
        ("text/javascript", "application/javascript")
    )
    assert client.head(f"{PREFIX}/pose.task").status_code == 200
