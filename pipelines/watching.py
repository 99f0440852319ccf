"""What a running step takes, seen from outside: who takes longer or more memory than is allowed is ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.utils import timezone

from pipelines.execution.memory import SCARCE_SHARE, available_bytes, fair_bytes, in_words, machine_bytes, step_bytes
from pipelines.execution.targets.watch import LESS_MEMORY, LESS_TIME
from pipelines.graph.problem import Problem
from pipelines.limits import allowed

# So much of what it may take makes a step large: should its process die, it is not started again.
LARGE_SHARE = 0.75
# Memory of a step that was ended is not free at once.
NEXT_END_AFTER_LOOKS = 4


class Watch:
    """Knows what each process had before its step. Look at all processes at each beat; a step is then known from its first beat on."""

    def __init__(self) -> None:
        self._now: dict[int, int] = {}
        self._before: dict[int, int] = {}
        self._first: dict[tuple[int, int], int] = {}
        self._took: dict[tuple[int, int], int] = {}
        self._is_scarce = False
        self._fair = 0
        self._looks_to_wait = 0

    def look(self, pids: Iterable[int], steps: Iterable[tuple[int, int]]) -> None:
        """Read what processes have.

        Args:
            pids: The processes that may carry steps out.
            steps: Id and attempt of those that are carried out.
        """
        self._before, self._now = self._now, {pid: own_bytes(pid) for pid in pids}
        held = set(steps)
        self._first = {step: bytes for step, bytes in self._first.items() if step in held}
        self._took = {step: bytes for step, bytes in self._took.items() if step in held}
        self._is_scarce = available_bytes() < machine_bytes() * SCARCE_SHARE
        self._fair = fair_bytes(len(self._now))
        self._looks_to_wait = max(0, self._looks_to_wait - 1)

    def overdrawn(
        self, pid: int, step: tuple[int, int], node: str, started_at: datetime, limits: Mapping[str, Any], execution: Mapping[str, Any]
    ) -> Problem | None:
        """What a step took too much of: time, or memory beyond what its process had before."""
        seconds, memory = allowed(limits, execution)
        most = step_bytes() if memory is None else memory
        took = self._measure(pid, step)
        if took > most:
            words = f"The step took {in_words(took)} of memory; it may take {in_words(most)}."
            return Problem("out_of_memory", words, node, remedy=LESS_MEMORY)
        if self._starves(step):
            self._looks_to_wait = NEXT_END_AFTER_LOOKS
            words = f"The machine had almost no memory left, and of the steps on it this one took most: {in_words(took)}."
            return Problem("out_of_memory", words, node, remedy="Use fewer rows or columns, or run it when less runs beside it.")
        if seconds is not None and (timezone.now() - started_at).total_seconds() > seconds:
            words = f"The step took longer than the {seconds:,g} {'second' if seconds == 1 else 'seconds'} that it may."
            return Problem("took_too_long", words, node, remedy=LESS_TIME)
        return None

    def large(self, step: tuple[int, int], limits: Mapping[str, Any], execution: Mapping[str, Any]) -> int | None:
        """What a step took at the last look, where that is so much that the system may end its process for it; else nothing."""
        took, (_, memory) = self._took.get(step, 0), allowed(limits, execution)
        most = step_bytes() if memory is None else memory
        return took if took > most * LARGE_SHARE or (self._is_scarce and took > self._fair) else None

    def _measure(self, pid: int, step: tuple[int, int]) -> int:
        now = self._now.get(pid, 0)
        took = now - self._first.setdefault(step, min(now, self._before.get(pid, now)))
        self._took[step] = took
        return took

    def _starves(self, step: tuple[int, int]) -> bool:
        """Whether a step is the one to end so that the machine has memory again."""
        largest, took = max(self._took.items(), key=itemgetter(1))
        return self._is_scarce and not self._looks_to_wait and step == largest and took > self._fair


def own_bytes(pid: int) -> int:
    """The memory that a process has to itself: mapped files, which the system takes back when it must, are none of it."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
    return 0
