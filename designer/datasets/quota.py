"""The storage quota of a workspace's datasets."""

from __future__ import annotations

from django.db.models import Q

from designer.datasets.models import DatasetVersion
from designer.http.errors import Refusal
from designer.registry.queries import kept_digests
from designer.workspaces.models import Workspace
from pipelines import flow

CLOSE = 10  # multiple of a file's size: its table may use all that is left
UNITS = (("TB", 1024**4), ("GB", 1024**3), ("MB", 1024**2))


def in_datasets(workspace: Workspace) -> set[str]:
    """The digests of a workspace's datasets and registered models, and of the samples, which any of its runs may use."""
    versions = DatasetVersion.objects.filter(Q(dataset__workspace=workspace) | Q(dataset__workspace=None))
    reports = versions.filter(record__isnull=False).values_list("record__report", flat=True)
    return {*versions.values_list("digest", flat=True), *filter(None, reports), *kept_digests(workspace)}


def check_room(workspace: Workspace, coming: int = 0) -> None:
    """Reject an upload that a full store cannot hold. Usage is measured again before the store counts as full.

    Args:
        workspace: The store's workspace.
        coming: The bytes of the upload.

    Raises:
        Refusal: 409 when the store is, or would be, over its quota.
    """
    most = workspace.limits_in_force().store_bytes
    if most is None or flow.storage_usage(workspace.pk).bytes + coming < most:
        return
    held = flow.measure_if_stale(workspace.pk, in_datasets(workspace)).bytes
    if held + coming < most:
        return
    words = f"This workspace uses {size(held)} of its {size(most)} of storage"
    words += f"; {size(coming)} more do not fit." if coming else ", so nothing can be run."
    remedy = "Delete unused datasets, or ask an admin to clean up storage, shorten the run retention or raise the limit."
    raise Refusal(409, "store_full", words, remedy=remedy)


def left_for(workspace: Workspace, coming: int) -> int | None:
    """The bytes left in a workspace for an upload; None without a limit.

    Raises:
        Refusal: 409 when the file itself does not fit.
    """
    check_room(workspace, coming)
    most = workspace.limits_in_force().store_bytes
    if most is None:
        return None
    held = flow.storage_usage(workspace.pk).bytes
    if most - held < CLOSE * coming:  # files written since the last measurement may count several times
        held = flow.measure_if_stale(workspace.pk, in_datasets(workspace)).bytes
    return max(most - held, 0)


def size(bytes: int) -> str:
    """A human-readable number of bytes."""
    for unit, worth in UNITS:
        if bytes >= worth:
            return f"{bytes / worth:.3g} {unit}"
    return f"{bytes / 1024:.3g} kB"
