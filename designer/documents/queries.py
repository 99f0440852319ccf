"""Pipeline queries for lists and pages, with a fixed number of SQL queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from designer.datasets.resolver import WorkspaceDatasets
from designer.documents import repository, schemas
from designer.documents.models import Pipeline, Version
from designer.documents.thumbnail import refresh
from designer.workspaces.models import Role
from designer.workspaces.people import name_of
from designer.workspaces.permissions import roles_of
from pipelines import flow
from pipelines.models import Run


def with_last_run(found: QuerySet[Pipeline]) -> QuerySet[Pipeline]:
    """Pipelines with their last editor, the id of their newest run, and the number of their versions."""
    newest = Run.objects.filter(document=OuterRef("pk")).order_by("-created_at").values("pk")[:1]
    versions = Version.objects.filter(pipeline=OuterRef("pk")).order_by().values("pipeline").annotate(count=Count("pk")).values("count")
    return found.select_related("updated_by").annotate(last_run_id=Subquery(newest), version_count=Coalesce(Subquery(versions), 0))


def listed(pipelines: Sequence[Any], user: User) -> list[schemas.Pipeline]:
    """Pipelines as the API shows them; each must come from `with_last_run`."""
    refresh(pipelines)
    roles = roles_of(user)
    runs = Run.objects.defer("graph", "plan").in_bulk([pipeline.last_run_id for pipeline in pipelines if pipeline.last_run_id])
    return [_listed(pipeline, roles, runs.get(pipeline.last_run_id)) for pipeline in pipelines]


def one(pipeline: Pipeline, user: User) -> schemas.Pipeline:
    """One pipeline as the API shows it."""
    return listed([with_last_run(Pipeline.objects.all()).get(pk=pipeline.pk)], user)[0]


def _listed(pipeline: Any, roles: Mapping[str, str], run: Run | None) -> schemas.Pipeline:
    return schemas.Pipeline(
        id=pipeline.pk,
        name=pipeline.name,
        workspace=pipeline.workspace_id,
        revision=pipeline.revision,
        role=Role(roles.get(pipeline.workspace_id, Role.VIEWER)),
        created_at=pipeline.created_at,
        updated_at=pipeline.updated_at,
        updated_by=name_of(pipeline.updated_by) if pipeline.updated_by else None,
        readable="unreadable" not in pipeline.summary,
        graph_summary=schemas.Summary(pipeline.summary.get("nodes", []), pipeline.summary.get("edges", [])),
        last_run=None if run is None else _last(run),
        versions=pipeline.version_count,
    )


def _last(run: Run) -> schemas.LastRun:
    return schemas.LastRun(run.id, run.state, run.created_at, run.finished_at, run.read_headline())  # type: ignore[arg-type]  # as in runs


def version(found: Version) -> schemas.Version:
    """A version."""
    return schemas.Version(
        id=found.pk,
        name=found.name,
        created_at=found.created_at,
        created_by=name_of(found.created_by) if found.created_by else None,
        graph=found.graph,
    )


def checked(pipeline: Pipeline) -> schemas.Check:
    """The problems of a draft, and the columns at each port."""
    revision, reading = repository.read_draft(pipeline.pk)
    found = flow.check(reading.drawing, WorkspaceDatasets(pipeline.workspace), pipeline.workspace_id)
    return schemas.Check(revision, [*reading.problems, *found.problems], found.columns)
