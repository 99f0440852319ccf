"""Time and memory of running steps, measured from outside; a step that exceeds a limit is stopped."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from django.utils import timezone

from pipelines.execution.memory import SCARCE_SHARE, fair_bytes, in_words, step_bytes
from pipelines.execution.targets.limit_monitor import LESS_MEMORY, LESS_TIME
from pipelines.graph.problem import Problem
from pipelines.procfs import available_bytes, family, held_bytes, held_together, machine_bytes
from pipelines.runtime.ledger.quota import StepLimits

# A step with this share of its memory limit is large: if its process dies, it is not restarted.
LARGE_SHARE = 0.75
# The memory of a stopped step is not free at once.
SAMPLES_BETWEEN_KILLS = 4
MOST_PROCESSES = 1000  # descendants counted with a process


class Memory(NamedTuple):
    """The memory of a process in bytes: alone, and with all its descendants, such as a step's sandbox."""

    own: int = 0
    whole: int = 0


NOTHING = Memory()


class ResourceMonitor:
    """Measures each process's memory against that before its step. Sample all processes at each beat; the first beat gives the baseline.

    A step's limit applies to its process alone, since sandboxes and containers enforce their own. When memory is scarce, a step's sandbox
    counts as well; a container does not, as its Docker engine may be on another machine.
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
        """Measure processes.

        Args:
            pids: The processes that may execute steps.
            steps: Id and attempt of the running steps.
        """
        pids = list(pids)
        self._is_scarce = available_bytes() < machine_bytes() * SCARCE_SHARE
        self._fair = fair_bytes(len(pids))
        self._before, self._now = self._now, {pid: memory_of(pid, self._fair) for pid in pids}
        held = set(steps)
        self._first = {step: bytes for step, bytes in self._first.items() if step in held}
        self._took = {step: bytes for step, bytes in self._took.items() if step in held}
        self._looks_to_wait = max(0, self._looks_to_wait - 1)

    def exceeded(self, pid: int, step: tuple[int, int], node: str, started_at: datetime, limits: StepLimits) -> Problem | None:
        """Return a problem when a step exceeds its time limit, or its memory limit beyond the baseline of its process."""
        most = _most_bytes(limits)
        took = self._measure(pid, step)
        if took.own > most:
            words = f"The step used {in_words(took.own)} of memory; its limit is {in_words(most)}."
            return Problem("out_of_memory", words, node, remedy=LESS_MEMORY)
        if self._starves(step):
            self._looks_to_wait = SAMPLES_BETWEEN_KILLS
            words = f"The machine was almost out of memory, and this step used the most: {in_words(took.whole)}."
            return Problem("out_of_memory", words, node, remedy="Use fewer rows or columns, or run it when the machine is less busy.")
        if (seconds := limits.seconds) is not None and (timezone.now() - started_at).total_seconds() > seconds:
            words = f"The step exceeded its time limit of {seconds:,g}\u00a0s."
            return Problem("took_too_long", words, node, remedy=LESS_TIME)
        return None

    def large(self, step: tuple[int, int], limits: StepLimits) -> int | None:
        """Return a step's last sample in bytes if it is so large that the kernel may kill its process for it, else None."""
        took, most = self._took.get(step, NOTHING), _most_bytes(limits)
        return took.whole if took.own > most * LARGE_SHARE or (self._is_scarce and took.whole > self._fair) else None

    def _measure(self, pid: int, step: tuple[int, int]) -> Memory:
        now = self._now.get(pid, NOTHING)
        before = self._before.get(pid, now)
        first = self._first.setdefault(step, Memory(min(now.own, before.own), min(now.whole, before.whole)))
        took = self._took[step] = Memory(now.own - first.own, now.whole - first.whole)
        return took

    def _starves(self, step: tuple[int, int]) -> bool:
        """Return whether this step must be stopped to free memory on the machine."""
        largest = max(self._took, key=lambda one: self._took[one].whole)
        return self._is_scarce and not self._looks_to_wait and step == largest and self._took[step].whole > self._fair


def _most_bytes(limits: StepLimits) -> int:
    return step_bytes() if limits.memory_bytes is None else limits.memory_bytes


def memory_of(pid: int, most: int) -> Memory:
    """Return the memory of a process; memory that its descendants share counts once when the total exceeds `most`."""
    own = held_bytes(pid)
    return Memory(own, own + held_together(islice(family(pid, MOST_PROCESSES), 1, None), most))
