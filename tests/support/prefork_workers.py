"""A prefork server: imports heavy libraries once and forks Celery workers for tests, at a fifth of the cost; each has its own session.

Reads JSON lines of arguments, environment, log file and network namespace; answers each with a process id.
"""

import ctypes
import importlib
import json
import os
import signal
import sys
from typing import Any

# None of Easel's own modules: they read the environment on import.
HEAVY = "celery.bin.celery celery.apps.worker django.db rest_framework polars sklearn.pipeline sklearn.linear_model lightgbm skops.io duckdb pyarrow networkx fsspec docstring_parser drf_spectacular sqlite3 xml.etree.ElementTree"

CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def bear(arguments: list[str], env: dict[str, str], log: str, namespace: str) -> int:
    """Fork a process that becomes a worker; returns its id."""
    if pid := os.fork():
        return pid
    os.setsid()
    if namespace:
        enter(namespace)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for file, number in ((os.open(os.devnull, os.O_RDONLY), 0), (out, 1), (out, 2)):
        os.dup2(file, number)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["celery", *arguments]
    sys.exit(_celery().main())


def enter(namespace: str) -> None:
    """Move this thread, and what it starts from now on, into a network namespace, given by its file."""
    file = os.open(namespace, os.O_RDONLY)
    try:
        if _libc.setns(file, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"cannot enter {namespace}")
    finally:
        os.close(file)


def _celery() -> Any:
    return importlib.import_module("celery.__main__")


def main() -> None:
    """Import, report readiness, and fork a worker per request."""
    for name in HEAVY.split():
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the kernel
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        print(json.dumps(bear(*json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
