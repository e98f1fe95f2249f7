"""Ways to spoil bytes and JSON, each drawn from a seeded generator."""

import copy
import json
import random
import sqlite3
import warnings
import zipfile
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

JUNK: tuple[Any, ...] = (
    None, True, -1, 0, 10**400, 1e308, -1e308, float("nan"), float("inf"), "", "NaN",
    "../../x", "yesterday", "2026-13-45", "9999-12-31", "\x00", "\ud800", "x" * 5000,
    "![x](http://x.invalid/p.png)", [], {}, [[]], {"a": {"b": []}}, [1] * 1000, "open",
    "banana", "²", 1.5, "1.5",
)  # fmt: skip

NAMES = (
    "../../x.mp4", "/etc/x", "..", ".", "C:\\x", "C:x", "..\\x", "a/../../x", "", "/",
    "person.json", "history.sqlite3", "a" * 300, "0" * 32 + ".mp4", "é人", "\n",
)  # fmt: skip


def bytes_of(rng: random.Random, whole: bytes) -> bytes:
    """Flip, cut, blank, double or patch some of the bytes."""
    data = bytearray(whole)
    kind = rng.randrange(7)
    if kind == 0:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    elif kind == 1:
        for _ in range(rng.randint(2, 200)):
            data[rng.randrange(len(data))] = rng.randrange(256)
    elif kind == 2:
        del data[rng.randrange(len(data)) :]
    elif kind == 3:
        start = rng.randrange(len(data))
        size = min(rng.randint(1, 4096), len(data) - start)
        data[start : start + size] = bytes(size)
    elif kind == 4:
        start = rng.randrange(len(data))
        data[start:start] = data[: rng.randint(1, 4096)]
    elif kind == 5:  # a number in the head
        start = rng.randrange(max(1, min(len(data), 2048) - 4))
        value = rng.choice((b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", bytes(4)))
        data[start : start + 4] = value
    else:
        data = bytearray(rng.randbytes(rng.randint(1, 2000))) + data
    return bytes(data)


def odd_members(rng: random.Random, archive: zipfile.ZipFile) -> None:
    """Add what no archive of ours holds: paths that lead out, links, other packing."""
    for _ in range(rng.choice((0, 0, 1, 3))):
        name = rng.choice(NAMES)
        member = zipfile.ZipInfo(rng.choice(("", "videos/", "landmarks/")) + name)
        member.external_attr = rng.choice((0o100644, 0o120777, 0o040755)) << 16
        kind = rng.choice((0, 0, 0, 8, 8, 8, 12, 14))
        with warnings.catch_warnings(action="ignore"):  # the same name twice
            archive.writestr(member, bytes(rng.choice((0, 9, 10**6))), kind)


def database_of(rng: random.Random, whole: bytes, folder: Path) -> bytes:
    """Put something else into a column of a table, or a thing that acts by itself."""
    file = folder / "changed.sqlite3"
    file.write_bytes(whole)
    with closing(sqlite3.connect(file)) as connection, connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        table = rng.choice([name for (name,) in rows])
        columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
        values = (*(one for one in JUNK if isinstance(one, str | int)), b"\xff", 9e999)
        with suppress(sqlite3.Error, OverflowError, UnicodeError):
            column, value = rng.choice(columns)[1], rng.choice(values)
            connection.execute(f"UPDATE {table} SET {column} = ?", (value,))
        if rng.random() < 0.1:
            trigger = f"CREATE TRIGGER t AFTER INSERT ON {table} BEGIN SELECT 1; END"
            connection.execute(trigger)
    return file.read_bytes()


def json_of(rng: random.Random, whole: Any) -> Any:
    """Replace, drop, add or nest something anywhere."""
    value = copy.deepcopy(whole)
    for _ in range(rng.choice((1, 1, 1, 3))):
        place, key = _somewhere(rng, value)
        if place is None:
            return rng.choice(JUNK)
        kind = rng.randrange(6)
        if kind == 0:
            del place[key]
        elif kind == 1 and isinstance(place, dict):
            place[rng.choice(("extra", "", "__proto__"))] = rng.choice(JUNK)
        elif kind == 2:
            deep: Any = 1
            for _ in range(rng.choice((50, 500))):
                deep = [deep]
            place[key] = deep
        else:
            place[key] = rng.choice(JUNK)
    return value


def text_of(rng: random.Random, value: Any) -> bytes:
    """JSON text, now and then nested far deeper than any reader follows."""
    if rng.random() < 0.05:
        return b"[" * 100_000 + b"]" * 100_000
    text = json.dumps(value)
    if rng.random() < 0.1:
        return bytes_of(rng, text.encode())
    return text.encode("utf-8", "surrogatepass")


def _somewhere(rng: random.Random, value: Any) -> tuple[Any, Any]:
    place, key = None, None
    here = value
    while isinstance(here, dict | list) and here:
        place = here
        key = rng.choice(list(here) if isinstance(here, dict) else range(len(here)))
        here = here[key]
        if rng.random() < 0.25:
            break
    return place, key
