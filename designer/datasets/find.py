"""How the engine finds the data sets of a workspace."""

from __future__ import annotations

from designer.workspaces.models import Workspace
from pipelines.flow import Output


class WorkspaceDatasets:
    """The data sets that a workspace's pipelines may name."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def find(self, name: str, version: int | None) -> Output | None:
        """Placeholder."""
        return None
