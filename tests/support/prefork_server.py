"""A process that imports what Easel needs once, and forks Python processes for tests; each has its own session. See prefork.py.

Each request is a message on a Unix socket: `start` with a description and three files, answered with a process id; or `code` with a process
id, answered with its exit code, or null while it runs. The server exits when its standard input is closed, and they end with it.
"""

import atexit
import ctypes
import gc
import importlib
import json
import os
import runpy
import select
import shutil
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

from pipelines.catalogue.discover import catalogue

# None of what reads Django's settings: each process has its own.
HEAVY = """celery.bin.celery celery.apps.worker django.db django.test rest_framework drf_spectacular polars sklearn.pipeline sklearn.linear_model
lightgbm pipelines.modelling.skops_io duckdb pyarrow networkx fsspec docstring_parser sqlite3 xml.etree.ElementTree uvicorn channels_redis.core psycopg"""
MOST_BYTES = 2**20
PR_SET_PDEATHSIG, CLONE_NEWNET = 1, 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)
_codes: dict[int, int | None] = {}


def main(listening: int) -> None:
    """Import, and answer requests."""
    for name in HEAVY.split():
        importlib.import_module(name)
    for module in catalogue().modules.values():
        module.source, module.library_versions  # noqa: B018  computed here once, for all workers
    gc.collect()
    gc.freeze()
    listener = socket.socket(fileno=listening)
    clients: list[socket.socket] = []
    while sys.stdin not in (ready := select.select([sys.stdin, listener, *clients], [], [])[0]):
        for client in [client for client in clients if client in ready]:
            text, files, _, _ = socket.recv_fds(client, MOST_BYTES, 3)
            if text:
                verb, about = json.loads(text)
                answer = _start(about, files, [listener, *clients]) if verb == "start" else _code(about)
                client.send(json.dumps(answer).encode())
            else:
                clients.remove(client)
                client.close()
        if listener in ready:
            clients.append(listener.accept()[0])
    shutil.rmtree(Path(listener.getsockname()).parent)  # here, since its client may be killed
    os._exit(0)


def _start(about: dict[str, Any], files: list[int], sockets: list[socket.socket]) -> int:
    if pid := os.fork():
        _codes[pid] = None
        for file in files:
            os.close(file)
        return pid
    for each in sockets:
        each.close()
    os.setsid()
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(about["env"])
    if about["namespace"]:
        enter(about["namespace"])
    _execute(about["arguments"])


def _execute(arguments: list[str]) -> None:
    """Do what the Python interpreter does with these arguments, and exit."""
    code = 1

    def leave() -> None:  # runs last: tearing down loaded libraries takes a second
        sys.stdout.flush()
        os._exit(code)

    atexit.register(leave)
    try:
        match arguments:
            case ["-m", name, *rest]:
                sys.argv = [name, *rest]
                runpy.run_module(name, run_name="__main__", alter_sys=True)
            case ["-c", text, *rest]:
                sys.argv = ["-c", *rest]
                exec(compile(text, "<string>", "exec"), {"__name__": "__main__"})
            case [path, *_]:
                sys.argv = arguments
                runpy.run_path(path, run_name="__main__")
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
    sys.exit(code)


def _code(pid: int) -> int | None:
    if _codes[pid] is None:
        ended, status = os.waitpid(pid, os.WNOHANG)
        _codes[pid] = os.waitstatus_to_exitcode(status) if ended else None
    return _codes[pid]


def enter(namespace: str) -> None:
    """Move this thread, and what it starts from now on, into a network namespace, given by its file."""
    file = os.open(namespace, os.O_RDONLY)
    try:
        if _libc.setns(file, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"cannot enter {namespace}")
    finally:
        os.close(file)


if __name__ == "__main__":
    main(int(sys.argv[1]))
