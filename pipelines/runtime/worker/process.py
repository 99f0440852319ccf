"""This process as the book knows it: its name as an owner of steps, what it is working on, and how it is told to stop."""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from uuid import uuid4

from pipelines.execution.step import Stopped

STOP = signal.SIGUSR2
END_AFTER_SECONDS = 0.2
ASK_AGAIN_SECONDS = 0.02
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
OOM_SCORE = "500"
LONGEST_NAME = 15  # of a process, in the system's list
_libc = ctypes.CDLL(None, use_errno=True)
_worker = uuid4().hex[:12]
_interruptible = _ending = False
_leaving = mmap.mmap(-1, 1)  # whether the worker was told to end; its children see it too


def worker() -> str:
    """The name of this worker: that of the main process, inherited by its children."""
    return _worker


def owner() -> str:
    """How this process signs for a step: worker and process id."""
    return f"{_worker}.{os.getpid()}"


def begin_worker() -> None:
    """Set up what a worker shares with its children, before they are forked."""
    global _leaving
    _leaving = mmap.mmap(-1, 1)


def begin_shutdown() -> None:
    """Have no process of this worker take another step."""
    _leaving[0] = 1


def become_child() -> None:
    """Set a pool process up: it dies with its parent, can be told to stop what it does, and leaves its parent's talks alone."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    with suppress(OSError):  # should the system run out of memory, it ends a process that executes a step before the database or the broker
        Path("/proc/self/oom_score_adj").write_text(OOM_SCORE)
    signal.signal(STOP, handle_stop)
    _close_inherited_sockets()


def _close_inherited_sockets() -> None:
    """Put /dev/null in the place of the sockets that were inherited.

    Held open here, a connection to the broker outlives its end in the parent. There epoll then goes on telling of it, under a number that
    the next connection has by now (`man 7 epoll`, on closing), and the parent waits for ever for a message that never was announced.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the listing's own is closed by now
            if int(entry.name) > 2 and stat.S_ISSOCK(entry.stat().st_mode):
                os.dup2(nothing, int(entry.name), inheritable=False)
    os.close(nothing)


def handle_stop(_: int, frame: FrameType | None) -> None:
    """The signal handler of STOP: interrupts a step, once, and nothing else.

    An import is brought to its end first: a library that was half imported would fail all later steps of this process.
    """
    global _interruptible
    if not _interruptible:
        return
    if _is_importing(frame):
        signal.signal(signal.SIGALRM, handle_stop)
        signal.setitimer(signal.ITIMER_REAL, ASK_AGAIN_SECONDS)
        return
    _interruptible = False
    raise Stopped


def _is_importing(frame: FrameType | None) -> bool:
    while frame and not frame.f_code.co_filename.startswith("<frozen importlib"):
        frame = frame.f_back
    return frame is not None


def handle_terminate(number: int, frame: FrameType | None) -> None:
    """The signal handler of SIGTERM at work: interrupts a step, so that it is given back; whatever else is under way is brought to its end."""
    global _ending
    _ending = True
    handle_stop(number, frame)


def is_ending() -> bool:
    """Whether this process or its worker was told to end, and is not to take more work."""
    return _ending or _leaving[0] == 1


@contextmanager
def commits_protected() -> Iterator[None]:
    """Inside, SIGTERM cuts no commit short; a process that was told to end does so soon after. (The pool's own handler breaks in anywhere.)

    Not at once: a pool whose process ends before it said that its task is done waits ten seconds for it when the worker ends.
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
    """Inside, STOP interrupts the work, and the system's process list shows which step it is."""
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
    """The process title while a step is worked on."""
    return f"step {step}"[:LONGEST_NAME]


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that ended but was not yet collected by its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def step_of(pid: int) -> int | None:
    """The step that a process is inside of, if its number fits the title."""
    name = name_of(pid)
    return int(name[5:]) if name.startswith("step ") and len(name) < LONGEST_NAME else None


def is_working_on(pid: int, step: int) -> bool:
    """Whether a process is still inside a step."""
    return name_of(pid) == title(step)


def name_of(pid: int) -> str:
    """What the system's list of processes calls it; nothing when it is gone."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
