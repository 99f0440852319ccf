"""Worker heartbeat, a thread of the main process: renews leases, detects dead children, stops cancelled steps and those over a limit."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from pipelines.graph.problem import Problem
from pipelines.procfs import is_alive
from pipelines.runtime.cancelling import cancel_rest
from pipelines.runtime.ledger import leases, ledger
from pipelines.runtime.ledger.claim import Fence
from pipelines.runtime.ledger.run_spec import spec_of
from pipelines.runtime.queue import enqueue, enqueue_next
from pipelines.runtime.worker.process import STOP, is_working_on, step_of, worker
from pipelines.runtime.worker.recovery import reap_expired, release, requeue_idle
from pipelines.runtime.worker.registry import WorkerRegistration
from pipelines.runtime.worker.resource_monitor import ResourceMonitor

log = logging.getLogger(__name__)
TICK_SECONDS = 0.5
RENEW_EVERY, RENEW_SECONDS = 10, 5.0
REAP_EVERY = 2
REQUEUE_EVERY = 4
KILL_AFTER_SECONDS = 1.0
ABANDONED_AFTER_SECONDS = 25.0  # longer than a commit waits for SQLite

# A child forked while this thread has SQLite open would treat its lock as held within its own process for ever.
_forking = threading.Lock()
os.register_at_fork(before=_forking.acquire, after_in_parent=_forking.release, after_in_child=_forking.release)


@contextmanager
def _no_fork() -> Iterator[None]:
    """Block forks inside; on exit, this thread has no SQLite file open."""
    with _forking:
        try:
            yield
        finally:
            if connection.vendor == "sqlite":
                connection.close()


class HeldStep(NamedTuple):
    """A running step of this worker, as the database has it."""

    id: int
    node: str
    attempt: int
    owner: str
    run: str
    cancelling: bool
    started_at: datetime | None
    peak_bytes: int | None

    @property
    def pid(self) -> int:
        """Return the process that holds it."""
        return int(self.owner.rpartition(".")[2])

    @property
    def fence(self) -> Fence:
        return Fence(self.node, self.attempt)

    @property
    def key(self) -> tuple[int, int]:
        """Return id and attempt: what is measured of one attempt does not hold for the next."""
        return self.id, self.attempt


def _held() -> list[HeldStep]:
    columns = ("id", "node", "attempt", "owner", "run_id", "run__cancelling", "started_at", "peak_bytes")
    return [HeldStep(*row) for row in leases.held_by(worker()).values_list(*columns)]


class Heartbeat:
    """Beats twice a second until stopped.

    Args:
        children: Returns the pids that may hold steps of this worker.
        registration: The worker's registration; None for a local run, which is no worker.
    """

    def __init__(self, children: Callable[[], Iterable[int]], registration: WorkerRegistration | None = None) -> None:
        self._children, self._registration = children, registration
        self._monitor = ResourceMonitor()
        self._signalled: dict[tuple[int, int], float] = {}
        self._idle: dict[tuple[int, int], float] = {}
        self._leaving: float | None = None
        self._renewed = time.monotonic()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="heartbeat", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def leave(self) -> None:
        """Start the shutdown: after EASEL_STOP_SECONDS the steps are released, which counts as no loss."""
        self._leaving = self._leaving or time.monotonic()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(5)

    def _loop(self) -> None:
        beats = 0
        while not self._stopped.is_set():
            try:
                with _no_fork():
                    self.beat(beats)
            except (DatabaseError, InterfaceError) as fault:
                log.warning("the heartbeat could not reach the database: %s", fault)
                with suppress(Exception):
                    connection.close()
            except Exception:
                log.exception("an iteration of the heartbeat failed")
            beats += 1
            self._stopped.wait(TICK_SECONDS)
        with suppress(Exception), _no_fork():
            if self._leaving:
                self._check_children()
            if self._registration:
                self._registration.leave()
        connection.close()

    def beat(self, beats: int = 0) -> None:
        """One beat: checks own steps every time; expired leases and lost messages of all workers every few beats."""
        self._check_children()
        # Renewed before expired leases are reaped: a late beat on a busy machine must not treat own steps as lost.
        if beats % RENEW_EVERY == 0 or time.monotonic() - self._renewed > RENEW_SECONDS:
            self._renewed = time.monotonic()
            leases.renew(worker())
            if self._registration:
                self._registration.renew()
        if beats % REAP_EVERY == 0:
            reap_expired()
        if beats % REQUEUE_EVERY == 0:
            requeue_idle()
            cancel_rest()

    def _check_children(self) -> None:
        # Read before the held steps: a process inside a step has claimed it.
        inside = {pid: id for pid in self._children() if (id := step_of(pid))}
        held = _held()
        alive = {pid for pid in self._children() if is_alive(pid)}  # read after the steps: a process that claimed one was alive before
        self._monitor.sample(alive, (step.key for step in held))
        for step in held:
            self._check(step, alive)
        for pid, id in inside.items() - {(step.pid, step.id) for step in held}:
            if is_working_on(pid, id):  # still executing: the step was revoked while this worker was unreachable
                self._stop(pid, id)
        self._kill_unresponsive()

    def _check(self, step: HeldStep, alive: Collection[int]) -> None:
        """Release a step whose process is gone, stop one that must end, or record that it is large."""
        if step.pid not in alive or self._has_abandoned(step):
            release(step.run, step.fence, None if self._leaving else "The process of the step stopped unexpectedly.", step.peak_bytes)
        elif step.cancelling or self._grace_is_over():
            self._stop(step.pid, step.id)
        elif problem := self._exceeded(step):
            self._fail_and_stop(step, problem)
        elif step.peak_bytes is None:
            self._record_large(step)

    def _stop(self, pid: int, step: int, number: int = STOP) -> None:
        self._signalled.setdefault((pid, step), time.monotonic())
        _signal(pid, number)

    def _exceeded(self, step: HeldStep) -> Problem | None:
        if step.started_at is None:
            return None
        return self._monitor.exceeded(step.pid, step.key, step.node, step.started_at, spec_of(step.run).limits_of(step.node))

    def _record_large(self, step: HeldStep) -> None:
        if large := self._monitor.large(step.key, spec_of(step.run).limits_of(step.node)):
            leases.record_memory(step.id, step.attempt, large)

    def _fail_and_stop(self, step: HeldStep, problem: Problem) -> None:
        """Fail a step that exceeds a limit, and stop its process; a step that is committed meanwhile stays done."""
        with ledger.open_ledger(step.run) as unit:
            failed = unit.fail(step.fence, problem)
        if not failed:
            return
        at_once = problem.code == "out_of_memory" and step.pid != os.getpid() and is_working_on(step.pid, step.id)
        self._stop(step.pid, step.id, signal.SIGKILL if at_once else STOP)
        enqueue(step.run)
        enqueue_next(unit)

    def _grace_is_over(self) -> bool:
        return self._leaving is not None and time.monotonic() - self._leaving > settings.EASEL_STOP_SECONDS

    def _has_abandoned(self, step: HeldStep) -> bool:
        """Return whether a child left the step long ago without a commit: the commit failed."""
        if is_working_on(step.pid, step.id):
            self._idle.pop(step.key, None)
            return False
        return time.monotonic() - self._idle.setdefault(step.key, time.monotonic()) > ABANDONED_AFTER_SECONDS

    def _kill_unresponsive(self) -> None:
        """Kill children that still execute a step well after the stop signal."""
        for (pid, step), since in list(self._signalled.items()):
            if not is_working_on(pid, step):
                del self._signalled[pid, step]
            elif time.monotonic() - since > KILL_AFTER_SECONDS:
                _signal(pid, signal.SIGKILL)


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
