"""Pipeline queries for lists and pages, with a fixed number of SQL queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from designer.datasets.resolver import WorkspaceDatasets
from designer.documents import repository, schemas
from designer.documents.models import Pipeline, Version
from designer.documents.thumbnail import refresh
from designer.workspaces.models import Role
from designer.workspaces.people import name_of
from designer.workspaces.permissions import roles_of
from pipelines import flow
from pipelines.flow import TERMINAL, State
from pipelines.models import Run, Step


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
    steps = _steps(runs.values())
    return [_listed(pipeline, roles, runs.get(pipeline.last_run_id), steps) for pipeline in pipelines]


class _Steps(NamedTuple):
    """The steps of a run that failed or is in progress."""

    total: int
    finished: int
    failed: list[str]
    running: list[str]


NO_STEPS = _Steps(0, 0, [], [])


def _steps(runs: Iterable[Run]) -> dict[str, _Steps]:
    """The steps of each of these runs that is worth a word, with two queries."""
    told = [run.pk for run in runs if run.state in (State.FAILED, State.RUNNING)]
    if not told:
        return {}
    found = Step.objects.filter(run__in=told)
    counts = found.values_list("run").annotate(total=Count("pk"), finished=Count("pk", filter=Q(state__in=TERMINAL)))
    named: dict[tuple[str, str], list[str]] = {}
    for run, node, state in found.filter(state__in=(State.FAILED, State.RUNNING)).values_list("run", "node", "state"):
        named.setdefault((run, state), []).append(node)
    return {
        run: _Steps(total, finished, named.get((run, State.FAILED), []), named.get((run, State.RUNNING), []))
        for run, total, finished in counts
    }


def one(pipeline: Pipeline, user: User) -> schemas.Pipeline:
    """One pipeline as the API shows it."""
    return listed([with_last_run(Pipeline.objects.all()).get(pk=pipeline.pk)], user)[0]


def _listed(pipeline: Any, roles: Mapping[str, str], run: Run | None, steps: Mapping[str, _Steps]) -> schemas.Pipeline:
    return schemas.Pipeline(
        id=pipeline.pk,
        name=pipeline.name,
        workspace=pipeline.workspace_id,
        revision=pipeline.revision,
        role=Role(roles.get(pipeline.workspace_id, Role.VIEWER)),
        created_at=pipeline.created_at,
        updated_at=pipeline.updated_at,
        updated_by=name_of(pipeline.updated_by) if pipeline.updated_by else None,
        updated_by_id=str(pipeline.updated_by_id) if pipeline.updated_by_id else None,
        readable="unreadable" not in pipeline.summary,
        graph_summary=schemas.Summary(pipeline.summary.get("nodes", []), pipeline.summary.get("edges", [])),
        last_run=None if run is None else _last_run(run, steps.get(run.id, NO_STEPS), pipeline.summary.get("ids", [])),
        versions=pipeline.version_count,
    )


def _last_run(run: Run, steps: _Steps, shown: Sequence[str]) -> schemas.LastRun:
    at = {id: index for index, id in enumerate(shown)}
    failed, running = ([at[node] for node in nodes if node in at] for nodes in (steps.failed, steps.running))
    return schemas.LastRun(
        id=run.id,
        state=run.state,  # type: ignore[arg-type]  # as in runs
        created_at=run.created_at,
        finished_at=run.finished_at,
        headline=run.read_headline(),
        steps=steps.total,
        steps_finished=steps.finished,
        steps_failed=len(steps.failed),
        failed=failed,
        running=running,
    )


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
