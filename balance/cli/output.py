"""What every command has in common: ``--json``, ``-q``, ``-v``, ``--version``.

A command says sentences (`say`) and may hand over its result as data (`emit`). With
``--json`` one JSON document goes to standard output instead of the sentences: the data,
or ``{"messages": [...]}`` where a command has none; an error is
``{"error": "...", "exit_status": 2}``. Warnings and errors go to standard error.
"""

import functools
import inspect
import json
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Annotated, Any

import typer

from balance.model.errors import BalanceError
from balance.model.version import __version__

Command = Callable[..., Any]

# What is said after Ctrl-C, and the shell's status for it.
STOPPED, STATUS_STOPPED = "Stopped.", 130


@dataclass
class Output:
    """How a command talks: ``quiet``, ``verbose``, or as one JSON document."""

    quiet: bool = False
    verbose: bool = False
    as_json: bool = False
    messages: list[str] = field(default_factory=list)
    data: Any = None

    def document(self) -> Any:
        """Return what ``--json`` prints."""
        return {"messages": self.messages} if self.data is None else self.data


_current: ContextVar[Output | None] = ContextVar("output", default=None)


def current() -> Output:
    """Return how the running command talks; outside of one, in sentences."""
    return _current.get() or Output()


def say(text: object = "", **style: Any) -> None:
    """Print a line of the result; ``style`` as in ``typer.secho``."""
    output = current()
    if output.as_json:
        output.messages.append(str(text))
    elif not output.quiet:
        typer.secho(str(text), **style)


def warn(text: object) -> None:
    """Print a line that must be seen, on standard error, quiet or not."""
    typer.secho(str(text), fg="red", err=True)


def emit(data: Any) -> None:
    """Hand over the command's result as plain data, for ``--json``."""
    current().data = data


class Commands(typer.Typer):
    """Commands that all know ``--json``, ``-q``, ``-v`` and ``--version``."""

    def command(  # type: ignore[override]
        self, name: str | None = None, **options: Any
    ) -> Callable[[Command], Command]:
        """Register a command; the function itself stays as it was."""
        register = super().command(name, **options)

        def add(function: Command) -> Command:
            register(_with_common_options(function))
            return function

        return add


def show_version(show: bool) -> None:
    """Print the version and end."""
    if show:
        typer.echo(f"balance {__version__}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option(
        "--version", callback=show_version, is_eager=True, help="Print the version."
    ),
]
COMMON = {
    "as_json": Annotated[bool, typer.Option("--json", help="Print JSON.")],
    "quiet": Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")
    ],
    "verbose": Annotated[
        bool, typer.Option("--verbose", "-v", help="Print every measure and finding.")
    ],
    "show_the_version": Version,
}


def _with_common_options(function: Command) -> Command:
    """Return the command with the common options after its own."""

    @functools.wraps(function)
    def run(**given: Any) -> None:
        common = {name: given.pop(name) for name in COMMON}
        output = Output(common["quiet"], common["verbose"], common["as_json"])
        _run(functools.partial(function, **given), output)

    own = inspect.signature(function)
    more = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=kind
        )
        for name, kind in COMMON.items()
    ]
    parameters = [
        one.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for one in own.parameters.values()
    ]
    run.__signature__ = own.replace(parameters=[*parameters, *more])  # type: ignore[attr-defined]
    run.__annotations__ = {**function.__annotations__, **COMMON}
    return run


def _run(command: Callable[[], Any], output: Output) -> None:
    token = _current.set(output)
    try:
        command()
    except BalanceError as error:
        output.data = {"error": str(error), "exit_status": error.exit_status}
        _print_document(output)
        raise
    except KeyboardInterrupt:
        # Typer would end without a word.
        warn(STOPPED)
        output.data = {"error": STOPPED, "exit_status": STATUS_STOPPED}
        _print_document(output)
        raise typer.Exit(STATUS_STOPPED) from None
    except typer.Exit:
        _print_document(output)
        raise
    else:
        _print_document(output)
    finally:
        _current.reset(token)


def _print_document(output: Output) -> None:
    if output.as_json:
        typer.echo(json.dumps(output.document(), indent=1, ensure_ascii=False))
