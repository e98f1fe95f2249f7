"""The scripts that the gate runs: they find what they are there to find."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).parents[1] / "scripts"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_long_function_and_a_long_file_are_found(tmp_path, capsys) -> None:
    lines = [
        "def short() -> None:",
        '    """Do one thing."""',
        "",
        "    # why",
        "    x = 1",
    ]
    fine = tmp_path / "fine.py"
    fine.write_text("\n".join(lines))
    long = tmp_path / "long.py"
    long.write_text("def long():\n" + "    x = 1\n" * 61 + "\n" * 400)
    house = script("check_house")
    assert house.main([str(fine)]) == 0
    assert house.main([str(fine), str(long)]) == 1
    said = capsys.readouterr().out
    assert "long.py: 462 lines" in said
    assert "long.py:1: long has 61 lines of code" in said


def test_figures_of_real_people_come_first(tmp_path, capsys) -> None:
    (tmp_path / "sway.txt").write_text("clip\nwithin 15 %: 9 of 9\n\n")
    told = "clip: ok\n35 of 38 real clips right\nright before, wrong now: a\n"
    (tmp_path / "real.txt").write_text(told)
    script("accuracy_table").main(tmp_path, write=False)
    rows = capsys.readouterr().out.splitlines()[2:]
    assert [row.split("|")[2].strip() for row in rows] == [
        "35 of 38 real clips right",
        "within 15 %: 9 of 9",
    ]


def test_figures_are_written_between_their_marks(tmp_path, monkeypatch) -> None:
    table = script("accuracy_table")
    page = tmp_path / "accuracy.md"
    page.write_text(table.PAGE.read_text())
    monkeypatch.setattr(table, "PAGE", page)
    (tmp_path / "real.txt").write_text("1 of 1 real clips right\n")
    for _ in range(2):
        table.main(tmp_path, write=True)
    assert page.read_text().count("1 of 1 real clips right") == 1
    assert "## Real people" in page.read_text()


@pytest.mark.parametrize("command", ["analyze", "batch", "history", "benchmark"])
def test_the_reference_tells_every_command(command) -> None:
    text = script("docs_pages").command_reference()
    assert f"## `balance {command}`" in text
    assert "&lt;str" not in text.split("`balance analyze`")[0]
