"""How the C library hands out memory.

glibc gives each thread a heap (an arena) of its own, up to eight for each core. What one thread frees the others cannot use,
so a web process whose threads take turns with large documents grows to several times what it holds.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress

M_ARENA_MAX = -8  # malloc.h
MOST = 2


def few_arenas() -> None:
    """Let all threads share two heaps. Must be called before there are threads; without glibc it does nothing."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, MOST)
