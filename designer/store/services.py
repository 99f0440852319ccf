"""Store services: usage and cleanup."""

from __future__ import annotations

from datetime import timedelta

from designer.datasets.quota import in_datasets
from designer.endpoints.queries import bundles_of
from designer.store.schemas import Store
from designer.workspaces.models import Workspace
from pipelines import flow
from pipelines.flow import Collected


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
