"""Process groups that a test starts and stops, and polling for conditions."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from pipelines.procfs import is_alive

PATIENCE = 30.0
T = TypeVar("T")


def wait_until(what: Callable[[], T], seconds: float = PATIENCE) -> T:
    """The result of a call, as soon as it is true."""
    until = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < until, f"not within {seconds} s; now: {found!r}"
        time.sleep(0.05)
    return found


class Group:
    """A process in a session of its own, with its children."""

    def __init__(self, process: subprocess.Popen[Any] | Born) -> None:
        self.process = process

    @property
    def pids(self) -> list[int]:
        """The living processes of the group."""
        found = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
        return [pid for pid in found if is_alive(pid) and self._is_ours(pid)]

    def _is_ours(self, pid: int) -> bool:
        with suppress(ProcessLookupError):
            return os.getsid(pid) == self.process.pid
        return False

    def tell(self, number: int) -> None:
        """Signal the whole group."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def tell_family(self, number: int) -> None:
        """Signal the main process and its children, which may be in groups of their own, as PostgreSQL's are."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in (self.process.pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self) -> None:
        """Kill the main process alone, as the OOM killer does."""
        self.process.kill()
        self.process.wait()

    def end(self, number: int = signal.SIGTERM) -> None:
        """Stop the whole group: first by a signal, then by SIGKILL."""
        self.tell(signal.SIGCONT)
        if self.process.poll() is None:
            self.process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
        self.tell(signal.SIGKILL)
        self.process.wait()
        wait_until(lambda: not self.pids, 5)


class Born:
    """A process forked by the prefork server: the interface of a Popen, but not our child."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """None while it runs."""
        return None if is_alive(self.pid) else 0

    def wait(self, timeout: float = PATIENCE) -> None:
        """Wait until it has ended."""
        try:
            wait_until(lambda: self.poll() is not None, timeout)
        except AssertionError as late:
            raise subprocess.TimeoutExpired(str(self.pid), timeout) from late

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
