"""Memory allocation settings of the C library.

glibc gives each thread a heap (arena) of its own, up to eight for each core. Other threads cannot use what one thread frees,
so a web process whose threads handle large documents in turn grows to several times the memory in use. glibc also keeps free pages
that lie below used ones.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress

M_ARENA_MAX = -8  # malloc.h
MOST = 2
TRIM_SECONDS = 60.0


def few_arenas() -> None:
    """Let all threads share two heaps. Call it before any thread starts; without glibc it does nothing."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, MOST)


def trim() -> None:
    """Return all free pages to the system, which takes some milliseconds; without glibc it does nothing."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
