"""One function a group: makes a bad input from a seed and gives it to the program.

A case may return, or raise an error of the package; anything else is a fault.
"""

import io
import itertools
import json
import os
import random
import shutil
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path

import av
import damage
import numpy as np

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "history")]

from balance.model.errors import InputError  # noqa: E402

Case = Callable[[random.Random, Path], object]
WHOLE = os.environ.get("BALANCE_FUZZ") == "all"

# -- videos ----------------------------------------------------------------------

FORMS = (
    ("mp4", "mp4", "libx264"), ("mkv", "matroska", "libx264"), ("avi", "avi", "mpeg4"),
    ("avi", "avi", "mjpeg"), ("webm", "webm", "libvpx"), ("gif", "gif", "gif"),
    ("ts", "mpegts", "libx264"), ("flv", "flv", "flv1"), ("h264", "h264", "libx264"),
    ("mov", "mov", "libx264"),
)  # fmt: skip


def encoded(
    rng: random.Random, ending: str, form: str, codec: str, folder: Path
) -> bytes:
    path = folder / f"base.{ending}"
    size = rng.choice(((64, 48), (160, 120), (16, 2000), (2, 2), (322, 242)))
    stamps = rng.choice(("even",) * 6 + ("wall", "leap", "back", "gaps"))
    formats = {"gif": "rgb8", "mjpeg": "yuvj420p"}
    with av.open(f"file:{path}", "w", format=form) as container:
        stream = container.add_stream(codec, rate=30)
        stream.width, stream.height = size
        stream.pix_fmt = formats.get(codec, "yuv420p")
        for number in range(rng.choice((1, 2, 12))):
            shade = np.full((size[1], size[0], 3), 20 * number, np.uint8)
            frame = av.VideoFrame.from_ndarray(shade, "rgb24")
            frame = frame.reformat(format=stream.pix_fmt)
            frame.pts = {
                "even": number, "wall": 10**9 + number, "gaps": number * 10**6,
                "leap": number * 10**8, "back": -number,
            }[stamps]  # fmt: skip
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path.read_bytes()


def video(rng: random.Random, folder: Path) -> object:
    from balance.video.video import probe, read_grey, read_video

    ending, form, codec = rng.choice(FORMS)
    try:
        whole = encoded(rng, ending, form, codec, folder)
    except (av.FFmpegError, OSError, ValueError):
        whole = b"\x00\x00\x00\x20ftypisom" + rng.randbytes(4000)
    path = folder / f"video.{rng.choice((ending, ending, 'mp4', 'avi'))}"
    kind = rng.randrange(12)
    if kind == 0:
        os.mkfifo(path)
    elif kind == 1:
        path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nbase.mp4\n")
    elif kind == 2:
        path.write_bytes(
            rng.choice((b"", b"RIFF", b"\x1aE\xdf\xa3", rng.randbytes(99)))
        )
    elif kind < 5:
        path.write_bytes(whole)
    else:
        path.write_bytes(damage.bytes_of(rng, whole))
    fps = rng.choice((None, 30.0))
    if WHOLE and kind % 2:
        from balance.model.results import Options
        from balance.model.setup import Setup
        from balance.pipeline.analyze import analyze_to_folder

        setup = Setup(options=Options(fps=fps))
        return analyze_to_folder(path, folder / "out", setup, workers=1)
    probe(path)
    with closing(rng.choice((read_video, read_grey))(path, fps=fps)) as frames:
        times = [frame.time_s for frame in frames]
    assert all(a < b for a, b in itertools.pairwise(times))
    assert times[-1] - times[0] < 3600
    return None


# -- recordings ------------------------------------------------------------------


@cache
def _recording_bytes() -> bytes:
    from stored_results import recording_of

    from balance.model.files import pack_recording

    file = io.BytesIO()
    pack_recording(recording_of(30), file)
    return file.getvalue()


def recording(rng: random.Random, folder: Path) -> object:
    from balance.model.files import read_recording
    from balance.pipeline.analyze import assess_recording

    path = folder / "landmarks.npz"
    kind = rng.randrange(4)
    if kind == 0:
        path.write_bytes(damage.bytes_of(rng, _recording_bytes()))
    elif kind == 1:
        path.write_bytes(_bomb(rng))
    else:
        with np.load(io.BytesIO(_recording_bytes())) as stored:
            arrays = dict(stored)
        if kind == 2:
            meta = damage.json_of(rng, json.loads(str(arrays["meta_json"])))
            text = damage.text_of(rng, meta).decode("utf-8", "replace")
            arrays["meta_json"] = np.array(text.replace("\x00", ""))
        else:
            name = rng.choice(list(arrays))
            arrays[name] = _other_array(rng, arrays[name])
        np.savez_compressed(path, **arrays)
    return assess_recording(read_recording(path))


