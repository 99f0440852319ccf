"""What a running step takes, seen from outside: who takes longer or more memory than is allowed is ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from django.utils import timezone

from pipelines.execution.memory import SCARCE_SHARE, available_bytes, fair_bytes, in_words, machine_bytes, step_bytes
from pipelines.execution.targets.limit_monitor import LESS_MEMORY, LESS_TIME, family, held_bytes
from pipelines.graph.problem import Problem
from pipelines.runtime.ledger.quota import step_limits

# So much of what it may take makes a step large: should its process die, it is not started again.
LARGE_SHARE = 0.75
# Memory of a step that was ended is not free at once.
NEXT_END_AFTER_LOOKS = 4
MOST_PROCESSES = 1000  # that are counted with the one that started them


class Memory(NamedTuple):
    """What a process holds in bytes: alone, and with all processes that it started, such as a step's sandbox."""

    own: int = 0
    whole: int = 0


NOTHING = Memory()


class ResourceMonitor:
    """Knows what each process had before its step. Look at all processes at each beat; a step is then known from its first beat on.

    A step's limit is for its process alone, since a sandbox and a container hold their limits themselves. Where memory is scarce, a step's
    sandbox counts with it; a container does not, as its engine may be on another machine.
    """

    def __init__(self) -> None:
        self._now: dict[int, Memory] = {}
        self._before: dict[int, Memory] = {}
        self._first: dict[tuple[int, int], Memory] = {}
        self._took: dict[tuple[int, int], Memory] = {}
        self._is_scarce = False
        self._fair = 0
        self._looks_to_wait = 0

    def sample(self, pids: Iterable[int], steps: Iterable[tuple[int, int]]) -> None:
        """Read what processes have.

        Args:
            pids: The processes that may execute steps.
            steps: Id and attempt of those that are executed.
        """
        pids = list(pids)
        self._is_scarce = available_bytes() < machine_bytes() * SCARCE_SHARE
        self._fair = fair_bytes(len(pids))
        self._before, self._now = self._now, {pid: memory_of(pid, self._fair) for pid in pids}
        held = set(steps)
        self._first = {step: bytes for step, bytes in self._first.items() if step in held}
        self._took = {step: bytes for step, bytes in self._took.items() if step in held}
        self._looks_to_wait = max(0, self._looks_to_wait - 1)

    def exceeded(
        self, pid: int, step: tuple[int, int], node: str, started_at: datetime, limits: Mapping[str, Any], execution: Mapping[str, Any]
    ) -> Problem | None:
        """What a step took too much of: time, or memory beyond what its process had before."""
        seconds, memory = step_limits(limits, execution)
        most = step_bytes() if memory is None else memory
        took = self._measure(pid, step)
        if took.own > most:
            words = f"The step took {in_words(took.own)} of memory; it may take {in_words(most)}."
            return Problem("out_of_memory", words, node, remedy=LESS_MEMORY)
        if self._starves(step):
            self._looks_to_wait = NEXT_END_AFTER_LOOKS
            words = f"The machine had almost no memory left, and of the steps on it this one took most: {in_words(took.whole)}."
            return Problem("out_of_memory", words, node, remedy="Use fewer rows or columns, or run it when less runs beside it.")
        if seconds is not None and (timezone.now() - started_at).total_seconds() > seconds:
            words = f"The step took longer than the {seconds:,g} {'second' if seconds == 1 else 'seconds'} that it may."
            return Problem("took_too_long", words, node, remedy=LESS_TIME)
        return None

    def large(self, step: tuple[int, int], limits: Mapping[str, Any], execution: Mapping[str, Any]) -> int | None:
        """What a step took at the last look, where that is so much that the system may end its process for it; else nothing."""
        took, (_, memory) = self._took.get(step, NOTHING), step_limits(limits, execution)
        most = step_bytes() if memory is None else memory
        return took.whole if took.own > most * LARGE_SHARE or (self._is_scarce and took.whole > self._fair) else None

    def _measure(self, pid: int, step: tuple[int, int]) -> Memory:
        now = self._now.get(pid, NOTHING)
        before = self._before.get(pid, now)
        first = self._first.setdefault(step, Memory(min(now.own, before.own), min(now.whole, before.whole)))
        took = self._took[step] = Memory(now.own - first.own, now.whole - first.whole)
        return took

    def _starves(self, step: tuple[int, int]) -> bool:
        """Whether a step is the one to end so that the machine has memory again."""
        largest = max(self._took, key=lambda one: self._took[one].whole)
        return self._is_scarce and not self._looks_to_wait and step == largest and self._took[step].whole > self._fair


def memory_of(pid: int, most: int) -> Memory:
    """What a process holds; above `most`, what its processes share among them counts once."""
    own = own_bytes(pid)
    return Memory(own, own + held_bytes(islice(family(pid, MOST_PROCESSES), 1, None), most))


def own_bytes(pid: int) -> int:
    """The memory that a process has to itself: mapped files, which the system takes back when it must, are none of it."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
    return 0
