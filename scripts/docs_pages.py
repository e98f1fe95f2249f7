"""Pages that MkDocs makes when it builds: the command reference and the changelog.

    python scripts/docs_pages.py

prints the command reference.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

HEAD = """# Commands

Generated from the program itself. `balance COMMAND --help` prints the same.

Exit status: 0 measured, 2 wrong usage or unreadable input, 3 readable but nothing could
be measured.
"""


def on_files(files: Any, config: Any) -> Any:
    """Add the generated pages; MkDocs calls this."""
    from mkdocs.structure.files import File

    pages = {
        "commands.md": command_reference(),
        "changelog.md": (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
        "contributing.md": (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"),
    }
    for name, text in pages.items():
        files.append(File.generated(config, name, content=text))
    return files


def command_reference() -> str:
    """Describe every command with its arguments and options."""
    import typer

    from balance.cli.main import app

    whole = typer.main.get_command(app)
    context = typer.Context(whole, info_name="balance")
    return "\n".join([HEAD, *_described(whole, context)])


def _described(command: Any, context: Any) -> Iterator[str]:
    """Yield the sections of a group's commands, those of groups in it too."""
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        if below is None or below.hidden:
            continue
        inner = type(context)(below, info_name=name, parent=context)
        yield f"## `{inner.command_path}`\n"
        yield f"{_plain(below.help)}\n"
        usage = " ".join([inner.command_path, *below.collect_usage_pieces(inner)])
        yield f"```text\n{usage}\n```\n"
        yield from _parameters(below, inner)
        if hasattr(below, "list_commands"):
            yield from _described(below, inner)


def _parameters(command: Any, context: Any) -> Iterator[str]:
    rows = [record for p in command.params if (record := p.get_help_record(context))]
    if rows:
        yield "| option | meaning |\n|---|---|"
        yield from (f"| `{_cell(name)}` | {_text(text)} |" for name, text in rows)
        yield ""


def _plain(text: str | None) -> str:
    return " ".join((text or "").replace("\b", "").split("\f")[0].split())


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _text(text: str) -> str:
    return _cell(text).replace("<", "&lt;")


if __name__ == "__main__":
    print(command_reference())
