"""The same work for several columns at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

import polars as pl

from pipelines.catalogue.reporting import Figures, Level, log, reporting_to

Item = TypeVar("Item")
Result = TypeVar("Result")
FEWEST_ROWS = 20_000  # with fewer, starting threads takes longer than they save


class Lines:
    """A listener that keeps log lines, until somebody says them."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, Level, Figures | None]] = []

    def progress(self, done: float, total: float, words: str) -> None:
        """Work that takes long enough for a bar of its own is not done here."""

    def log(self, line: str, level: Level, figures: Figures | None = None) -> None:
        """Keep a line."""
        self.lines.append((line, level, figures))


def parallel_map(work: Callable[[Item], Result], items: Sequence[Item], rows: int) -> Iterator[Result]:
    """Yield `work(item)` for each item, in order, with as many threads as Polars uses.

    Threads run at the same time while NumPy, SciPy or Polars compute. Log lines and errors come in the order of the items, as from a loop.

    Args:
        work: What to compute. It must not change what it shares with other items.
        items: The items, such as columns.
        rows: The number of rows that an item has.
    """
    threads = min(pl.thread_pool_size(), len(items))
    if threads < 2 or rows < FEWEST_ROWS:
        yield from map(work, items)
        return
    pool = ThreadPoolExecutor(threads)
    try:
        tasks = [(told := Lines(), pool.submit(copy_context().run, _reported, work, item, told)) for item in items]
        for told, task in tasks:
            try:
                result = task.result()
            finally:
                for line in told.lines:
                    log(*line)
            yield result
    finally:
        pool.shutdown(cancel_futures=True)


def _reported(work: Callable[[Item], Result], item: Item, lines: Lines) -> Result:
    with reporting_to(lines):
        return work(item)
