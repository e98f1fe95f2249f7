"""The command ``balance``: arguments in, sentences and exit status out."""

import io
import os
import sys
from typing import Any

import typer
import typer.core

from balance.cli.analyze import add_commands as add_analyze
from balance.cli.app import add_commands as add_app
from balance.cli.batch import add_commands as add_batch
from balance.cli.exchange import add_commands as add_exchange
from balance.cli.history import history
from balance.cli.live import add_commands as add_live
from balance.cli.output import Commands, Version, warn
from balance.cli.protocols import add_commands as add_protocols
from balance.cli.selftest import add_commands as add_selftest
from balance.cli.training import add_commands as add_training
from balance.model.errors import BalanceError
from balance.model.fault_log import nothing_unforeseen

# The order of the help: what most people want comes first.
ORDER = (
    "demo",
    "analyze",
    "rescore",
    "app",
    "live",
    "batch",
    "history",
    "report",
    "export",
    "import",
    "protocols",
    "protocol",
    "exercises",
    "plan",
    "selftest",
    "benchmark",
)


class InOrder(typer.core.TyperGroup):
    """The commands, those of ``ORDER`` first."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names of the commands in the order of the help."""
        names = super().list_commands(ctx)
        known = [name for name in ORDER if name in names]
        return known + [name for name in names if name not in known]


# Help and errors must not wait for MediaPipe: everything heavy is imported inside.
# Plain help: brackets in names are printed as they are.
app = Commands(
    name="balance",
    cls=InOrder,
    help="Measure human balance with an ordinary camera. Nothing leaves this machine.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _main(version: Version = False) -> None:
    """Measure human balance with an ordinary camera. Nothing leaves this machine."""


for add in (
    add_analyze,
    add_app,
    add_live,
    add_batch,
    add_exchange,
    add_protocols,
    add_training,
    add_selftest,
):
    add(app)
app.add_typer(history)


def main() -> None:
    """Run the command; one place turns an error into a sentence and a status."""
    # What is written tells of somebody's health: for its owner alone.
    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        # A name in letters that this terminal does not know must not end the program.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        with nothing_unforeseen():
            app()
    except BalanceError as error:
        warn(error)
        sys.exit(error.exit_status)
