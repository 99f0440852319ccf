"""Disk faults: the store is on a small disk of its own, which is filled repeatedly."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.chaos.arena import Arena
from tests.chaos.oracle import RequestedRun


class DiskArena(Arena):
    """Runs that failed on a full disk are started again once there is space, and must then finish."""

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self.failed: list[RequestedRun] = []

    def judged(self, run: RequestedRun, audit: Mapping[str, Any]) -> None:
        if any((step["error"] or {}).get("code") == "disk_full" for step in audit["steps"].values()):
            self.failed.append(run)

    def settle(self) -> None:
        super().settle()
        again, self.failed = self.failed, []
        self.counts["disk_full"] += len(again)
        for run in again:
            self.start(RequestedRun(run.drawn))
        super().settle()
        if left := list(self.home.small_disk.glob("*/scratch/*")):
            self.violations.append(f"unfinished files were left on the disk: {left}")


def disk(arena: Arena, count: int) -> None:
    """The disk of the store is full for a moment."""
    ballast = arena.home.small_disk / "ballast"
    for _ in range(count):
        arena.keep_running()
        arena.pause(0.1, 0.6)
        at = time.time()
        _fill(ballast)
        arena.pause(0.1, 0.8)
        ballast.unlink()
        arena.record_fault(at, loses=False, full=True)


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        for size in (2**20, 2**12, 1):
            try:
                while file.write(b"\0" * size):
                    pass
            except OSError:
                continue
