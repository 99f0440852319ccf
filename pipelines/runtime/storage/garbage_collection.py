"""Garbage collection of a scope: deletes expired runs and results, then files unreferenced for a grace period."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec
from django.db import transaction
from django.utils import timezone

from pipelines.execution.schedule import State
from pipelines.execution.store import StoredFile
from pipelines.models import Event, Fan, Item, ItemValue, Result, Run, Step, Sweep, Unreferenced
from pipelines.runtime.storage import usage
from pipelines.runtime.storage.artifacts import store
from pipelines.runtime.storage.references import referenced_digests

GRACE_SECONDS = 3600.0
# The oldest clock reading of a transaction that is not committed yet.
IN_FLIGHT = timedelta(minutes=1)
T = TypeVar("T")
RUNS_AT_ONCE, ROWS_AT_ONCE, FILES_AT_ONCE = 10, 500, 200


class Collected(msgspec.Struct, frozen=True):
    """What was, or would be, deleted: runs, results, files and bytes. `later_*` count unreferenced files within the grace period."""

    runs: int
    results: int
    files: int
    bytes: int
    later_files: int
    later_bytes: int
    dry_run: bool


def collect_garbage(
    scope: str, of_datasets: Collection[str], older_than: timedelta | None, *, dry_run: bool = False, grace: float = GRACE_SECONDS
) -> Collected:
    """Delete what a scope no longer needs. Safe beside running work and other collections.

    Args:
        scope: The scope to collect.
        of_datasets: The digests of all datasets that its runs may use; they are kept.
        older_than: The age at which runs and unused results are deleted; None keeps them all.
        dry_run: Only return what would be deleted now, and after the grace period.
        grace: How long a file must be unreferenced, in seconds. Longer than a step takes from its first saved output to its commit.
    """
    before = timezone.now() - older_than if older_than is not None else None
    runs = _old_runs(scope, before) if before else []
    results = _unused_results(scope, before, runs) if before else []
    values = _unused_values(scope, before, runs) if before else []
    if dry_run:
        need = referenced_digests(scope, but_runs=runs, but_results=results, but_values=values)
    else:
        _delete_rows(runs, results, values, before)
        need = referenced_digests(scope)
    files = list(store(scope).files())
    loose = {file.digest: file for file in files if file.digest not in need and file.digest not in of_datasets}
    due = _due(scope, loose, grace, note=not dry_run)
    gone, size = len(due), sum(file.bytes for file in due.values())
    if not dry_run:
        gone, size = _remove(scope, list(due), grace)
        usage.measure(scope, of_datasets, need, (file for file in files if file.digest not in due))
    later = sum(file.bytes for file in loose.values()) - size
    return Collected(len(runs), len(results), gone, size, len(loose) - gone, later, dry_run)


def _old_runs(scope: str, before: datetime) -> list[str]:
    """Return runs that ended before a time, except each pipeline's newest run and newest successful run."""
    old: list[str] = []
    newest: set[tuple[str | None, str]] = set()
    over = Run.objects.filter(scope=scope, finished_at__isnull=False).order_by("-finished_at")
    for id, document, state, finished_at in over.values_list("id", "document", "state", "finished_at"):
        places = {(document, ""), (document, State.DONE)} if state == State.DONE else {(document, "")}
        kept = document is not None and not places <= newest
        newest |= places
        if finished_at and finished_at < before and not kept:
            old.append(id)
    return old


def _unused_results(scope: str, before: datetime, but_runs: Collection[str]) -> list[int]:
    """Return the ids of results created before a time that no step of a kept run uses."""
    gone = set(but_runs)
    used = {key for run, key in Step.objects.filter(run__scope=scope).values_list("run_id", "key").iterator() if run not in gone}
    old = Result.objects.filter(scope=scope, created_at__lt=before).values_list("id", "key")
    return [id for id, key in old.iterator() if key not in used]


def _unused_values(scope: str, before: datetime, but_runs: Collection[str]) -> list[int]:
    """Return the ids of values of items, created before a time, that no item of a kept run has."""
    used = Item.objects.filter(run__scope=scope).exclude(run__in=but_runs).values("content")
    return list(ItemValue.objects.filter(scope=scope, created_at__lt=before).exclude(key__in=used).values_list("pk", flat=True))


def _delete_rows(runs: Sequence[str], results: Sequence[int], values: Sequence[int], before: datetime | None) -> None:
    """Delete in small batches, so that other writers do not wait long for the database."""
    for some in _batches(runs, RUNS_AT_ONCE):
        with transaction.atomic():
            for model in (Event, Item, Fan):
                model._default_manager.filter(run__in=some).delete()
            Step.objects.filter(run__in=some).delete()
            Run.objects.filter(pk__in=some).only("pk").delete()
    for rows in _batches(results, ROWS_AT_ONCE):
        Result.objects.filter(pk__in=rows, created_at__lt=before).delete()  # a result computed again since then stays
    for rows in _batches(values, ROWS_AT_ONCE):
        ItemValue.objects.filter(pk__in=rows, created_at__lt=before).delete()
    if runs:
        Sweep.objects.exclude(pk__in=Run.objects.exclude(sweep=None).values("sweep")).delete()


def _due(scope: str, loose: dict[str, StoredFile], grace: float, *, note: bool) -> dict[str, StoredFile]:
    """Return the files that were unreferenced for the grace period; with `note`, the first sighting of the others is recorded."""
    now = timezone.now()
    noted = dict(Unreferenced.objects.filter(scope=scope).values_list("digest", "since"))
    if note:
        for digests in _batches(noted.keys() - loose.keys(), ROWS_AT_ONCE):
            Unreferenced.objects.filter(scope=scope, digest__in=digests).delete()
        fresh = (Unreferenced(scope=scope, digest=digest, since=now) for digest in loose.keys() - noted.keys())
        Unreferenced.objects.bulk_create(fresh, ROWS_AT_ONCE, ignore_conflicts=True)
    patience = timedelta(seconds=grace)
    return {
        digest: file for digest, file in loose.items() if noted.get(digest, now) <= now - patience and file.since <= time.time() - grace
    }


def _remove(scope: str, digests: Sequence[str], grace: float) -> tuple[int, int]:
    """Delete files and their records, after a last check of rows written recently."""
    gone, size = 0, 0
    for some in _batches(digests, FILES_AT_ONCE):
        with transaction.atomic():  # on SQLite no other transaction commits meanwhile
            going = set(some) - referenced_digests(scope, since=timezone.now() - IN_FLIGHT)
            count, bytes = store(scope).remove(going, before=time.time() - grace)
            Unreferenced.objects.filter(scope=scope, digest__in=some).delete()
        gone, size = gone + count, size + bytes
    return gone, size


def _batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    listed = list(things)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]
