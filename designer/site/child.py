"""A process that the supervisor starts, restarts and ends."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PR_SET_PDEATHSIG = 1
RESTART_AFTER_SECONDS = 1.0
SLOWEST_RESTART_SECONDS = 60.0
STEADY_SECONDS = 30.0


@dataclass
class Child:
    """One supervised process, in a session of its own so that its children end with it."""

    name: str
    command: list[str]
    env: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    falls: int = 0
    restart_at: float | None = None

    def start(self) -> None:
        """Start it; it ends with this process, however that ends."""
        self.started_at, self.restart_at = time.monotonic(), None
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=dict(self.env), start_new_session=True, preexec_fn=partial(_die_with_parent, os.getpid())
        )

    def has_fallen(self) -> bool:
        """Whether it exited by itself."""
        return self.process is not None and self.process.poll() is not None

    def mind(self, now: float) -> str | None:
        """Restart it some time after it exited by itself, with a growing delay when it exits soon; returns the line to print."""
        if self.restart_at is not None:
            if now >= self.restart_at:
                self.start()
            return None
        if not self.has_fallen():
            return None
        self.falls = self.falls + 1 if now - self.started_at < STEADY_SECONDS else 1
        wait = min(SLOWEST_RESTART_SECONDS, RESTART_AFTER_SECONDS * 2 ** (self.falls - 2)) if self.falls > 1 else 0
        self.restart_at = now + wait
        said = f"The {self.name} stopped unexpectedly ({self._how()}); it is restarted" + (f" in {wait:g} s." if wait else ".")
        return f"{said} It stopped {self.falls} times soon after its start; see the lines above." if self.falls > 2 else said

    def _how(self) -> str:
        code = self.process.returncode if self.process else 0
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"

    def signal(self, number: int) -> None:
        """SIGKILL goes to the whole group; other signals go to the process itself, which ends its children."""
        if self.process and self.process.poll() is None:
            with suppress(ProcessLookupError):
                (os.killpg if number == signal.SIGKILL else os.kill)(self.process.pid, number)


def _die_with_parent(parent: int) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it ended before it could be asked for
        os._exit(1)
