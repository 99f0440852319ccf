"""The process of a worker: its name as the owner of steps, the step it executes, and the signals that stop it."""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from uuid import uuid4

from pipelines.execution.step import Stopped
from pipelines.procfs import name_of, open_files, set_oom_score

STOP = signal.SIGUSR2
END_AFTER_SECONDS = 0.2
RETRY_SECONDS = 0.02
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
OOM_SCORE = 500  # when memory runs out, the kernel kills a process that executes a step before the database or the broker
LONGEST_NAME = 15  # the kernel's limit of a process name
_libc = ctypes.CDLL(None, use_errno=True)
_worker = uuid4().hex[:12]
_interruptible = _ending = False
_leaving = mmap.mmap(-1, 1)  # whether the worker was asked to stop; shared with its children


def worker() -> str:
    """Return the name of this worker: that of the main process, inherited by its children."""
    return _worker


def owner() -> str:
    """Return the owner name of this process: worker and pid."""
    return f"{_worker}.{os.getpid()}"


def begin_worker() -> None:
    """Create the memory that a worker shares with its children; call it before they are forked."""
    global _leaving
    _leaving = mmap.mmap(-1, 1)


def begin_shutdown() -> None:
    """Prevent all processes of this worker from claiming another step."""
    _leaving[0] = 1


def become_child() -> None:
    """Set up a pool process: it dies with its parent, handles STOP, and closes sockets inherited from the parent."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    set_oom_score(OOM_SCORE)
    signal.signal(STOP, handle_stop)
    _close_inherited_sockets()


def _close_inherited_sockets() -> None:
    """Replace inherited sockets by /dev/null.

    Held open here, a broker connection outlives its close in the parent. There epoll keeps reporting it under a descriptor number that the
    next connection reuses (`man 7 epoll`, on closing), and the parent waits for ever for a message that was never announced.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    for file in list(open_files(os.getpid())):
        with suppress(OSError):  # the descriptor of the listing itself is closed by now
            if int(file.name) > 2 and stat.S_ISSOCK(file.stat().st_mode):
                os.dup2(nothing, int(file.name), inheritable=False)
    os.close(nothing)


def handle_stop(_: int, frame: FrameType | None) -> None:
    """Signal handler of STOP: interrupts a step, once, and nothing else.

    It waits for a running import to finish: a half imported library would fail all later steps of this process.
    """
    global _interruptible
    if not _interruptible:
        return
    if _is_importing(frame):
        signal.signal(signal.SIGALRM, handle_stop)
        signal.setitimer(signal.ITIMER_REAL, RETRY_SECONDS)
        return
    _interruptible = False
    raise Stopped


def _is_importing(frame: FrameType | None) -> bool:
    while frame and not frame.f_code.co_filename.startswith("<frozen importlib"):
        frame = frame.f_back
    return frame is not None


def handle_terminate(number: int, frame: FrameType | None) -> None:
    """Signal handler of SIGTERM during a task: interrupts a step, which is then released; anything else runs to completion."""
    global _ending
    _ending = True
    handle_stop(number, frame)


def is_ending() -> bool:
    """Return whether this process or its worker was asked to stop and must not claim more work."""
    return _ending or _leaving[0] == 1


@contextmanager
def commits_protected() -> Iterator[None]:
    """Delay SIGTERM inside, so that it interrupts no commit; the process exits soon after. (The pool's own handler interrupts anywhere.)

    It does not exit at once: the pool waits ten seconds for a process that exits before it reported its task as done.
    """
    before = signal.signal(signal.SIGTERM, handle_terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        if _ending:
            end = threading.Timer(END_AFTER_SECONDS, os.kill, (os.getpid(), signal.SIGTERM))
            end.daemon = True
            end.start()


@contextmanager
def working_on(step: int) -> Iterator[None]:
    """Let STOP interrupt the work inside, and show the step in the system's process list."""
    global _interruptible
    _libc.prctl(PR_SET_NAME, title(step).encode())
    _interruptible = True
    try:
        yield
    finally:
        _interruptible = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        _libc.prctl(PR_SET_NAME, b"easel idle")


def title(step: int) -> str:
    """Return the process title during a step."""
    return f"step {step}"[:LONGEST_NAME]


def step_of(pid: int) -> int | None:
    """Return the step that a process executes, if its number fits the title."""
    name = name_of(pid)
    return int(name[5:]) if name.startswith("step ") and len(name) < LONGEST_NAME else None


def is_working_on(pid: int, step: int) -> bool:
    """Return whether a process still executes a step."""
    return name_of(pid) == title(step)
