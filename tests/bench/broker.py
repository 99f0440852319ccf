"""A private broker for one part of the benchmark."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.installation import wait_until
from tests.support.servers import Server, embedded_broker


@contextmanager
def broker() -> Iterator[Server]:
    """The broker that `make run` starts, empty, on a private socket."""
    with tempfile.TemporaryDirectory(prefix="easel-bench-") as folder:
        server = embedded_broker(Path(folder))
        process = subprocess.Popen(server.command, stdout=subprocess.DEVNULL)
        try:
            wait_until(server.answers)
            yield server
        finally:
            process.terminate()
            process.wait(10)
