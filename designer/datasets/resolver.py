"""Resolves the datasets of a workspace for the engine."""

from __future__ import annotations

from django.db.models import F

from designer.datasets.ingest import adopt
from designer.datasets.models import DatasetVersion
from designer.datasets.names import seen_from
from designer.workspaces.models import Workspace
from pipelines.flow import Output

MOST = 2**31 - 1


class WorkspaceDatasets:
    """The datasets that a workspace's pipelines may use: its own, which take precedence, and the samples."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def find(self, name: str, version: int | None) -> Output | None:
        """The record of a dataset's table, stored in the workspace's own store; None when it does not exist.

        Raises:
            Damaged: When a sample's rows are missing from the store.
        """
        found = DatasetVersion.objects.filter(seen_from(self.workspace, "dataset__"), dataset__name=name)
        if version is not None:
            if not 0 < version <= MOST:
                return None
            found = found.filter(number=version)
        newest = found.select_related("dataset").order_by(F("dataset__workspace").asc(nulls_last=True), "-number").first()
        if newest is None:
            return None
        if newest.dataset.workspace_id is None:
            adopt(newest.digest, newest.dataset.scope, self.workspace.pk)
        return newest.output
