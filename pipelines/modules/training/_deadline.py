"""The time of a search: what is left of it, trials that end at its deadline, and use no more threads than leave room for those beside them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import seconds_left, until
from pipelines.modelling.boosting import KEPT, TimeOver
from pipelines.modelling.parallel import Lines


@dataclass
class TimeLeft:
    """The seconds until an instant of time.monotonic(). `is_used_up`: the search took its time, so what follows may take all that is left."""

    until: float
    is_used_up: bool = False

    def __call__(self) -> float:
        """Return the seconds that are left."""
        return self.until - time.monotonic()

    def keep(self, seconds: float) -> None:
        """Keep seconds for what comes afterwards."""
        self.until -= seconds


class UntilDeadline(Lines):
    """Keeps the lines of a trial to itself, and ends it at the deadline, between two trees or iterations. Boosted trees are kept, if it says so."""

    def __init__(self, *, keeps_trees: bool = False) -> None:
        super().__init__()
        self.keeps_trees = keeps_trees

    def progress(self, done: float, total: float, words: str) -> None:
        """End the trial when its time is over."""
        require_time(end=TimeOver if self.keeps_trees else ModuleError)

    @property
    def kept(self) -> int | None:
        """The fewest trees that trainings kept when their time was over; None if all were whole."""
        return min((int(figures[KEPT]) for _, _, figures in self.lines if figures and KEPT in figures), default=None)


def require_time(seconds: float = 0.0, end: type[ModuleError] = ModuleError) -> None:
    """Check that more than so many seconds are left until the deadline of the search.

    Raises:
        ModuleError: `time_over`.
    """
    left = seconds_left()
    if left is not None and left <= seconds:
        raise end("time_over", "The time budget was over before the trial ended.", remedy="Give the search more time.")


@contextmanager
def limited(seconds: float | None) -> Iterator[bool]:
    """Execute a trial within a limit of its own; the value says whether that, rather than the deadline of the search, ends first.

    Raises:
        ModuleError: `trial_too_long`.
    """
    left = seconds_left()
    if seconds is None or (left is not None and left <= seconds):
        yield False
        return
    try:
        with until(seconds):
            yield True
    except ModuleError as wrong:
        if wrong.code != "time_over":
            raise
        words, remedy = f"The trial took longer than {seconds:g} seconds.", "Allow more seconds a trial, or search smaller values."
        raise ModuleError("trial_too_long", words, param="trial_seconds", remedy=remedy) from wrong


def threads(most: int | None) -> Any:
    """Return a context in which numeric libraries use so many threads; None for as many as there are."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(most)
