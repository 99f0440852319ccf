"""Pipeline queries for lists and pages, with a fixed number of SQL queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.contrib.auth.models import User
from django.db.models import OuterRef, QuerySet, Subquery

from designer.datasets.resolver import WorkspaceDatasets
from designer.documents import repository
from designer.documents.models import Pipeline, Version
from designer.documents.thumbnail import refresh
from designer.workspaces.people import name_of
from designer.workspaces.permissions import roles_of
from pipelines import flow
from pipelines.models import Run


def with_last_run(found: QuerySet[Pipeline]) -> QuerySet[Pipeline]:
    """Pipelines with their last editor and the id of their newest run."""
    newest = Run.objects.filter(document=OuterRef("pk")).order_by("-created_at").values("pk")[:1]
    return found.select_related("updated_by").annotate(last_run_id=Subquery(newest))


def pipelines_json(pipelines: Sequence[Any], user: User) -> list[dict[str, Any]]:
    """Pipelines as the API shows them; each must come from `with_last_run`."""
    refresh(pipelines)
    roles = roles_of(user)
    runs = Run.objects.defer("graph", "plan").in_bulk([pipeline.last_run_id for pipeline in pipelines if pipeline.last_run_id])
    return [_pipeline_json(pipeline, roles, runs.get(pipeline.last_run_id)) for pipeline in pipelines]


def pipeline_json(pipeline: Pipeline, user: User) -> dict[str, Any]:
    """One pipeline as the API shows it."""
    return pipelines_json([with_last_run(Pipeline.objects.all()).get(pk=pipeline.pk)], user)[0]


def _pipeline_json(pipeline: Pipeline, roles: Mapping[str, str], run: Run | None) -> dict[str, Any]:
    return {
        "id": pipeline.pk,
        "name": pipeline.name,
        "workspace": pipeline.workspace_id,
        "revision": pipeline.revision,
        "role": roles.get(pipeline.workspace_id, "viewer"),
        "created_at": pipeline.created_at,
        "updated_at": pipeline.updated_at,
        "updated_by": name_of(pipeline.updated_by) if pipeline.updated_by else None,
        "readable": "unreadable" not in pipeline.summary,
        "graph_summary": {name: pipeline.summary.get(name, []) for name in ("nodes", "edges")},
        "last_run": None
        if run is None
        else {"id": run.pk, "state": run.state, "created_at": run.created_at, "finished_at": run.finished_at},
    }


def version_json(version: Version) -> dict[str, Any]:
    """A version as the API shows it."""
    return {
        "id": version.pk,
        "name": version.name,
        "created_at": version.created_at,
        "graph": version.graph,
        "created_by": name_of(version.created_by) if version.created_by else None,
    }


def check_json(pipeline: Pipeline) -> dict[str, Any]:
    """The problems of a draft, and the columns at each port."""
    revision, reading = repository.read_draft(pipeline.pk)
    checked = flow.check(reading.drawing, WorkspaceDatasets(pipeline.workspace), pipeline.workspace_id)
    distinct = {id(known): known for ports in checked.columns.values() for known in ports.values() if known is not None}
    shown = {key: [*map(msgspec.structs.asdict, known)] for key, known in distinct.items()}  # many ports have the same columns
    columns = {node: {port: shown.get(id(known)) for port, known in ports.items()} for node, ports in checked.columns.items()}
    return {"revision": revision, "problems": [problem.as_json() for problem in (*reading.problems, *checked.problems)], "columns": columns}
