"""Routes beside the pages: decisions over a WebSocket, clips and files over HTTP.

Streamlit's rerun is too slow for decisions (six a second, and it freezes while a page
draws); a route of the same server answers every frame within milliseconds.
"""

import json
import logging
import mimetypes
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from balance.app.guard import same_origin
from balance.app.webcam import clips
from balance.app.webcam.live_session import LIVE_SESSIONS, LiveSession
from balance.model.errors import InputError, OutputError
from balance.model.unpacking import MB, NotReadableError, read_json
from balance.reference.loader import load_exercises
from balance.reporting.drawings.exercises import draw_exercise
from balance.tracking.detector import NO_MASK_MODEL

PREFIX = "/balance/webcam"
FRONTEND = Path(__file__).parent / "frontend"
# Codes of our own, since a browser sees of a refused handshake only 1006.
REFUSED, BROKEN = 4403, 4500
# A minute of frames that are sent again is 400 kB.
LARGEST_MESSAGE = 4 * MB
_NO_SENSE = (ValueError, TypeError, AttributeError, KeyError, OverflowError)
_log = logging.getLogger(__name__)
_served = False


def webcam_routes() -> list[BaseRoute]:
    """All routes of the webcam; making them marks this process as able to serve it."""
    global _served
    _served = True
    mimetypes.add_type("text/javascript", ".mjs")
    mimetypes.add_type("application/wasm", ".wasm")
    return [
        WebSocketRoute(f"{PREFIX}/live", _live),
        Route(f"{PREFIX}/clip/{{key}}/{{number:int}}", _piece, methods=["PUT"]),
        Route(f"{PREFIX}/clip/{{key}}", _finish, methods=["POST"]),
        Route(f"{PREFIX}/pose.task", _model),
        Route(f"{PREFIX}/exercise/{{code}}.svg", _drawing),
        Mount(PREFIX, StaticFiles(directory=FRONTEND, check_dir=False)),
    ]


def is_served() -> bool:
    """Whether the server of this process has the routes."""
    return _served


async def _live(socket: WebSocket) -> None:
    # Accept first: the browser does not see why an unaccepted socket was closed.
    await socket.accept()
    session = LIVE_SESSIONS.get(socket.query_params.get("sid", ""))
    if session is None or not _same_origin(socket):
        await socket.close(REFUSED)
        return
    try:
        while True:
            message = read_json(await socket.receive_text(), LARGEST_MESSAGE)
            if not isinstance(message, dict):
                raise InputError("a message is a JSON object")
            # About a millisecond; anything slow would belong in a thread.
            await socket.send_text(json.dumps(session.handle_message(message)))
    except WebSocketDisconnect:
        return
    except (InputError, *_NO_SENSE) as error:
        _log.warning("webcam message refused: %s", error)
        await socket.close(BROKEN, "the message makes no sense")
    except Exception:
        _log.exception("the live test stopped")
        await socket.close(BROKEN, "the live test stopped unexpectedly")


async def _piece(request: Request) -> Response:
    session = _allowed(request)
    if session is None:
        return _refuse("this page is no longer known; reload it", 403)
    key, number = request.path_params["key"], request.path_params["number"]
    if _said_length(request) > clips.LARGEST_PIECE:
        return _refuse("the piece is too large", 413)
    try:
        await _stream(request, clips.Piece(session, key, number))
    except InputError as error:
        return _refuse(str(error), 400)
    except (OutputError, OSError) as error:
        return _refuse(f"there is no room for the video: {error}", 507)
    except ClientDisconnect:
        return _refuse("the piece did not come whole", 400)
    return JSONResponse({"kept": number})


async def _stream(request: Request, piece: clips.Piece) -> None:
    """Take a piece as it comes, whatever its head says of its length."""
    try:
        async for data in request.stream():
            await run_in_threadpool(piece.write, data)
        await run_in_threadpool(piece.keep)
    except BaseException:
        piece.drop()
        raise


def _said_length(request: Request) -> int:
    text = request.headers.get("content-length", "0")
    return int(text) if text.isascii() and text.isdigit() else 0


async def _finish(request: Request) -> Response:
    session = _allowed(request)
    if session is None:
        return _refuse("this page is no longer known; reload it", 403)
    try:
        about = read_json(await _short_body(request))
        # A long video takes seconds to join: not where live tests are answered.
        missing = await run_in_threadpool(
            clips.finish, session, request.path_params["key"], about
        )
    except clips.UnusableClipError as error:
        return _refuse(str(error), 400)  # final: the browser puts it aside
    except (InputError, NotReadableError) as error:
        return _refuse(f"{error}; it is tried again", 503)
    except (OutputError, OSError) as error:
        return _refuse(f"there is no room for the video: {error}", 507)
    except Exception:
        _log.exception("a video could not be handed over to be measured")
        return _refuse("the video could not be taken; it is tried again", 500)
    if missing:
        return JSONResponse({"missing": missing}, 409)
    return JSONResponse({"stored": True})


async def _short_body(request: Request) -> bytes:
    data = b""
    async for some in request.stream():
        data += some
        if len(data) > LARGEST_MESSAGE:
            raise InputError("the message is too long")
    return data


async def _model(_: Request) -> Response:
    if not NO_MASK_MODEL.exists():
        return _refuse("the pose model is missing", 404)
    return FileResponse(NO_MASK_MODEL, media_type="application/octet-stream")


async def _drawing(request: Request) -> Response:
    exercise = load_exercises().exercises.get(request.path_params["code"])
    if exercise is None:
        return _refuse("there is no such exercise", 404)
    return Response(draw_exercise(exercise), media_type="image/svg+xml")


def _allowed(request: Request) -> LiveSession | None:
    session = LIVE_SESSIONS.get(request.query_params.get("sid", ""))
    return session if _same_origin(request) else None


def _same_origin(connection: Request | WebSocket) -> bool:
    """CORS does not cover WebSockets, so another site's page is refused here."""
    return same_origin(connection.headers.get("origin"), connection.headers.get("host"))


def _refuse(why: str, status: int) -> Response:
    return JSONResponse({"error": why}, status)
