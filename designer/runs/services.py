"""Verbs on runs: start and cancel."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User

from designer.datasets.find import WorkspaceDatasets
from designer.documents import keeping, telling
from designer.documents.models import Pipeline
from designer.errors import Refusal, unsound
from designer.workspaces.people import name_of
from pipelines import flow
from pipelines.models import Run

OVER = frozenset({"done", "failed", "cancelled"})


def start(pipeline: Pipeline, by: User, *, to: Sequence[str] | None, force: bool) -> Run:
    """Run a pipeline as it is now, and tell its open canvases.

    Raises:
        Refusal: 422 when it is not sound, with every problem.
    """
    _, reading = keeping.look(pipeline.pk)
    unfit = [problem for problem in reading.problems if problem.severity == "error"]
    if unfit:
        raise unsound(unfit)
    run = flow.start(
        flow.read(reading.graph),
        scope=pipeline.workspace_id,
        datasets=WorkspaceDatasets(pipeline.workspace),
        document=pipeline.pk,
        by=name_of(by),
        to=to,
        force=force,
    )
    telling.tell(pipeline.pk, {"type": "draft.run", "run": {"id": run.pk, "state": run.state}})
    return run


def cancel(run: Run) -> None:
    """Ask a run to end.

    Raises:
        Refusal: 409 when it is over already.
    """
    if run.state in OVER:
        raise Refusal(409, "already_over", f"This run is over: it is {run.state}.")
    flow.cancel(run)
