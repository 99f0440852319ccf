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
from pipelines.flow import TERMINAL, RunHeadline, State
from pipelines.models import Run, Step


def with_last_run(found: QuerySet[Pipeline]) -> QuerySet[Pipeline]:
    """Pipelines with their last editor, the number of their versions, and the ids of the newest run of their draft and of the one before it with a metric."""
    # Those of schedules and published pipelines run another graph, and each of a sweep has values of its own.
    runs = Run.objects.filter(document=OuterRef("pk"), source=None, sweep=None).order_by("-created_at").values("pk")
    versions = Version.objects.filter(pipeline=OuterRef("pk")).order_by().values("pipeline").annotate(count=Count("pk")).values("count")
    return found.select_related("updated_by", "made_from").annotate(
        last_run_id=Subquery(runs[:1]),
        run_before_id=Subquery(runs.filter(headline__isnull=False)[1:2]),
        version_count=Coalesce(Subquery(versions), 0),
    )


def listed(pipelines: Sequence[Any], user: User) -> list[schemas.Pipeline]:
    """Pipelines as the API shows them; each must come from `with_last_run`."""
    refresh(pipelines)
    roles = roles_of(user)
    wanted = {id for pipeline in pipelines for id in (pipeline.last_run_id, pipeline.run_before_id) if id}
    runs = Run.objects.defer("graph", "plan").in_bulk(list(wanted))
    steps = _steps(last for pipeline in pipelines if (last := runs.get(pipeline.last_run_id)))
    return [_listed(pipeline, roles, runs, steps) for pipeline in pipelines]


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
    found = Step.of_nodes().filter(run__in=told)
    counts = found.values_list("run").annotate(total=Count("pk"), finished=Count("pk", filter=Q(state__in=TERMINAL)))
    named: dict[tuple[str, str], list[str]] = {}
    for run, node, state in found.filter(state__in=(State.FAILED, State.RUNNING, State.FANNED)).values_list("run", "node", "state"):
        named.setdefault((run, State.RUNNING if state == State.FANNED else state), []).append(node)
    return {
        run: _Steps(total, finished, named.get((run, State.FAILED), []), named.get((run, State.RUNNING), []))
        for run, total, finished in counts
    }


def one(pipeline: Pipeline, user: User) -> schemas.Pipeline:
    """One pipeline as the API shows it."""
    return listed([with_last_run(Pipeline.objects.all()).get(pk=pipeline.pk)], user)[0]


def _listed(pipeline: Any, roles: Mapping[str, str], runs: Mapping[str, Run], steps: Mapping[str, _Steps]) -> schemas.Pipeline:
    run, before = runs.get(pipeline.last_run_id), runs.get(pipeline.run_before_id)
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
        last_run=None if run is None else _last_run(run, before, steps.get(run.id, NO_STEPS), pipeline.summary.get("ids", [])),
        versions=pipeline.version_count,
        made_from=_made_from(getattr(pipeline, "made_from", None)),
    )


def _made_from(row: Any) -> schemas.MadeFrom | None:
    return row and schemas.MadeFrom(row.template_id, row.name, row.version)


def _last_run(run: Run, before: Run | None, steps: _Steps, shown: Sequence[str]) -> schemas.LastRun:
    at = {id: index for index, id in enumerate(shown)}
    failed, running = ([at[node] for node in nodes if node in at] for nodes in (steps.failed, steps.running))
    return schemas.LastRun(
        id=run.id,
        state=run.state,  # type: ignore[arg-type]  # as in runs
        created_at=run.created_at,
        finished_at=run.finished_at,
        headline=run.read_headline(),
        change=_change(run.read_headline(), before.read_headline() if before else None),
        steps=steps.total,
        steps_finished=steps.finished,
        steps_failed=len(steps.failed),
        failed=failed,
        running=running,
    )


def _change(last: RunHeadline | None, before: RunHeadline | None) -> float | None:
    """How much a metric differs from the same metric of the run before; None where one of them has another or none."""
    if last is None or before is None or (last.node, last.port, last.title) != (before.node, before.port, before.title):
        return None
    return last.value - before.value


def version(found: Version) -> schemas.Version:
    """A version."""
    return schemas.Version(
        id=found.pk,
        name=found.name,
        created_at=found.created_at,
        created_by=name_of(found.created_by) if found.created_by else None,
        graph=found.graph,
    )


def parameters(pipeline: Pipeline) -> schemas.Parameters:
    """The parameters of a draft, and what they drive."""
    _, reading = repository.read_draft(pipeline.pk)
    drives: dict[str, list[tuple[str, str]]] = {name: [] for name in reading.graph["parameters"]}
    for node, setting, name in flow.references(reading.drawing):
        if name in drives:
            drives[name].append((node, setting))
    return schemas.Parameters(reading.graph["parameters"], drives, reading.graph.get("presets", {}))


def checked(pipeline: Pipeline) -> schemas.Check:
    """The problems of a draft, and the columns at each port."""
    revision, reading = repository.read_draft(pipeline.pk)
    found = flow.check(reading.drawing, WorkspaceDatasets(pipeline.workspace), pipeline.workspace_id)
    return schemas.Check(revision, [*reading.problems, *found.problems], found.columns)
