"""Storage usage of a scope: counted as results are saved, and measured from its files now and then."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db.models import F, Max
from django.utils import timezone

from pipelines.execution.store import StoredFile
from pipelines.models import Holding, Result
from pipelines.runtime.storage import references
from pipelines.runtime.storage.artifacts import store

LATELY = timedelta(minutes=1)


def storage_usage(scope: str) -> Holding:
    """Return a scope's usage: the last measurement plus results saved since; equal outputs of several steps may count several times."""
    found, _ = Holding.objects.get_or_create(scope=scope)
    made, newest = {}, found.counted
    for id, outputs in Result.objects.filter(scope=scope, id__gt=found.counted).order_by("id").values_list("id", "outputs"):
        made.update({record["digest"]: record["bytes"] for record in outputs.values() if not record.get("deferred")})
        newest = id
    if made:  # of two concurrent calls only one counts
        Holding.objects.filter(scope=scope, counted=found.counted).update(counted=newest, of_runs=F("of_runs") + sum(made.values()))
        found.refresh_from_db()
    return found


def record_dataset(scope: str, size: int) -> None:
    """Count a new dataset, in bytes."""
    Holding.objects.get_or_create(scope=scope)
    Holding.objects.filter(scope=scope).update(of_datasets=F("of_datasets") + size)


def measure_if_stale(scope: str, of_datasets: Collection[str]) -> Holding:
    """Return a scope's usage measured from its files, now or within the last minute."""
    found = Holding.objects.filter(scope=scope, measured_at__gt=timezone.now() - LATELY).first()
    return found or measure(scope, of_datasets, references.referenced_digests(scope), store(scope).files())


def measure(scope: str, of_datasets: Collection[str], of_runs: Collection[str], files: Iterable[StoredFile]) -> Holding:
    """Record a scope's measured usage.

    Args:
        scope: The scope of the store.
        of_datasets: The digests of the scope's datasets.
        of_runs: The digests that runs and cached results reference.
        files: Every file of the store.
    """
    newest = Result.objects.filter(scope=scope).aggregate(newest=Max("id"))["newest"] or 0
    found = Holding(scope=scope, counted=newest, measured_at=timezone.now())
    for file in files:
        found.files += 1
        if file.digest in of_datasets:
            found.of_datasets += file.bytes
        elif file.digest in of_runs:
            found.of_runs += file.bytes
        else:
            found.unreferenced += file.bytes
    found.save()
    return found
