"""Runs of a team's workspace, executed in the test."""

from __future__ import annotations

from typing import Any

from designer.datasets.resolver import WorkspaceDatasets
from designer.documents.models import Pipeline
from pipelines import flow
from pipelines.models import Run
from tests.designer.conftest import Team
from tests.support.ledger_driver import run_to_end


def executed(team: Team, document: Any, pipeline: Pipeline | None = None) -> Run:
    """Execute a graph, which succeeds, however long it takes: the first use of a library is slow on a busy machine."""
    datasets = WorkspaceDatasets(team.workspace)
    of = pipeline.pk if pipeline else None
    run = run_to_end(
        flow.start(flow.read(document), scope=team.workspace.pk, datasets=datasets, document=of, by="E", enqueue=lambda _: None)
    )
    assert run.state == "done"
    return run
