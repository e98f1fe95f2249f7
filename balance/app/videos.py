"""Result files for the browser: only by a token that a page gave out.

Streamlit's own media store reads a whole video into memory; this one is streamed, with
ranges, so that a click on a time line can jump into it.
"""

import secrets
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

PREFIX = "/balance/video"
PLAYER = Path(__file__).parent / "player"
_TOKENS: dict[str, Path] = {}


def video_routes() -> list[BaseRoute]:
    """Routes for videos and for the player that shows them."""
    return [
        Route(f"{PREFIX}/{{token}}", _video),
        Mount("/balance/player", StaticFiles(directory=PLAYER, check_dir=False)),
    ]


def video_url(path: Path) -> str:
    """Address of a video, good for this process."""
    for token, known in _TOKENS.items():
        if known == path:
            return f"{PREFIX}/{token}"
    token = secrets.token_urlsafe(24)
    _TOKENS[token] = path
    return f"{PREFIX}/{token}"


async def _video(request: Request) -> Response:
    path = _TOKENS.get(request.path_params["token"])
    if path is None or not path.is_file():
        return Response("This video is no longer here.", 404)
    return FileResponse(path, media_type="video/mp4")
