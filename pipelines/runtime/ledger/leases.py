"""Leases of running steps, and marks on rows: the writes that need no run lock, since they change no state and record no event."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now

from pipelines.execution.schedule import State
from pipelines.models import Run, Step

LEASE = timedelta(seconds=20)
LAST_LEASE = timedelta(seconds=3)  # of a step that is to stop: a healthy worker needs two


def held_by(worker: str) -> QuerySet[Step]:
    """Return the running steps of a worker's processes."""
    return Step.objects.filter(state=State.RUNNING, owner__startswith=f"{worker}.")


def expired() -> QuerySet[Step]:
    """Return the running steps of any worker whose lease expired."""
    return Step.objects.filter(state=State.RUNNING, lease_until__lt=Now())


def renew(worker: str) -> None:
    """Renew the leases of a worker's steps, except those of runs that are being cancelled."""
    held_by(worker).filter(run__cancelling=False).update(lease_until=Now() + LEASE)


def record_memory(step: int, attempt: int, peak_bytes: int) -> None:
    """Record the memory of a running step: if its worker dies, recovery has no other source."""
    Step.objects.filter(pk=step, attempt=attempt, state=State.RUNNING).update(peak_bytes=peak_bytes)


def mark_enqueued(run: str, at: datetime) -> None:
    """Record when a run's message was repeated."""
    Run.objects.filter(pk=run).update(rung_at=at)
