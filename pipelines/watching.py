"""What a running step takes, seen from outside: who takes longer or more memory than is allowed is ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from pipelines.execution.memory import in_words
from pipelines.execution.targets.watch import LESS_MEMORY, LESS_TIME
from pipelines.graph.problem import Problem
from pipelines.limits import allowed


class Watch:
    """Knows what each process had before its step. Look at all processes at each beat; a step is then known from its first beat on."""

    def __init__(self) -> None:
        self._now: dict[int, int] = {}
        self._before: dict[int, int] = {}
        self._first: dict[tuple[int, int], int] = {}

    def look(self, pids: Iterable[int], steps: Iterable[tuple[int, int]]) -> None:
        """Read what processes have.

        Args:
            pids: The processes that may carry steps out.
            steps: Id and attempt of those that are carried out.
        """
        self._before, self._now = self._now, {pid: own_bytes(pid) for pid in pids}
        held = set(steps)
        self._first = {step: bytes for step, bytes in self._first.items() if step in held}

    def overdrawn(
        self, pid: int, step: tuple[int, int], node: str, started_at: datetime, limits: Mapping[str, Any], execution: Mapping[str, Any]
    ) -> Problem | None:
        """What a step took too much of: time, or memory beyond what its process had before."""
        seconds, memory = allowed(limits, execution)
        now = self._now.get(pid, 0)
        took = now - self._first.setdefault(step, min(now, self._before.get(pid, now)))
        if memory is not None and took > memory:
            words = f"The step took {in_words(took)} of memory; it may take {in_words(memory)}."
            return Problem("out_of_memory", words, node, remedy=LESS_MEMORY)
        if seconds is not None and (timezone.now() - started_at).total_seconds() > seconds:
            words = f"The step took longer than the {seconds:,g} {'second' if seconds == 1 else 'seconds'} that it may."
            return Problem("took_too_long", words, node, remedy=LESS_TIME)
        return None


def own_bytes(pid: int) -> int:
    """The memory that a process has to itself: mapped files, which the system takes back when it must, are none of it."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
    return 0
