"""Worker heartbeat, a thread of the main process: renews leases, detects dead children, stops cancelled steps, recovers lost ones."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from pipelines.execution.schedule import TERMINAL, State
from pipelines.graph.problem import Problem
from pipelines.models import Run, Step
from pipelines.runtime.ledger import ledger, quota
from pipelines.runtime.ledger.claim import Claim
from pipelines.runtime.ledger.run_spec import spec_of
from pipelines.runtime.queue import enqueue, enqueue_next
from pipelines.runtime.telemetry import counters, run_log
from pipelines.runtime.worker.process import STOP, is_alive, is_working_on, step_of, worker
from pipelines.runtime.worker.registry import WorkerRegistration
from pipelines.runtime.worker.resource_monitor import ResourceMonitor

log = logging.getLogger(__name__)
TICK_SECONDS = 0.5
RENEW_EVERY, RENEW_SECONDS = 10, 5.0
REAP_EVERY = 2
REQUEUE_EVERY = 4
KILL_AFTER_SECONDS = 1.0
ABANDONED_AFTER_SECONDS = 25.0  # longer than a commit waits for SQLite
REQUEUE_AFTER = timedelta(seconds=6)  # a lost worker and a lost message together cost less than 30 s

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


class Heartbeat:
    """Beats twice a second until stopped.

    Args:
        children: Returns the pids that may hold steps of this worker.
        presence: The worker's registration; None for a local run, which is no worker.
    """

    def __init__(self, children: Callable[[], Iterable[int]], presence: WorkerRegistration | None = None) -> None:
        self._children, self._registration = children, presence
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
            mine = Step.objects.filter(state=State.RUNNING, owner__startswith=f"{worker()}.")
            mine.filter(run__cancelling=False).update(lease_until=Now() + ledger.LEASE)
            if self._registration:
                self._registration.renew()
        if beats % REAP_EVERY == 0:
            reap_expired()
        if beats % REQUEUE_EVERY == 0:
            requeue_idle()

    def _check_children(self) -> None:
        inside = {
            pid: step for pid in self._children() if (step := step_of(pid))
        }  # read before the steps: a process inside a step has claimed it
        held = list(
            Step.objects.filter(state=State.RUNNING, owner__startswith=f"{worker()}.").values_list(
                "id", "node", "attempt", "owner", "run_id", "run__cancelling", "started_at", "peak_bytes"
            )
        )
        alive = {pid for pid in self._children() if is_alive(pid)}  # read after the steps: a process that claimed one was alive before
        self._monitor.sample(alive, ((id, attempt) for id, _, attempt, *_ in held))
        for id, node, attempt, owner, run, cancelling, started_at, large in held:
            pid = int(owner.rpartition(".")[2])
            if pid not in alive or self._has_abandoned(pid, id, attempt):
                release(run, node, id, attempt, None if self._leaving else "The process that executed the step died.", large)
            elif cancelling or self._grace_is_over():
                self._stop(pid, id)
            elif problem := self._exceeded(pid, id, node, attempt, run, started_at):
                self._fail_and_stop(pid, id, attempt, run, problem)
            elif large is None:
                self._record_large(id, node, attempt, run)
        for pid, id in inside.items() - {(int(owner.rpartition(".")[2]), id) for id, _, _, owner, *_ in held}:
            if is_working_on(pid, id):  # still executing: the step was revoked while this worker was unreachable
                self._stop(pid, id)
        self._kill_unresponsive()

    def _stop(self, pid: int, step: int, number: int = STOP) -> None:
        self._signalled.setdefault((pid, step), time.monotonic())
        _signal(pid, number)

    def _exceeded(self, pid: int, id: int, node: str, attempt: int, run: str, started_at: datetime | None) -> Problem | None:
        terms = spec_of(run)
        execution = terms.plan.steps[node].execution
        return self._monitor.exceeded(pid, (id, attempt), node, started_at, terms.limits, execution) if started_at else None

    def _record_large(self, id: int, node: str, attempt: int, run: str) -> None:
        """Record that a running step uses much memory: if this worker dies, recovery has no other source."""
        terms = spec_of(run)
        if large := self._monitor.large((id, attempt), terms.limits, terms.plan.steps[node].execution):
            Step.objects.filter(pk=id, attempt=attempt, state=State.RUNNING).update(peak_bytes=large)

    def _fail_and_stop(self, pid: int, id: int, attempt: int, run: str, problem: Problem) -> None:
        """Fail a step that exceeds a limit, and stop its process; a step that is committed meanwhile stays done."""
        assert problem.node is not None
        with ledger.open_ledger(run) as book:
            failed = book.fail(Claim(id, problem.node, attempt, "", {}, {}), problem)
        if not failed:
            return
        at_once = problem.code == "out_of_memory" and pid != os.getpid() and is_working_on(pid, id)
        self._stop(pid, id, signal.SIGKILL if at_once else STOP)
        enqueue(run)
        enqueue_next(book)

    def _grace_is_over(self) -> bool:
        return self._leaving is not None and time.monotonic() - self._leaving > settings.EASEL_STOP_SECONDS

    def _has_abandoned(self, pid: int, step: int, attempt: int) -> bool:
        """Return whether a child left the step long ago without a commit: the commit failed."""
        if is_working_on(pid, step):
            self._idle.pop((step, attempt), None)
            return False
        return time.monotonic() - self._idle.setdefault((step, attempt), time.monotonic()) > ABANDONED_AFTER_SECONDS

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


def reap_expired() -> None:
    """Release every step whose lease expired, of any worker."""
    over = Step.objects.filter(state=State.RUNNING, lease_until__lt=Now())
    for run, node, id, attempt, large in over.values_list("run_id", "node", "id", "attempt", "peak_bytes"):
        if release(run, node, id, attempt, "The worker that executed the step sent no more heartbeats.", large):
            counters.add("leases_expired")


def release(run: str, node: str, id: int, attempt: int, why: str | None, large: int | None = None) -> bool:
    """Release a step of a lost worker, or, without `why`, of one that stops; returns whether the attempt still held it."""
    with ledger.open_ledger(run) as book:
        given = book.lose(id, attempt, why, large)
    if given and why:
        run_log.log_lost_step(run, node, why)
    if given:
        enqueue(run)
    return given


def requeue_idle() -> None:
    """Re-enqueue runs with ready steps that no worker claimed: their message was lost."""
    now = timezone.now()
    silent = Run.objects.exclude(state__in=TERMINAL).filter(
        Q(rung_at=None) | Q(rung_at__lt=now - REQUEUE_AFTER), created_at__lt=now - REQUEUE_AFTER / 2
    )
    due = Q(steps__ready_at=None) | Q(steps__ready_at__lte=now)
    full: set[str] = set()
    ready = silent.filter(due, steps__state=State.READY).order_by("created_at")
    for run, scope, state in ready.values_list("id", "scope", "state").distinct():
        if state == State.WAITING and (scope in full or not quota.admit(run)):
            full.add(scope)  # later runs in the queue are not admitted either
            continue
        Run.objects.filter(pk=run).update(rung_at=now)
        counters.add("doorbells_rung_again")
        enqueue(run)
