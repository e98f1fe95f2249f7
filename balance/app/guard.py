"""Who may talk to the server, checked before Streamlit or a route of ours answers.

A page of another site can send its visitor's browser here under any name that its
owner points at this computer (DNS rebinding). So the name is asked for first: only
those of this computer are known, and with ``--allow-remote`` the one of the login.
Whatever a browser says of another origin is refused, and the browser is told to load
nothing and to send nothing anywhere else.
"""

import os
from collections.abc import Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from balance.app.gate import REMOTE, THIS_COMPUTER
from balance.app.slow_senders import bounded

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Only for somebody who is logged in, where there is a login.
PRIVATE = (
    "/balance/",
    "/_stcore/upload_file/",
    "/_stcore/metrics",
    "/media/",
    "/component/",
)
# Another port of this computer is another's, too.
ELSEWHERE = ("cross-site", "same-site")
_REFUSED = 4403
# Streamlit makes modules of strings (blob:) and charts compile their formulas.
POLICY = (
    "default-src 'self'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; "
    "media-src 'self' data: blob:; "
    "font-src 'self' data:; "
    "connect-src 'self' {sockets} data: blob:; "
    "worker-src 'self' blob:; "
    "frame-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)


class Guard:
    """Refuse strangers; tell the browser what a page of this app may do."""

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass on what may come in."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = read_headers(scope["headers"])
        why = refusal(scope["path"], headers)
        if why:
            await _refuse(scope["type"], why, receive, send)
            return
        policy = policy_for(headers["host"]).encode("ascii")

        async def answer(message: "Message") -> None:
            if message["type"] == "http.response.start":
                _secure(message, policy)
            await send(message)

        if scope["type"] == "http":
            receive = bounded(receive)
        await self._app(scope, receive, answer)


def refusal(path: str, headers: dict[str, str]) -> str:
    """Say why a request is not answered; "" where it is."""
    host = headers.get("host")
    if not is_known_host(host):
        return "this app is not known by that name"
    if not same_origin(headers.get("origin"), host):
        return "a page of another site may not use this app"
    is_visit = headers.get("sec-fetch-mode") in ("navigate", None)
    if headers.get("sec-fetch-site") in ELSEWHERE and not is_visit:
        return "a page of another site may not use this app"
    if is_remote() and path.startswith(PRIVATE) and not is_logged_in(headers):
        return "please log in first"
    return ""


def read_headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return the headers by name in small letters; what comes twice is joined."""
    found: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}; {text}" if key in found else text
    return found


def is_remote() -> bool:
    """Whether other computers were let in, behind a login."""
    return bool(os.environ.get(REMOTE))


def is_known_host(host: str | None) -> bool:
    """Whether a request was meant for this app by a name of its own."""
    name = host_name(host)
    return name is not None and name in allowed_hosts()


def allowed_hosts() -> tuple[str, ...]:
    """Names of this computer; with a login also the one that it leads back to."""
    if not is_remote():
        return THIS_COMPUTER
    return (*THIS_COMPUTER, *filter(None, [host_name(_login_netloc())]))


def host_name(host: str | None) -> str | None:
    """Return the name out of ``name:port``; None where that is none."""
    if not host or any(sign in host for sign in "/\\@?# \t\r\n;,"):
        return None
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname, parts.port
    except ValueError:
        return None
    return name.lower() if name else None


def same_origin(origin: str | None, host: str | None) -> bool:
    """Whether a page of this app asks, or no page at all."""
    if not origin:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and parts.netloc == host


def policy_for(host: str) -> str:
    """Return the Content-Security-Policy: nothing but this app itself."""
    # Not every browser counts a socket of the same place as its own.
    return POLICY.format(sockets=f"ws://{host} wss://{host}")


def is_logged_in(headers: dict[str, str]) -> bool:
    """Whether the request carries the login's cookie, signed by this server."""
    from streamlit.web.server.starlette import starlette_websocket as streamlit_login
    from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(headers.get("cookie", ""))
        cookies = {name: morsel.value for name, morsel in jar.items()}
        signed = streamlit_login._get_signed_cookie_with_chunks(
            cookies, USER_COOKIE_NAME
        )
        if signed is None:
            return False
        user = streamlit_login._parse_decoded_user_cookie(signed, _login_origin())
    except (CookieError, ValueError, TypeError, AttributeError, KeyError):
        return False
    return bool(user.get("is_logged_in"))


def _login_origin() -> str:
    parts = urlsplit(_redirect_uri())
    return f"{parts.scheme}://{parts.netloc}"


def _login_netloc() -> str:
    return urlsplit(_redirect_uri()).netloc


def _redirect_uri() -> str:
    from streamlit.auth_util import get_secrets_auth_section

    try:
        return str(get_secrets_auth_section().get("redirect_uri") or "")
    except Exception:  # no secrets at all: then there is no login either
        return ""


async def _refuse(kind: str, why: str, receive: "Receive", send: "Send") -> None:
    if kind == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": _REFUSED, "reason": why})
        return
    text = f"{why}\n".encode()
    start: MutableMapping[str, Any] = {
        "type": "http.response.start",
        "status": 403,
        "headers": [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(text)).encode()),
            (b"x-content-type-options", b"nosniff"),
        ],
    }
    await send(start)
    await send({"type": "http.response.body", "body": text})


def _secure(message: "Message", policy: bytes) -> None:
    ours = {
        b"content-security-policy": policy,
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"same-origin",
        b"cross-origin-resource-policy": b"same-origin",
        b"cross-origin-opener-policy": b"same-origin",
    }
    # Nobody else's page may read an answer, whatever an option says.
    dropped = {*ours, b"access-control-allow-origin"}
    kept = [(n, v) for n, v in message.get("headers", []) if n.lower() not in dropped]
    message["headers"] = [*kept, *ours.items()]
