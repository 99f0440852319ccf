"""The memory allowance of the running step, for code that must limit itself, such as a query engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

OUTSIDE_A_STEP = 1024**3  # bytes; for column inference, which has no rows

_memory: ContextVar[int] = ContextVar("memory", default=OUTSIDE_A_STEP)


@contextmanager
def memory_allowed(size: int) -> Iterator[None]:
    """Set the memory allowance of a step, in bytes, inside the context."""
    token = _memory.set(size)
    try:
        yield
    finally:
        _memory.reset(token)


def memory_allowance() -> int:
    """Return the memory allowance of the running step, in bytes."""
    return _memory.get()