def _other_array(rng: random.Random, array: np.ndarray) -> np.ndarray:
    change = rng.randrange(8)
    if change == 0:
        return np.array("text")
    if change == 1:
        return np.atleast_1d(array)[:0]
    if change == 2:
        return np.full(np.shape(array), np.nan)
    if change == 3:
        return np.full(np.shape(array), np.inf)
    if change == 4:
        return np.full(np.shape(array), -1e300)
    if change == 5:
        return np.full(np.shape(array), 1 + 2j)
    if change == 6:
        return np.zeros((*np.shape(array), 2))
    return np.full(np.shape(array), b"x")


def _bomb(rng: random.Random) -> bytes:
    """A few bytes that unpack to gigabytes, or say that they do."""
    head = io.BytesIO()
    shape = rng.choice(((10**9,), (10**12,), (2**62, 2), (-1, 5)))
    describe = {"descr": "<f8", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(head, describe)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(rng.choice((1, 3))):
            body = bytes(rng.choice((8, 10**7)))
            archive.writestr(f"a{number}.npy", head.getvalue() + body)
    return file.getvalue()


def result(rng: random.Random, folder: Path) -> object:
    from stored_results import assessment_of, squats, stance

    from balance.model.files import assessment_to_dict, read_assessment

    path = folder / "assessment.json"
    plain = assessment_to_dict(assessment_of(stance(), squats()))
    path.write_bytes(damage.text_of(rng, damage.json_of(rng, plain)))
    return read_assessment(path)


# -- the history -----------------------------------------------------------------


@cache
def _stores(folder: str) -> tuple[Path, Path, Path]:
    """An empty store, a person's archive, a backup: made once a process."""
    from datetime import date

    from stored_results import assessment_of, recording_of, squats, stance

    from balance.history import open_store
    from balance.history.archive import export_person
    from balance.history.backup import write_backup
    from balance.history.people import PersonRecord, add_person
    from balance.history.recordings import save_recording
    from balance.history.self_reports import SelfReport, add_self_report

    place = Path(folder)
    open_store(place / "empty.sqlite3").close()
    shutil.copy(place / "empty.sqlite3", place / "full.sqlite3")
    (place / "v.mp4").write_bytes(b"encoded")
    with open_store(place / "full.sqlite3") as store:
        add_person(store, PersonRecord("A7", height_mm=1700.0, consent_at="2026-01-01"))
        told = assessment_of(stance(), squats())
        day = date(2026, 1, 2)
        save_recording(
            store, "A7", told, recording_of(30), on=day, video=place / "v.mp4"
        )
        add_self_report(store, "A7", SelfReport(day, 3, 2, 10.0, "well"))
        archive = export_person(store, "A7", place / "a7.zip")
        backup = write_backup(store, place / "all.zip")
    return place / "empty.sqlite3", archive, backup


def archive(rng: random.Random, folder: Path) -> object:
    from balance.history import open_store
    from balance.history.archive import import_person
    from balance.history.people import list_people

    empty, good, _ = _stores(str(folder.parent))
    shutil.copy(empty, folder / "h.sqlite3")
    bad = folder / "bad.zip"
    if rng.random() < 0.25:
        bad.write_bytes(damage.bytes_of(rng, good.read_bytes()))
    else:
        with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w") as new:
            content = damage.json_of(rng, json.loads(old.read("person.json")))
            new.writestr("person.json", damage.text_of(rng, content))
            for name in old.namelist():
                if name != "person.json" and rng.random() < 0.9:
                    new.writestr(name, old.read(name))
            damage.odd_members(rng, new)
    with open_store(folder / "h.sqlite3") as store:
        try:
            return import_person(store, bad)
        finally:
            for one in list_people(store):  # kept whole, or not at all
                _every_page(store, one.code)
            assert not list((folder / "videos").glob(".balance*"))


def _every_page(store, code: str) -> None:  # type: ignore[no-untyped-def]
    from balance.history.pages import people_page, person_page, visit_page

    people_page(store)
    for day in person_page(store, code).visit_days:
        visit_page(store, code, day)


def backup(rng: random.Random, folder: Path) -> object:
    from balance.history import open_store
    from balance.history.backup import restore_backup
    from balance.history.people import PersonRecord, add_person, list_people

    empty, _, good = _stores(str(folder.parent))
    shutil.copy(empty, folder / "h.sqlite3")
    bad = folder / "bad.zip"
    kind = rng.randrange(4)
    if kind == 0:
        bad.write_bytes(damage.bytes_of(rng, good.read_bytes()))
    else:
        with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                if kind == 1:
                    data = damage.bytes_of(rng, data)
                elif name.endswith(".sqlite3"):
                    data = damage.database_of(rng, data, folder)
                new.writestr(name, data)
            damage.odd_members(rng, new)
    with open_store(folder / "h.sqlite3") as store:
        add_person(store, PersonRecord("B1"))
        try:
            restore_backup(store, bad, replace=True)
        except Exception:
            assert [one.code for one in list_people(store)] == ["B1"]
            raise
        for one in list_people(store):
            _every_page(store, one.code)
        assert not list((folder / "videos").glob("[!0-9a-f]*"))
        return None


# -- imports ---------------------------------------------------------------------


def imported(rng: random.Random, folder: Path) -> object:
    from stored_results import recording_of

    from balance.model.setup import Setup
    from balance.pipeline.imported_results import import_to_folder
    from balance.reporting.export.motion import write_trc

    kind = rng.choice(("trc", "openpose", "npy", "csv", "mediapipe"))
    pose = recording_of(30).pose
    if kind == "trc":
        path = folder / "a.trc"
        write_trc(pose, path)
        path.write_bytes(damage.bytes_of(rng, path.read_bytes()))
    elif kind == "npy":
        path = folder / "a.npy"
        shape = rng.choice(((30, 33, 3), (30, 5, 3), (0, 33, 3), (30, 33), (2, 40, 3)))
        np.save(path, np.full(shape, rng.choice((np.nan, 0.0, 1e300, np.inf, 900.0))))
        if rng.random() < 0.6:
            path.write_bytes(damage.bytes_of(rng, path.read_bytes()))
    elif kind == "csv":
        path = folder / "a.csv"
        names = [f"left_hip_{axis}" for axis in "xyz"] + ["x", "", "nose_x"]
        rows = [",".join(rng.choice(("1", "", "x", "1e400", "²")) for _ in names)]
        path.write_bytes(
            damage.bytes_of(rng, "\n".join([",".join(names), *rows]).encode())
        )
    elif kind == "openpose":
        path = folder / "frames"
        path.mkdir()
        for number in range(3):
            person = {"pose_keypoints_2d": [float(number + i) for i in range(75)]}
            frame = damage.json_of(rng, {"people": [person]})
            file = path / f"{number:03d}_keypoints.json"
            file.write_bytes(damage.text_of(rng, frame))
    else:
        path = folder / "a.json"
        points = [{"x": 0.5, "y": i / 40, "visibility": 1.0} for i in range(33)]
        frames = [{"time_s": n / 30, "landmarks": points} for n in range(5)]
        content = {"frames": frames, "width": 640, "height": 480}
        path.write_bytes(damage.text_of(rng, damage.json_of(rng, content)))
    size = rng.choice((None, (640, 480)))
    rate = rng.choice((None, 30.0))
    return import_to_folder(path, folder / "out", Setup(), rate_hz=rate, size_px=size)


# -- names -----------------------------------------------------------------------

SIGNS = ("a", "é", "人", " ", ".", "..", ":", "%d", "*", "[x]", "'", '"', "\\", "\n",
         "-", "=1+1", "🦵", "\u202e", "~", "$HOME", "<b>", "![x](http://x)", "|", "&",
         "file:", "http:", "x" * 80, "\udcff")  # fmt: skip


def name(rng: random.Random, folder: Path) -> object:
    from balance.app.look import plain
    from balance.app.state import safe_name
    from balance.model.files import plain_text
    from balance.model.publish import write_whole
    from balance.model.result_folder import result_folder, written_result
    from balance.video.video import probe

    text = "".join(rng.choice(SIGNS) for _ in range(rng.randint(1, 6)))
    plain(text)
    plain_text(text)
    assert "/" not in safe_name(text.replace("\udcff", ""))
    path = folder / f"{text}.mp4"
    target = result_folder(folder, path.stem, "0" * 64)
    assert target.parent == folder
    assert target.resolve() != folder.resolve()
    with written_result(target) as work:
        (work / "assessment.json").write_text("{}")
    write_whole(path, lambda file: file.write(b"no video"))
    return probe(path)


# -- messages --------------------------------------------------------------------


@cache
def _client():  # type: ignore[no-untyped-def]
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.testclient import TestClient

    from balance.app.guard import Guard
    from balance.app.webcam.routes import webcam_routes

    app = Starlette(routes=webcam_routes(), middleware=[Middleware(Guard)])
    return TestClient(app, base_url="http://localhost")


def message(rng: random.Random, folder: Path) -> object:
    from starlette.websockets import WebSocketDisconnect

    from balance.app.webcam.live_session import LIVE_SESSIONS
    from balance.app.webcam.routes import PREFIX
    from balance.live import LivePlan
    from balance.model.codes import TrialKind

    session = LIVE_SESSIONS.open()
    session.begin(LivePlan(TrialKind.SINGLE_LEG_STANCE, ("left",)))
    client, key = _client(), "0a1b2c3d-0000-4000-8000-000000000000"
    try:
        if rng.random() < 0.4:
            about = {"pieces": 1, "mime": "video/mp4", "sha256": "0" * 64, "bytes": 1,
                     "trial": {"kind": "single_leg_stance", "title": "x"}}  # fmt: skip
            put = client.put(
                f"{PREFIX}/clip/{key}/{rng.choice((0, 1, 99999, 5))}?sid={session.sid}",
                content=rng.randbytes(10),
            )
            body = damage.text_of(rng, damage.json_of(rng, about))
            done = client.post(f"{PREFIX}/clip/{key}?sid={session.sid}", content=body)
            # 503: what came cannot be read, the browser sends it once more.
            assert {put.status_code, done.status_code} <= {200, 400, 409, 413, 503}
            return None
        frame = {"q": 1, "t": 10, "s": [640, 480], "l": "AAAA", "luma": 3, "people": 1}
        whole = {"frames": [frame], "heard": 0, "press": "stop", "lost": "x"}
        text = damage.text_of(rng, damage.json_of(rng, whole))
        place, host = f"{PREFIX}/live?sid={session.sid}", {"host": "localhost"}
        with client.websocket_connect(place, headers=host) as socket:
            socket.send_text(text.decode("utf-8", "replace"))
            try:
                return json.loads(socket.receive_text())
            except WebSocketDisconnect as closed:  # refused is fine, stopped is not
                if "unexpectedly" in str(closed.reason):
                    raise
                return None
    finally:
        LIVE_SESSIONS.close(session.sid)


# -- options ---------------------------------------------------------------------

VALUES = ("", "-1", "0", "nan", "inf", "1e300", "²", "x", "banana", "../../x", "\ud800",
          "9999-12-31", "yesterday", "0x10", "1_000", "25:99", "-", "/dev/zero", "/",
          "999999999999999999999")  # fmt: skip
COMMANDS = (
    "analyze clip.mp4 --height-cm V", "analyze clip.mp4 --age V", "analyze V",
    "analyze clip.mp4 --from V", "analyze clip.mp4 --to V", "analyze clip.mp4 --fps V",
    "analyze clip.mp4 --eyes V", "analyze clip.mp4 --test V", "batch V",
    "analyze clip.mp4 --protocol V", "analyze clip.mp4 --out V", "rescore V",
    "import V", "import a.npy --size V", "import a.npy --fps V", "plan --left V",
    "plan --weeks V", "plan --minutes V", "plan --start V", "plan --at V",
    "plan --last V", "plan --age V", "history add V", "history add A7 --height-cm V",
    "history add A7 --birth-year V", "history add A7 --sex V", "history show V",
    "history show A7 --on V", "history save A7 V", "history forget V --yes",
    "history restore V", "history backup V", "history consent V", "report V",
    "export V", "export --format V", "history self-report A7 --minutes V",
    "history self-report A7 --pain V", "history self-report A7 --on V",
    "batch clip.mp4 --workers V",
)  # fmt: skip


def option(rng: random.Random, folder: Path) -> object:
    from typer.testing import CliRunner

    from balance.cli.main import app

    value = rng.choice(VALUES)
    words = [value if word == "V" else word for word in rng.choice(COMMANDS).split()]
    env = {"BALANCE_STORE": str(folder / "h.sqlite3")}
    os.chdir(folder)
    (folder / "clip.mp4").write_bytes(b"no video")
    np.save(folder / "a.npy", np.zeros((2, 33, 3)))
    done = CliRunner().invoke(app, words, env=env)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code in (0, 1, 2, 3), (words, done.exit_code)
    if done.exit_code:
        raise InputError(f"{words}: exit status {done.exit_code}")
    return None


# Group: the case, how many in a short run, how many in a whole one.
GROUPS: dict[str, tuple[Case, int, int]] = {
    "video": (video, 25, 160),
    "recording": (recording, 20, 80),
    "result": (result, 30, 60),
    "archive": (archive, 15, 60),
    "backup": (backup, 10, 40),
    "imported": (imported, 30, 120),
    "name": (name, 30, 80),
    "message": (message, 30, 80),
    "option": (option, 30, 80),
}
