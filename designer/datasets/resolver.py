"""Resolves the datasets of a workspace for the engine."""

from __future__ import annotations

from django.db.models import F, Q

from designer.datasets.models import DatasetVersion
from designer.datasets.names import seen_from
from designer.registry.queries import version_of
from designer.workspaces.models import Workspace
from pipelines.flow import Dataset

MOST = 2**31 - 1


class WorkspaceDatasets:
    """The datasets that a workspace's pipelines may use: its own, which take precedence, and the samples."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def find(self, name: str, version: int | None) -> Dataset | None:
        """The record of a dataset's table, and the scope whose store holds it; None when it does not exist."""
        found = DatasetVersion.objects.filter(seen_from(self.workspace, "dataset__"), dataset__name=name)
        if version is not None:
            if not 0 < version <= MOST:
                return None
            found = found.filter(number=version)
        newest = found.select_related("dataset").order_by(F("dataset__workspace").asc(nulls_last=True), "-number").first()
        return Dataset(newest.output, newest.dataset.scope) if newest else None

    def find_model(self, name: str, version: str | None) -> Dataset | None:
        """The record of a version of a registered model, by its number or an alias; None when it does not exist."""
        found = version_of(self.workspace, name, version)
        return Dataset(found.output, self.workspace.pk) if found else None


def version_of_digest(digest: str, scope: str, name: object) -> DatasetVersion | None:
    """The version with these bytes in a workspace or the samples, of a name if one has it."""
    seen = Q(dataset__workspace=scope) | Q(dataset__workspace=None)
    found = DatasetVersion.objects.filter(seen, digest=digest).select_related("dataset")
    named = found.filter(dataset__name=name) if isinstance(name, str) else found.none()
    return (
        named.order_by(F("dataset__workspace").asc(nulls_last=True), "-number").first()
        or found.order_by(F("dataset__workspace").asc(nulls_last=True), "-created_at").first()
    )


def number_of(workspace: Workspace, name: object, digest: str) -> int | None:
    """The version of a dataset whose rows have this digest; None where it is the newest one, or there is none."""
    found = WorkspaceDatasets(workspace).find(name, None) if isinstance(name, str) else None
    if found is None or found.output.digest == digest:
        return None
    versions = DatasetVersion.objects.filter(seen_from(workspace, "dataset__"), dataset__name=name, digest=digest)
    return versions.order_by("-number").values_list("number", flat=True).first()
