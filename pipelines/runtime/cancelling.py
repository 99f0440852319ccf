"""Cancelling runs, and the runs of a sweep."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from pipelines.models import Run, Sweep
from pipelines.runtime.ledger import ledger
from pipelines.runtime.queue import enqueue_next


def cancel(run: Run) -> None:
    """Cancel a run: steps that have not started now, running ones within five seconds."""
    _cancel(run.id)


def cancel_sweep(sweep: Sweep) -> None:
    """Cancel the runs of a sweep that are not over. It is noted first, so that a worker cancels the rest if this process ends in between."""
    Sweep.objects.filter(pk=sweep.pk, cancelled_at=None).update(cancelled_at=timezone.now())
    _cancel_all(Run.objects.filter(sweep=sweep.pk))


def cancel_rest() -> None:
    """Cancel the runs of cancelled sweeps that are not cancelled yet."""
    _cancel_all(Run.objects.filter(sweep__in=Sweep.objects.exclude(cancelled_at=None).values("pk")))


def _cancel_all(runs: QuerySet[Run]) -> None:
    for run in (
        runs.filter(finished_at=None, cancelling=False).order_by("-created_at").values_list("pk", flat=True)
    ):  # the last ones wait longest
        _cancel(run)


def _cancel(run: str) -> None:
    with ledger.open_ledger(run) as unit:
        unit.cancel()
    enqueue_next(unit)
