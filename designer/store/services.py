"""Store services: usage and cleanup."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from designer.datasets.quota import in_datasets
from designer.endpoints.queries import bundles_of
from designer.registry.transfers import ended_before
from designer.store.schemas import Store
from designer.workspaces.models import Workspace
from pipelines import flow
from pipelines.flow import Collected

# Rows that would only grow: what they are, and those from before a moment that nothing needs. Nouns above add theirs.
HISTORIES: dict[str, Callable[[datetime], QuerySet[Any]]] = {"ended imports of models": ended_before}


def usage(workspace: Workspace) -> Store:
    """A store's usage."""
    found = flow.storage_usage(workspace.pk)
    if found.measured_at is None:
        found = flow.measure_if_stale(workspace.pk, in_datasets(workspace))
    return Store(
        used=found.bytes,
        quota=workspace.limits_in_force().store_bytes,
        of_runs=found.of_runs,
        of_datasets=found.of_datasets,
        unreferenced=found.unreferenced,
        files=found.files,
        measured_at=found.measured_at,
    )


def clean(workspace: Workspace, *, older_than: float | None = None, dry_run: bool = False, grace: float = flow.GRACE_SECONDS) -> Collected:
    """Remove what is past the workspace's retention, and unreferenced files.

    Args:
        workspace: The workspace.
        older_than: Days, in place of the workspace's own retention.
        dry_run: Only report what would be removed.
        grace: Seconds for which a file must have been unused.
    """
    days = workspace.limits_in_force().retention_days if older_than is None else older_than
    past = None if days is None else timedelta(days=days)
    kept = in_datasets(workspace) | bundles_of(workspace)
    return flow.collect_garbage(workspace.pk, kept, past, dry_run=dry_run, grace=grace)


def forget_histories(*, dry_run: bool = False) -> dict[str, int]:
    """Delete rows of what has ended or was deleted once they are older than `EASEL_HISTORY_DAYS`; returns how many of each kind went, or would go."""
    if not settings.EASEL_HISTORY_DAYS:
        return {}
    before = timezone.now() - timedelta(days=settings.EASEL_HISTORY_DAYS)
    gone = {}
    for name, rows in HISTORIES.items():
        found = rows(before)
        gone[name] = found.count() if dry_run else found.delete()[0]
    return gone


def forget_sessions() -> None:
    """Delete sessions that have ended."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
