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


TRIM = """
import ctypes
{imports}
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
blocks = [libc.malloc(4000) for _ in range(20_000)]
for block in blocks: ctypes.memset(block, 1, 4000)
for at, block in enumerate(blocks):
    if at % 100: libc.free(block)
{then}
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS")))
"""


def kilobytes(then: str) -> int:
    code = TRIM.format(imports="from designer.site.arenas import trim", then=then)
    return int(subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True).stdout)


@pytest.mark.slow
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is about the heaps of glibc")
def test_free_pages_between_used_ones_are_returned() -> None:
    assert kilobytes("") - kilobytes("trim()") > 50_000, "of 80 MB, of which 99 % are free"


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is about the heaps of glibc")
def test_eight_threads_have_two_heaps() -> None:
    assert heaps("") > 2, "else this shows nothing"
    assert heaps("from designer.site.arenas import few_arenas; few_arenas()") <= 2
