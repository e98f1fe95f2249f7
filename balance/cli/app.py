"""The command ``balance app``: options of the server, and who may reach it."""

import os
import secrets
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from balance.model.errors import BalanceError, InputError

LOCAL = "localhost"
SECRETS = Path(".streamlit", "secrets.toml")
# Signs what a page sends back. The one option that Streamlit takes only from here.
COOKIE_SECRET = "STREAMLIT_SERVER_COOKIE_SECRET"
# Below 1024 a server needs rights that nobody should have for this.
PORTS = (1024, 65535)
# What Streamlit's login needs to know of an OpenID Connect provider.
LOGIN = (
    "redirect_uri",
    "cookie_secret",
    "client_id",
    "client_secret",
    "server_metadata_url",
)


def server_options(
    address: str, port: int, browser: bool, *, remote: bool = False
) -> dict[str, Any]:
    """Every Streamlit option that the app relies on, whatever config files say."""
    from balance.app.look import THEME
    from balance.app.places import LARGEST_UPLOAD_MB

    return {
        **THEME,
        "server.address": address,
        "server.port": port,
        "server.headless": not browser,
        "server.baseUrlPath": "",
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "server.showEmailPrompt": False,
        "server.maxUploadSize": LARGEST_UPLOAD_MB,
        # No file in a working folder may open the app to others' pages.
        "server.enableCORS": True,
        "server.enableXsrfProtection": True,
        "server.xsrfCookieSameSite": "lax",
        "server.corsAllowedOrigins": [],
        "server.allowedHosts": [] if remote else ["localhost", "127.0.0.1", "::1"],
        "server.trustedUserHeaders": {},
        "server.unsafeMetricsUserAttributes": [],
        "server.enableStaticServing": False,
        "server.enableAgentApi": False,
        "server.scriptHealthCheckEnabled": False,
        "server.allowRunOnSave": False,
        "server.folderWatchList": [],
        "server.customComponentBaseUrlPath": "",
        "server.maxMessageSize": 200,
        "server.maxWidgetStateSize": 25,
        "server.disconnectedSessionTTL": 120,
        "server.enableExpensiveMemoryStats": False,
        "secrets.files": [str(place) for place in secret_files()],
        "logger.level": "info",
        "global.unitTest": False,
        "global.e2eTest": False,
        "client.allowedOrigins": [],
        "client.showErrorLinks": False,
        "global.developmentMode": False,
        "browser.gatherUsageStats": False,
        "browser.serverAddress": address,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
    }


def add_commands(parent: typer.Typer) -> None:
    """Hang the command into the program."""
    parent.command("app")(app_command)


def app_command(
    port: Annotated[
        int, typer.Option(help=f"Port of the app, {PORTS[0]} to {PORTS[1]}.")
    ] = 8501,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Do not open the browser.")
    ] = False,
    allow_remote: Annotated[
        bool,
        typer.Option(
            "--allow-remote",
            help="Let other computers in, after a login ([auth] in secrets.toml).",
        ),
    ] = False,
) -> None:
    """Open the app in the browser.

    Test yourself, analyse videos, look at results.
    """
    if not PORTS[0] <= port <= PORTS[1]:
        raise InputError(f"--port {port} is not between {PORTS[0]} and {PORTS[1]}.")
    if allow_remote:
        require_login()
        from balance.app.gate import REMOTE

        os.environ[REMOTE] = "1"
    address = "0.0.0.0" if allow_remote else LOCAL
    serve(server_options(address, port, not no_browser, remote=allow_remote))


def serve(options: dict[str, Any]) -> None:
    """Run the server until it is stopped."""
    try:
        import streamlit as st
    except ImportError as error:
        raise BalanceError(
            "the app needs Streamlit: pip install 'streamlit>=1.67'"
        ) from error
    from balance.app.app import SCRIPT, lifespan, middleware, on_script_error, routes

    # New with each start: no file may hold one that others know.
    os.environ[COOKIE_SECRET] = secrets.token_hex(32)
    # Streamlit takes the command line for its own script's; ours is understood.
    sys.argv = sys.argv[:1]
    app_server = st.App(
        SCRIPT,
        routes=routes(),
        lifespan=lifespan,
        middleware=middleware(),
        on_script_error=on_script_error,
    )
    app_server.run(config=options)


def require_login() -> None:
    """Refuse to open the app to others unless Streamlit knows how to log them in."""
    import importlib.util

    missing = [name for name in LOGIN if name not in _described_login()]
    if missing:
        raise InputError(
            "--allow-remote needs a login, so that strangers on the network see "
            "nothing: describe your OpenID Connect provider in "
            f".streamlit/secrets.toml, section [auth]; missing: {', '.join(missing)}. "
            "Put the app behind https, too: browsers open a camera only there or on "
            "localhost."
        )
    if importlib.util.find_spec("authlib") is None:
        raise InputError("--allow-remote needs a login: pip install authlib")


def secret_files() -> tuple[Path, Path]:
    """Return where Streamlit looks for secrets; what the second says goes before."""
    places = Path.home(), Path.cwd()
    return places[0] / SECRETS, places[1] / SECRETS


def _described_login() -> dict[str, Any]:
    """Return what Streamlit finds in the section [auth]: here first, then at home."""
    import tomllib

    for place in reversed(secret_files()):
        try:
            auth = tomllib.loads(place.read_text(encoding="utf-8")).get("auth")
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            raise InputError(f"{place} cannot be read: {error}") from error
        if isinstance(auth, dict):
            return auth
    return {}
