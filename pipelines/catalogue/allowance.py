"""How much memory the running step may take, for code that must bound itself, such as a query engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

OUTSIDE_A_STEP = 1024**3  # for looking at columns, where no rows arrive

_memory: ContextVar[int] = ContextVar("memory", default=OUTSIDE_A_STEP)


@contextmanager
def memory_allowed(size: int) -> Iterator[None]:
    """Inside, a step may take this many bytes."""
    token = _memory.set(size)
    try:
        yield
    finally:
        _memory.reset(token)


def memory_allowance() -> int:
    """How many bytes the running step may take."""
    return _memory.get()
