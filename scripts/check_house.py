"""Check the sizes that no linter knows: files and functions short enough to read.

    python scripts/check_house.py [FILE…]

Without files, all of the package. Exit status 1 where something is too long.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "balance"
LONGEST_FILE = 400
LONGEST_FUNCTION = 60


def code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef, text: list[str]) -> int:
    """Count the lines of a function that hold code, its docstring left out."""
    body = node.body[1:] if ast.get_docstring(node, clean=False) else node.body
    if not body:
        return 0
    lines = text[body[0].lineno - 1 : body[-1].end_lineno]
    return sum(
        bool(line.strip()) and not line.strip().startswith("#") for line in lines
    )


def problems(path: Path) -> Iterator[str]:
    """Say what of a file is too long."""
    source = path.read_text(encoding="utf-8")
    text = source.splitlines()
    if len(text) > LONGEST_FILE:
        yield f"{path}: {len(text)} lines, more than {LONGEST_FILE}"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            count = code_lines(node, text)
            if count > LONGEST_FUNCTION:
                yield (
                    f"{path}:{node.lineno}: {node.name} has {count} lines of code, "
                    f"more than {LONGEST_FUNCTION}"
                )


def main(names: list[str]) -> int:
    """Print every problem and return the exit status."""
    files = [Path(name) for name in names] or sorted(PACKAGE.rglob("*.py"))
    found = [problem for path in files for problem in problems(path)]
    print("\n".join(found) or f"{len(files)} files are short enough")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
