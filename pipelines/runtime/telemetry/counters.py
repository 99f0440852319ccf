"""Counters of a worker's processes, in shared memory.

Each process writes its own row: no locks are needed, and a killed process loses no counts and blocks no other.
"""

from __future__ import annotations

import mmap
from bisect import bisect_left

from billiard import current_process

OUTCOMES = ("done", "failed", "reused", "lost")
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)
BUCKETS = tuple(f"seconds_up_to_{bound:g}" for bound in (*SECONDS, float("inf")))
NAMES = (*OUTCOMES, "leases_expired", "doorbells_rung_again", *BUCKETS, "seconds_sum")
_ROWS = 1024
_PLACE = {name: place for place, name in enumerate(NAMES)}
_shared = memoryview(mmap.mmap(-1, _ROWS * len(NAMES) * 8)).cast("d")


def add(name: str, amount: float = 1.0) -> None:
    """Add to a counter."""
    # A pool process knows its index in the pool; the replacement of a dead one continues its row.
    row = (getattr(current_process(), "index", -1) + 1) % _ROWS
    _shared[row * len(NAMES) + _PLACE[name]] += amount


def add_seconds(seconds: float) -> None:
    """Count a step's duration in seconds."""
    add(BUCKETS[bisect_left(SECONDS, seconds)])
    add("seconds_sum", seconds)


def total() -> dict[str, float]:
    """Return the sums over all processes of this worker."""
    return {name: sum(_shared[place :: len(NAMES)]) for name, place in _PLACE.items()}
