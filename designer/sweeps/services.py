"""Sweep services: start and cancel."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User

from designer.datasets.quota import check_room
from designer.datasets.resolver import WorkspaceDatasets
from designer.documents import repository
from designer.documents.models import Pipeline
from designer.http.errors import Refusal, invalid_graph
from designer.workspaces.people import name_of
from pipelines import flow
from pipelines.models import Run, Sweep


def start(pipeline: Pipeline, by: User, values: Any, **more: Any) -> Sweep:
    """Run a pipeline in its current state with each combination of values. `more` is as the engine takes it, such as `preset`.

    Raises:
        Refusal: 422 with every problem when it or a value is invalid; 409 when the store is full.
    """
    _, reading = repository.read_draft(pipeline.pk)
    unfit = [problem for problem in reading.problems if problem.severity == "error"]
    if unfit:
        raise invalid_graph(unfit)
    check_room(pipeline.workspace)
    return flow.sweep(
        reading.drawing,
        values,
        scope=pipeline.workspace_id,
        datasets=WorkspaceDatasets(pipeline.workspace),
        document=pipeline.pk,
        by=name_of(by),
        **more,
        limits=pipeline.workspace.limits_in_force(),
    )


def cancel(sweep: Sweep) -> None:
    """Cancel all runs of a sweep that are not over.

    Raises:
        Refusal: 409 when all are over.
    """
    if not Run.objects.filter(sweep=sweep.pk, finished_at=None).exists():
        raise Refusal(409, "already_over", "All runs of this sweep have already finished.")
    flow.cancel_sweep(sweep)
