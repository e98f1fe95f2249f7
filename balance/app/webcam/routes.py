"""Routes beside the pages: decisions over a WebSocket, clips and files over HTTP.

Streamlit's rerun is too slow for decisions (six a second, and it freezes while a page
draws); a route of the same server answers every frame within milliseconds.
"""

import json
import logging
import mimetypes
from pathlib import Path
from urllib.parse import urlparse

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from balance.app.webcam import clips
from balance.app.webcam.sitting import SITTINGS, LiveSession
from balance.model.errors import InputError
from balance.reference.loader import load_exercises
from balance.reporting.drawings.exercises import draw_exercise
from balance.tracking.detector import NO_MASK_MODEL

PREFIX = "/balance/webcam"
FRONTEND = Path(__file__).parent / "frontend"
# Codes of our own, since a browser sees of a refused handshake only 1006.
REFUSED, BROKEN = 4403, 4500
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
    sitting = SITTINGS.get(socket.query_params.get("sid", ""))
    if sitting is None or not _same_origin(socket):
        await socket.close(REFUSED)
        return
    try:
        while True:
            message = json.loads(await socket.receive_text())
            # About a millisecond; anything slow would belong in a thread.
            await socket.send_text(json.dumps(sitting.handle_message(message)))
    except WebSocketDisconnect:
        return
    except (InputError, ValueError, TypeError, AttributeError) as error:
        _log.warning("webcam message refused: %s", error)
        await socket.close(BROKEN, str(error)[:100])


async def _piece(request: Request) -> Response:
    sitting = _allowed(request)
    if sitting is None:
        return _refuse("this page is no longer known; reload it", 403)
    key, number = request.path_params["key"], request.path_params["number"]
    if int(request.headers.get("content-length", 0)) > clips.LARGEST_PIECE:
        return _refuse("the piece is too large", 413)
    try:
        clips.keep_piece(sitting, key, number, await request.body())
    except (InputError, OSError) as error:
        return _refuse(str(error), 400)
    return JSONResponse({"kept": number})


async def _finish(request: Request) -> Response:
    sitting = _allowed(request)
    if sitting is None:
        return _refuse("this page is no longer known; reload it", 403)
    try:
        about = json.loads(await request.body())
        missing = clips.finish(sitting, request.path_params["key"], about)
    except (InputError, OSError, ValueError, AttributeError) as error:
        return _refuse(str(error), 400)
    if missing:
        return JSONResponse({"missing": missing}, 409)
    return JSONResponse({"stored": True})


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
    sitting = SITTINGS.get(request.query_params.get("sid", ""))
    return sitting if _same_origin(request) else None


def _same_origin(connection: Request | WebSocket) -> bool:
    """CORS does not cover WebSockets, so another site's page is refused here."""
    origin = connection.headers.get("origin")
    return not origin or urlparse(origin).netloc == connection.headers.get("host")


def _refuse(why: str, status: int) -> Response:
    return JSONResponse({"error": why}, status)
