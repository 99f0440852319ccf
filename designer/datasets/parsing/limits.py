"""Limits of an uploaded file, and resource limits of the process that parses it."""

from __future__ import annotations

import ctypes
import os
import resource
import signal

GIGABYTE = 1024**3
MOST_COLUMNS = 10_000
MOST_CELL_BYTES = 1_000_000
MOST_ROW_BYTES = 4 * 1024**2
MOST_CELLS = 2_000_000_000
MOST_TABLE_BYTES = 16 * GIGABYTE
MOST_PIECE_BYTES = 4 * GIGABYTE
SPARE_DISK_BYTES = 256 * 1024**2  # the free space that steps, too, leave on the store's disk
MOST_MEMORY = 8 * GIGABYTE
MOST_CPU_SECONDS = 600
ARCHIVE_FILES, ARCHIVE_BYTES, ARCHIVE_RATIO, ARCHIVE_FREE_BYTES = 1_000, 2 * GIGABYTE, 100, 20 * 1024**2
MOST_ARCHIVED_FILES, MOST_ARCHIVED_BYTES = 100_000, GIGABYTE  # of an archive that becomes a table of its files
PR_SET_PDEATHSIG = 1


def confine(file_bytes: int) -> None:
    """Limit this process permanently: memory, CPU time, size of written files; it ends when the parent does.

    Memory is limited by address space, which includes the memory-mapped file and its copies.
    """
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit("the parent is gone")
    _limit(resource.RLIMIT_AS, MOST_MEMORY + 4 * file_bytes)
    _limit(resource.RLIMIT_CPU, MOST_CPU_SECONDS)
    _limit(resource.RLIMIT_FSIZE, MOST_TABLE_BYTES)
    _limit(resource.RLIMIT_CORE, 0)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def _limit(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))
