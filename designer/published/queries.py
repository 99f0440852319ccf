"""Reads of published pipelines and their runs."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from django.db.models import Count

from designer.published import run_schemas, schemas
from designer.published.ends import PublishedResult
from designer.published.models import PublishedPipeline, PublishedRun, PublishedVersion
from pipelines import flow
from pipelines.models import Run, Step

GONE = "deleted"
MOST_RUNS = 100


def address_of(id: str) -> str:
    """Where POST starts a run."""
    return f"/api/published/{id}/runs/"


def briefs(rows: Iterable[PublishedPipeline]) -> list[schemas.PublishedBrief]:
    """Published pipelines as a list shows them."""
    listed = list(rows)
    ids = [row.pk for row in listed]
    versions = dict(PublishedVersion.objects.filter(published__in=ids).values_list("published").annotate(Count("pk")))
    runs = dict(PublishedRun.objects.filter(published__in=ids).values_list("published").annotate(Count("pk")))
    last = {row.pk: row.runs.order_by("-created_at").first() for row in listed if runs.get(row.pk)}
    states = dict(Run.objects.filter(pk__in=[each.run for each in last.values() if each]).values_list("pk", "state"))
    return [_brief(row, versions.get(row.pk, 0), runs.get(row.pk, 0), last.get(row.pk), states) for row in listed]


def _brief(row: PublishedPipeline, versions: int, runs: int, last: PublishedRun | None, states: dict[str, str]) -> schemas.PublishedBrief:
    return schemas.PublishedBrief(
        row.pk,
        row.workspace_id,
        row.name,
        row.description,
        row.default,
        versions,
        address_of(row.pk),
        runs,
        states.get(last.run, GONE) if last else None,
        last.created_at if last else None,
        row.created_by,
        row.created_at,
    )


def detail(row: PublishedPipeline) -> schemas.PublishedPipeline:
    """A published pipeline as its page shows it."""
    versions = [*map(schemas.PublishedVersionBrief.of, row.versions.order_by("-number"))]
    return schemas.PublishedPipeline(**msgspec.structs.asdict(briefs([row])[0]), listed=versions)


def runs(rows: Iterable[PublishedRun]) -> list[run_schemas.PublishedRun]:
    """Runs that requests have started, in a few queries."""
    listed = list(rows)
    ids = [row.run for row in listed]
    found = Run.objects.defer("graph", "plan").in_bulk(ids)
    versions = {
        (each.published_id, each.number): each for each in PublishedVersion.objects.filter(published__in={r.published_id for r in listed})
    }
    steps: dict[str, list[Step]] = {}
    for step in Step.of_nodes().filter(run__in=ids).order_by("id"):
        steps.setdefault(step.run_id, []).append(step)
    return [_run(row, versions[row.published_id, row.version], found.get(row.run), steps.get(row.run, [])) for row in listed]


def _run(row: PublishedRun, version: PublishedVersion, run: Run | None, steps: list[Step]) -> run_schemas.PublishedRun:
    follow = f"{address_of(row.published_id)}{row.run}/"
    failed = next((step for step in steps if step.error), None)
    return run_schemas.PublishedRun(
        id=row.run,
        published=row.published_id,
        version=row.version,
        state=run.state if run else GONE,
        waiting_for=flow.waiting_reason(run) if run else None,
        by=row.by,
        created_at=row.created_at,
        started_at=run.started_at if run else None,
        finished_at=run.finished_at if run else None,
        steps=len(steps),
        steps_done=sum(step.state == flow.State.DONE for step in steps),
        parameters=(run.parameters or {}) if run else {},
        inputs=row.inputs,
        follow=follow,
        run=f"/api/runs/{row.run}/",
        results=[_result(row, each, run, steps, follow) for each in msgspec.convert(version.results, list[PublishedResult])],
        saved=row.saved_at is not None,
        problem=row.problem,
        error=_error(failed) if failed else None,
        idempotency_key=row.idempotency_key,
    )


def _error(step: Step) -> run_schemas.PublishedRunError:
    error = step.error or {}
    return run_schemas.PublishedRunError(step.node, error.get("code", ""), error.get("words", ""), error.get("remedy"))


def _result(row: PublishedRun, result: PublishedResult, run: Run | None, steps: list[Step], follow: str) -> run_schemas.PublishedRunResult:
    step = next((each for each in steps if each.node == result.node), None)
    output = step.outputs.get(result.port) if step and step.state == flow.State.DONE else None
    over = run is None or run.state in flow.TERMINAL
    saved = row.saved.get(result.name)
    return run_schemas.PublishedRunResult(
        name=result.name,
        kind=result.kind,
        state="ready" if output else "absent" if over else "waiting",
        rows=output.get("rows") if output else None,
        address=f"{follow}results/{result.name}/",
        save_as=result.save_as,
        dataset=run_schemas.PublishedDataset(**saved) if saved else None,
    )


def result_of(row: PublishedRun, name: str) -> PublishedResult | None:
    """A result of a run by its name."""
    version = PublishedVersion.objects.get(published=row.published_id, number=row.version)
    return next((each for each in msgspec.convert(version.results, list[PublishedResult]) if each.name == name), None)
