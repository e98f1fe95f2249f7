"""A private PostgreSQL cluster on a free port, gone when the tests are."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest


def _program(name: str) -> str:
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = str(debian[-1]) if debian else shutil.which(name)
    if found is None:
        pytest.skip(f"PostgreSQL's {name} is not installed")
    return found


def _run(*command: str) -> None:
    # initdb and the server refuse to run as root.
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*as_postgres, *command],
        capture_output=True,
        text=True,
        cwd="/",
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@dataclass
class PostgresServer:
    folder: Path
    port: int

    @classmethod
    @contextmanager
    def start(cls) -> Iterator["PostgresServer"]:
        folder = Path(tempfile.mkdtemp(prefix="balance-postgres-"))
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = cls(folder, port)
        try:
            data = str(folder / "data")
            _run(_program("initdb"), "-D", data, "-U", "balance", "-A", "trust",
                 "-E", "UTF8", "--locale=C")  # fmt: skip
            server.up()
            yield server
        finally:
            server.down("immediate")
            shutil.rmtree(folder, ignore_errors=True)

    def up(self) -> None:
        options = (
            f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 "
            "-c max_connections=50"
        )
        _run(_program("pg_ctl"), "-D", str(self.folder / "data"), "-w", "-t", "300",
             "-l", str(self.folder / "log"), "-o", options, "start")  # fmt: skip

    def down(self, how: str) -> None:
        """Stop it: ``fast``, or ``immediate`` as a power cut would."""
        _run(_program("pg_ctl"), "-D", str(self.folder / "data"), "-m", how, "stop")

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make a database for one test and return its URL."""
        import psycopg

        name = f"test_{uuid4().hex[:12]}"
        admin = f"host=127.0.0.1 port={self.port} user=balance dbname=postgres"
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        yield f"postgresql://balance@127.0.0.1:{self.port}/{name}"
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
