"""A PostgreSQL server for a test module, on a port of this machine."""

from __future__ import annotations

import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from tests.support.servers import HERE, postgres


def examples(count: int) -> int:
    """The number of generated examples of a test of the database: on PostgreSQL, where it is repeated after SQLite, a fourth."""
    return count if connection.vendor == "sqlite" else count // 4


@contextmanager
def postgresql() -> Iterator[str]:
    """The server's address, which every user and password opens."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # pytest's own is closed to PostgreSQL's user
        server = postgres(Path(folder), HERE)
        with subprocess.Popen(server.command, cwd="/", **server.how) as process:
            try:
                while not server.answers():
                    assert process.poll() is None, "PostgreSQL ended"
                    time.sleep(0.02)
                yield f"postgresql://easel@{HERE}:{urlsplit(server.url).port}/postgres"
            finally:
                process.send_signal(signal.SIGINT)  # it does not wait for open connections
