"""Recovery: releases steps of lost workers, and repeats lost messages. Any worker's heartbeat recovers the whole installation."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from pipelines.execution.schedule import TERMINAL, State
from pipelines.models import Run
from pipelines.runtime.ledger import leases, ledger, quota
from pipelines.runtime.ledger.claim import Fence
from pipelines.runtime.queue import enqueue
from pipelines.runtime.telemetry import counters, run_log

REQUEUE_AFTER = timedelta(seconds=6)  # a lost worker and a lost message together cost less than 30 s


def reap_expired() -> None:
    """Release every step whose lease expired, of any worker."""
    for run, node, attempt, large in leases.expired().values_list("run_id", "node", "attempt", "peak_bytes"):
        if release(run, Fence(node, attempt), "The worker of the step stopped responding.", large):
            counters.add("leases_expired")


def release(run: str, fence: Fence, why: str | None, large: int | None = None) -> bool:
    """Release a step of a lost worker, or, without `why`, of one that stops; returns whether the attempt still held it."""
    with ledger.open_ledger(run) as unit:
        released = unit.lose(fence, why, large) if why else unit.stop(fence)
    if released and why:
        run_log.log_lost_step(run, fence.node, why)
    if released:
        enqueue(run)
    return released


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
        leases.mark_enqueued(run, now)
        counters.add("doorbells_rung_again")
        enqueue(run)
