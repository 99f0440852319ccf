"""What trials of a search share: they end at its deadline, and use no more threads than leave room for those beside them."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import seconds_left
from pipelines.modelling.parallel import Lines


class UntilDeadline(Lines):
    """Keeps the lines of a trial to itself, and ends it at the deadline, between two trees or iterations."""

    def progress(self, done: float, total: float, words: str) -> None:
        """End the trial when its time is over."""
        require_time()


def require_time(seconds: float = 0.0) -> None:
    """Check that more than so many seconds are left until the deadline of the search.

    Raises:
        ModuleError: `time_over`.
    """
    left = seconds_left()
    if left is not None and left <= seconds:
        raise ModuleError("time_over", "The time budget was over before the trial ended.", remedy="Give the search more time.")


def threads(most: int | None) -> Any:
    """Return a context in which numeric libraries use so many threads; None for as many as there are."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(most)
