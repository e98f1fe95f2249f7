"""The house rules: small files, small functions, no forgotten docstring."""

import ast
from pathlib import Path

import pytest

SOURCES = sorted((Path(__file__).parents[1] / "balance").rglob("*.py"))
LONGEST_FILE = 400
LONGEST_FUNCTION = 60


def code_lines(node: ast.AST, text: list[str]) -> int:
    """Count the lines of a function that hold code, its docstring left out."""
    body = getattr(node, "body", [])
    if (
        body
        and isinstance(body[0], ast.Expr)
        and isinstance(body[0].value, ast.Constant)
    ):
        body = body[1:]
    if not body:
        return 0
    lines = text[body[0].lineno - 1 : body[-1].end_lineno]
    return sum(
        bool(line.strip()) and not line.strip().startswith("#") for line in lines
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.name))
def test_no_file_becomes_a_dumping_ground(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.name))
def test_no_function_is_too_long_to_read(path: Path) -> None:
    text = path.read_text().splitlines()
    for node in ast.walk(ast.parse("\n".join(text))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert code_lines(node, text) <= LONGEST_FUNCTION, node.name
