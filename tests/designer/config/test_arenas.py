"""Threads of a web process share their heaps."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest
from django.conf import settings

HEAPS = """
import ctypes, threading
{first}
libc = ctypes.CDLL(None)
together = threading.Barrier(8)
def work():
    libc.free(libc.malloc(50_000))
    together.wait()
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
threads = [threading.Thread(target=work) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
"""


def heaps(first: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", HEAPS.format(first=first)], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    return done.stdout.count("<heap nr=")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is about the heaps of glibc")
def test_eight_threads_have_two_heaps() -> None:
    assert heaps("") > 2, "else this shows nothing"
    assert heaps("from designer.config.arenas import few_arenas; few_arenas()") <= 2
