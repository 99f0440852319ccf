"""The worker's pulse, a thread of its main process: renews leases, notices dead children, stops cancelled steps, finds what was lost."""

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
RING_EVERY = 4
KILL_AFTER_SECONDS = 1.0
FORGOTTEN_AFTER_SECONDS = 25.0  # longer than a commit waits for SQLite
RING_AGAIN = timedelta(seconds=6)  # so that a lost worker and a lost message together cost less than 30

# A child forked while this thread has SQLite open would believe for ever that somebody in its own process holds the lock.
_forking = threading.Lock()
os.register_at_fork(before=_forking.acquire, after_in_parent=_forking.release, after_in_child=_forking.release)


@contextmanager
def _no_fork() -> Iterator[None]:
    """Inside, no child is forked; after it, this thread has no file of SQLite open."""
    with _forking:
        try:
            yield
        finally:
            if connection.vendor == "sqlite":
                connection.close()


class Heartbeat:
    """Beats twice a second until it is stopped.

    Args:
        children: Gives the process ids that may hold steps of this worker.
        presence: How a worker says that it lives; a run without a server is no worker.
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
        """The worker was told to end: after EASEL_STOP_SECONDS its steps are given back, which counts as no loss."""
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
        """One beat: own steps every time, everybody's lost steps and lost messages every few."""
        self._check_children()
        # Before lost steps are looked for: a beat that comes late, on a machine that is busy, must not take own steps for lost.
        if beats % RENEW_EVERY == 0 or time.monotonic() - self._renewed > RENEW_SECONDS:
            self._renewed = time.monotonic()
            mine = Step.objects.filter(state=State.RUNNING, owner__startswith=f"{worker()}.")
            mine.filter(run__cancelling=False).update(lease_until=Now() + ledger.LEASE)
            if self._registration:
                self._registration.renew()
        if beats % REAP_EVERY == 0:
            reap_expired()
        if beats % RING_EVERY == 0:
            requeue_idle()

    def _check_children(self) -> None:
        inside = {
            pid: step for pid in self._children() if (step := step_of(pid))
        }  # read before the steps: whoever is inside one has claimed it
        held = list(
            Step.objects.filter(state=State.RUNNING, owner__startswith=f"{worker()}.").values_list(
                "id", "node", "attempt", "owner", "run_id", "run__cancelling", "started_at", "peak_bytes"
            )
        )
        alive = {pid for pid in self._children() if is_alive(pid)}  # read after the steps: whoever claimed one was alive before
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
            if is_working_on(pid, id):  # still: it was taken away while nothing was heard of this worker
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
        """Write down that a running step has become large, for whoever finds it lost: should this worker die, nobody else knows."""
        terms = spec_of(run)
        if large := self._monitor.large((id, attempt), terms.limits, terms.plan.steps[node].execution):
            Step.objects.filter(pk=id, attempt=attempt, state=State.RUNNING).update(peak_bytes=large)

    def _fail_and_stop(self, pid: int, id: int, attempt: int, run: str, problem: Problem) -> None:
        """Fail a step that takes too much, and stop the process that executes it; one that is committed meanwhile is done."""
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
        """Whether a child went on to other things long ago without a word on the step: its commit came to grief."""
        if is_working_on(pid, step):
            self._idle.pop((step, attempt), None)
            return False
        return time.monotonic() - self._idle.setdefault((step, attempt), time.monotonic()) > FORGOTTEN_AFTER_SECONDS

    def _kill_unresponsive(self) -> None:
        """End children that are still inside a step well after they were told to stop."""
        for (pid, step), since in list(self._signalled.items()):
            if not is_working_on(pid, step):
                del self._signalled[pid, step]
            elif time.monotonic() - since > KILL_AFTER_SECONDS:
                _signal(pid, signal.SIGKILL)


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def reap_expired() -> None:
    """Give back every step whose lease ran out, whoever held it."""
    over = Step.objects.filter(state=State.RUNNING, lease_until__lt=Now())
    for run, node, id, attempt, large in over.values_list("run_id", "node", "id", "attempt", "peak_bytes"):
        if release(run, node, id, attempt, "The worker that executed the step sent no more heartbeats.", large):
            counters.add("leases_expired")


def release(run: str, node: str, id: int, attempt: int, why: str | None, large: int | None = None) -> bool:
    """Give a step back whose worker is lost, or, without a why, is to end; returns whether it still held the step."""
    with ledger.open_ledger(run) as book:
        given = book.lose(id, attempt, why, large)
    if given and why:
        run_log.log_lost_step(run, node, why)
    if given:
        enqueue(run)
    return given


def requeue_idle() -> None:
    """Enqueue runs that have ready steps which nobody took: their message was lost."""
    now = timezone.now()
    silent = Run.objects.exclude(state__in=TERMINAL).filter(
        Q(rung_at=None) | Q(rung_at__lt=now - RING_AGAIN), created_at__lt=now - RING_AGAIN / 2
    )
    due = Q(steps__ready_at=None) | Q(steps__ready_at__lte=now)
    full: set[str] = set()
    ready = silent.filter(due, steps__state=State.READY).order_by("created_at")
    for run, scope, state in ready.values_list("id", "scope", "state").distinct():
        if state == State.WAITING and (scope in full or not quota.admit(run)):
            full.add(scope)  # those that come later in the line may not either
            continue
        Run.objects.filter(pk=run).update(rung_at=now)
        counters.add("doorbells_rung_again")
        enqueue(run)
