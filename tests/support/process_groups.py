"""Process groups that a test starts and stops, and polling for conditions."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pipelines.procfs import is_alive

if TYPE_CHECKING:
    from tests.support.prefork import Forked

PATIENCE = 30.0
T = TypeVar("T")


def wait_until(what: Callable[[], T], seconds: float = PATIENCE, every: float = 0.05) -> T:
    """The result of a call, as soon as it is true. The longer it takes, the less often it is asked, since those who answer need the processor
    too: the wait is at most a tenth longer, and at most 0.3 s."""
    started = time.monotonic()
    while not (found := what()):
        waited = time.monotonic() - started
        assert waited < seconds, f"not within {seconds} s; now: {found!r}"
        time.sleep(max(every, min(waited / 10, 0.3)))
    return found


class Group:
    """A process in a session of its own, with its children."""

    def __init__(self, process: subprocess.Popen[Any] | Forked) -> None:
        self.process = process

    @property
    def pids(self) -> list[int]:
        """The living processes of the group."""
        found = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
        return [pid for pid in found if self._is_ours(pid) and is_alive(pid)]  # the cheap question first

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
