"""The commands ``balance app`` and ``balance live``."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from balance.errors import BalanceError, InputError, VideoError

if TYPE_CHECKING:
    from balance.commands.live_show import Recorder
    from balance.live import LivePlan

app = typer.Typer()

LOCAL = "localhost"
LARGEST_UPLOAD_MB = 2000


def server_options(address: str, port: int, browser: bool) -> dict[str, Any]:
    """Every Streamlit option that the app relies on, whatever config files say."""
    from balance.ui.look import THEME

    return {
        **THEME,
        "server.address": address,
        "server.port": port,
        "server.headless": not browser,
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "server.showEmailPrompt": False,
        "server.maxUploadSize": LARGEST_UPLOAD_MB,
        "browser.gatherUsageStats": False,
        "browser.serverAddress": address,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
    }


@app.command("app")
def app_command(
    port: Annotated[int, typer.Option(help="Port of the app.")] = 8501,
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
    """Open the app in the browser: test yourself, analyse videos, look at results."""
    if allow_remote:
        require_login()
        from balance.ui.gate import REMOTE

        os.environ[REMOTE] = "1"
    address = "0.0.0.0" if allow_remote else LOCAL
    serve(server_options(address, port, not no_browser))


def serve(options: dict[str, Any]) -> None:
    """Run the server until it is stopped."""
    try:
        import streamlit as st
    except ImportError as error:
        raise BalanceError(
            "the app needs Streamlit: pip install 'streamlit>=1.67'"
        ) from error
    from balance.ui.app import SCRIPT, lifespan, routes

    # Streamlit takes the command line for its own script's; ours is understood.
    sys.argv = sys.argv[:1]
    app_server = st.App(SCRIPT, routes=routes(), lifespan=lifespan)
    app_server.run(config=options)


def require_login() -> None:
    """Refuse to open the app to others unless Streamlit knows how to log them in."""
    import tomllib

    places = [Path.cwd() / ".streamlit", Path.home() / ".streamlit"]
    for place in places:
        secrets = place / "secrets.toml"
        if secrets.is_file() and "auth" in tomllib.loads(secrets.read_text()):
            return
    raise InputError(
        "--allow-remote needs a login, so that strangers on the network see nothing: "
        "describe your OpenID Connect provider in .streamlit/secrets.toml, section "
        "[auth] (redirect_uri, cookie_secret, client_id, client_secret, "
        "server_metadata_url), and install authlib. Put the app behind https, too: "
        "browsers open a camera only there or on localhost."
    )


TESTS = {
    "single-leg-stance": "single_leg_stance_eyes_open",
    "squat": "squat",
    "single-leg-squat": "single_leg_squat",
}


@app.command("live")
def live_command(  # noqa: PLR0913 - the options of the command
    camera: Annotated[
        str, typer.Option(help="Camera number, a stream's address, or a video file.")
    ] = "0",
    test: Annotated[str, typer.Option(help=f"{', '.join(TESTS)}.")] = (
        "single-leg-stance"
    ),
    side: Annotated[str, typer.Option(help="left, right, or both in turn.")] = "both",
    tries: Annotated[int, typer.Option(help="Tries a leg.", min=1, max=10)] = 1,
    headless: Annotated[
        bool, typer.Option("--headless", help="No window: cues as lines.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder for films and results.")] = Path(
        "results"
    ),
) -> None:
    """Test somebody in front of a camera of this computer, without a browser."""
    import tempfile

    from balance.commands.live_show import Recorder, Window, print_events, run_live
    from balance.film.camera import frames_of
    from balance.follow.detector import MediaPipeDetector

    plan = live_plan(test, side, tries)
    frames = frames_of(camera)
    with (
        tempfile.TemporaryDirectory() as folder,
        MediaPipeDetector(outline=False) as detector,
    ):
        recorder = Recorder(Path(folder))
        window = None if headless else Window()
        try:
            run_live(frames, detector, plan, recorder, window or print_events)
        except VideoError as error:
            if not recorder.films:
                raise
            typer.secho(str(error), fg="red", err=True)
        finally:
            if window is not None:
                window.close()
        measure_films(recorder, test, out)


def live_plan(test: str, side: str, tries: int) -> "LivePlan":
    """Lay out a sitting whose person somebody stands beside."""
    from balance.live import LivePlan
    from balance.reference import load_protocol

    if test not in TESTS:
        raise InputError(f"--test {test}: choose one of {', '.join(TESTS)}.")
    if side not in ("left", "right", "both"):
        raise InputError(f"--side {side}: choose one of left, right, both.")
    stage = load_protocol(TESTS[test]).stages[0]
    legs = ("left", "right") if side == "both" else (side,)
    if test == "squat":
        legs = ("both",)
    plan = LivePlan(stage.kind, legs * tries, rest_s=stage.rest_s)
    return replace(
        plan,
        cap_s=stage.seconds or plan.cap_s,
        squats=stage.repetitions or plan.squats,
    )


def measure_films(recorder: "Recorder", test: str, out: Path) -> None:
    """Measure every film as a file, and say what came of it beside the live time."""
    from balance.analyze import analyze_to_folder
    from balance.reporting.wording import end_words, say, trial_title
    from balance.request import make_setup

    setup = make_setup(test=test, eyes="open", protocol=TESTS[test])
    for film, seen in recorder.films:
        result = analyze_to_folder(film, out, setup)
        for trial in result.assessment.trials:
            hold = trial.measures.get("hold_s")
            number = f"{len(trial.repetitions)} repetitions"
            if hold is not None and not trial.repetitions:
                number = f"{say(hold)}"
            live = f" (live {seen.hold_s:.1f} s)" if seen else ""
            typer.echo(f"{trial_title(trial)}: {number}{live}. {end_words(trial)}")
        if not result.assessment.trials:
            typer.echo(f"{film.name}: nothing could be measured.")
        typer.echo(f"Result: {result.folder}")
    if not recorder.films:
        typer.echo("No try was recorded.")
