"""Python processes for tests, forked from one that has imported what they need: a start costs a fraction of its processor time."""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, Any

from pipelines.procfs import is_alive
from tests.support.process_groups import PATIENCE, wait_until

ADDRESS = "PREFORK_SERVER"
ROOT = Path(__file__).parents[2]
File = int | IO[Any] | None


class Prefork:
    """A connection to the prefork server."""

    def __init__(self, address: str) -> None:
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._server.connect(address)
        self._lock = threading.Lock()

    def start(
        self,
        arguments: Sequence[str],
        env: Mapping[str, str],
        *,
        stdin: File = subprocess.DEVNULL,
        stdout: File = None,
        stderr: File = None,
        namespace: str = "",
    ) -> Forked:
        """Start what `python ARGUMENTS` is, in a session of its own. The files are those of `subprocess.Popen`; pipes are text.

        Args:
            arguments: The arguments of the interpreter.
            env: The environment.
            stdin: The standard input.
            stdout: The standard output.
            stderr: The standard error.
            namespace: The file of a network namespace.
        """
        with Path(os.devnull).open("r+") as nothing:
            pipes = [os.pipe() if file == subprocess.PIPE else None for file in (stdin, stdout)]
            reading, writing = pipes
            given = [reading[0] if reading else stdin, writing[1] if writing else stdout, stderr]
            files = [_number(file, default, nothing) for default, file in enumerate(given)]
            about = {"arguments": list(arguments), "env": dict(env), "namespace": namespace}
            pid = self._ask("start", about, files)
        for end in (reading and reading[0], writing and writing[1]):
            if end is not None:
                os.close(end)
        return Forked(self, pid, os.fdopen(reading[1], "w") if reading else None, os.fdopen(writing[0]) if writing else None)

    def code(self, pid: int) -> int | None:
        """The exit code of a process; None while it runs."""
        code: int | None = self._ask("code", pid)
        return code

    def _ask(self, verb: str, about: Any, files: Sequence[int] = ()) -> Any:
        with self._lock:
            socket.send_fds(self._server, [json.dumps([verb, about]).encode()], files)
            return json.loads(self._server.recv(1024))


def _number(file: File, default: int, nothing: IO[Any]) -> int:
    if file is None:
        return default
    if file == subprocess.DEVNULL:
        return nothing.fileno()
    return file if isinstance(file, int) else file.fileno()


@cache
def prefork() -> Prefork:
    """The connection of this process. It starts a server, unless the process that started this one did."""
    return Prefork(os.environ.get(ADDRESS) or start_server())


def start_server() -> str:
    """Start a prefork server that ends with this process; returns its address, which answers once all is imported."""
    address = f"{tempfile.mkdtemp(prefix='easel-prefork-')}/socket"
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(address)
        listener.listen()
        number = listener.fileno()
        command = [sys.executable, "-m", "tests.support.prefork_server", str(number)]
        env = {**os.environ, "EASEL_MODULES": "tests.easel_modules", "OMP_NUM_THREADS": "1"}
        server = subprocess.Popen(command, cwd=ROOT, env=env, pass_fds=[number], stdin=subprocess.PIPE, start_new_session=True)
    atexit.register(server.communicate)
    return address


class Forked:
    """A process that the prefork server forked: the interface of a Popen, but not our child."""

    def __init__(self, server: Prefork, pid: int, stdin: IO[str] | None, stdout: IO[str] | None) -> None:
        self.pid, self.stdin, self.stdout = pid, stdin, stdout
        self._server = server

    def poll(self) -> int | None:
        """The exit code; None while it runs."""
        return None if is_alive(self.pid) else self._server.code(self.pid)

    def wait(self, timeout: float = PATIENCE) -> int:
        """Wait until it has ended; returns the exit code."""
        try:
            wait_until(lambda: self.poll() is not None, timeout)
        except AssertionError as late:
            raise subprocess.TimeoutExpired(str(self.pid), timeout) from late
        code = self.poll()
        assert code is not None
        return code

    def send_signal(self, number: int) -> None:
        """As Popen does."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(signal.SIGKILL)
