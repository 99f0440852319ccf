"""How much room a workspace's store has."""

from __future__ import annotations

from django.db.models import Q

from designer.datasets.models import DatasetVersion
from designer.http.errors import Refusal
from designer.workspaces.models import Workspace
from pipelines import flow

CLOSE = 10  # times the size of a file: its table may take all that is left
UNITS = (("TB", 1024**4), ("GB", 1024**3), ("MB", 1024**2))


def in_datasets(workspace: Workspace) -> set[str]:
    """The digests of a workspace's datasets, and of the samples, which any of its runs may name."""
    versions = DatasetVersion.objects.filter(Q(dataset__workspace=workspace) | Q(dataset__workspace=None))
    return set(versions.values_list("digest", flat=True))


def check_room(workspace: Workspace, coming: int = 0) -> None:
    """Refuse what a full store cannot take. It is looked through before it is called full.

    Args:
        workspace: Whose store.
        coming: The bytes that are about to come.

    Raises:
        Refusal: 409 when it holds more than it may, or would.
    """
    most = workspace.limits_in_force().store_bytes
    if most is None or flow.storage_usage(workspace.pk).bytes + coming < most:
        return
    held = flow.measure_if_stale(workspace.pk, in_datasets(workspace)).bytes
    if held + coming < most:
        return
    words = f"This workspace's store holds {size(held)} and may hold {size(most)}"
    words += f"; there is no room for {size(coming)} more." if coming else ", so nothing more can be run."
    remedy = "Delete datasets that nobody needs, or have an admin clean the store, keep runs for fewer days, or allow it more."
    raise Refusal(409, "store_full", words, remedy=remedy)


def left_for(workspace: Workspace, coming: int) -> int | None:
    """The bytes that a workspace may still keep, for a file that comes; None without a limit.

    Raises:
        Refusal: 409 when there is no room for the file itself.
    """
    check_room(workspace, coming)
    most = workspace.limits_in_force().store_bytes
    if most is None:
        return None
    held = flow.storage_usage(workspace.pk).bytes
    if most - held < CLOSE * coming:  # what was made since the last look may be counted several times
        held = flow.measure_if_stale(workspace.pk, in_datasets(workspace)).bytes
    return max(most - held, 0)


def size(bytes: int) -> str:
    """A number of bytes for people."""
    for unit, worth in UNITS:
        if bytes >= worth:
            return f"{bytes / worth:.3g} {unit}"
    return f"{bytes / 1024:.3g} kB"
