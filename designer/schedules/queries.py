"""Queries of schedules for lists and pages, with a fixed number of SQL queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.db.models import Count, F, Max, Model, Q, QuerySet, Sum
from django.utils import timezone

from designer.datasets.models import Dataset
from designer.documents.models import Pipeline, Version
from designer.endpoints.models import Endpoint
from designer.notices.services import shown_address
from designer.published.run_schemas import ChosenDataset
from designer.registry.models import RegisteredModel
from designer.schedules import models, schemas
from designer.schedules.models import CatchUp, Cursor, Graph, Kind, Outcome, Overlap
from designer.schedules.sources import ALIAS, DATASET, MONITOR, PIPELINE, WEBHOOK
from designer.schedules.targets import name_of, version_words
from designer.schedules.times import Times
from designer.schedules.watch import Watch, Watched
from designer.schedules.words import words
from pipelines.flow import State

Names = Mapping[tuple[str, str], str]
MOST_NAMED = 3
# The table of a source's kind, the field with its name, and what it is.
TABLES: Mapping[str, tuple[type[Model], str, str]] = {
    DATASET: (Dataset, "title", "a dataset"),
    PIPELINE: (Pipeline, "name", "a pipeline"),
    MONITOR: (Endpoint, "name", "an endpoint"),
    ALIAS: (RegisteredModel, "name", "a model"),
}
EVENTS = {DATASET: "a new version of", PIPELINE: "a run of", MONITOR: "an alarm of"}
COUNTS = {each.value: Count("pk", filter=Q(outcome=each)) for each in Outcome}


def listed(found: QuerySet[models.Schedule], **more: Any) -> list[schemas.Schedule]:
    """Schedules as the API shows them."""
    rows = list(found.select_related("pipeline", "published", "version", "run_as").defer("version__graph").order_by("name"))
    ids = [row.pk for row in rows]
    ticks = models.Tick.objects.filter(schedule__in=ids).values("schedule")
    told = ticks.annotate(
        **COUNTS, too_late=Count("pk", filter=Q(late=True)), last=Max("pk"), success=Max("started_at", filter=Q(ended=State.DONE))
    )
    facts = {each["schedule"]: each for each in told}
    last = models.Tick.objects.in_bulk([each["last"] for each in facts.values()])
    cursors = Cursor.objects.filter(schedule__in=ids).values("schedule").annotate(unread=Sum(F("source__last") - F("through")))
    unread = {each["schedule"]: each["unread"] for each in cursors}
    names = _names(rows)
    versions = Version.objects.filter(pipeline__in=[row.pipeline_id for row in rows if row.graph == Graph.LATEST])
    newest = dict(versions.order_by("created_at", "pk").values_list("pipeline", "name"))
    return [
        _one(row, facts.get(row.pk, {}), last, unread.get(row.pk, 0), names, version_words(row, newest.get(row.pipeline_id or "")), **more)
        for row in rows
    ]


def one(row: models.Schedule, *, secrets: Mapping[str, str] | None = None, notes: Sequence[str] = ()) -> schemas.Schedule:
    """A schedule as the API shows it."""
    return listed(models.Schedule.objects.filter(pk=row.pk), secrets=dict(secrets or {}), notes=list(notes))[0]


def _one(
    row: models.Schedule,
    facts: Mapping[str, Any],
    last: Mapping[int, models.Tick],
    unread: int,
    names: Names,
    executes: str,
    **more: Any,
) -> schemas.Schedule:
    times = msgspec.convert(row.times, Times) if row.times else None
    watch = msgspec.convert(row.watch, Watch) if row.watch else None
    paused = row.is_paused(timezone.now())
    newest, counts = last.get(facts.get("last", 0)), {each.value: facts.get(each.value, 0) for each in Outcome}
    return schemas.Schedule(
        id=row.pk,
        workspace=row.workspace_id,
        name=row.name,
        kind=Kind(row.kind),
        pipeline=row.pipeline_id,
        published=row.published_id,
        runs=name_of(row),
        executes=executes,
        graph=Graph(row.graph),
        version=row.version_id,
        published_version=row.published_version,
        parameters=row.parameters,
        preset=row.preset,
        inputs=msgspec.convert(row.inputs, dict[str, ChosenDataset]),
        times=times,
        watch=watch,
        words=f"{words(times.rule)}, {times.zone}" if times else watch_words(watch, names) if watch else "",
        jitter_seconds=row.jitter_seconds,
        overlap=Overlap(row.overlap),
        catch_up=CatchUp(row.catch_up),
        window_seconds=row.window_seconds,
        pause_after=row.pause_after,
        run_as=str(row.run_as_id) if row.run_as_id else None,
        run_as_name=schemas.shown_name(row),
        email=row.email,
        webhook=shown_address(row.webhook),
        pause=schemas.Pause(row.paused_by, row.pause_note, row.paused_at, row.paused_until) if paused and row.paused_at else None,
        failures=row.failures,
        next_at=None if paused and row.paused_until is None else row.next_at,
        last=schemas.Tick.of(newest) if newest else None,
        last_success=facts.get("success"),
        unread=unread,
        counts=schemas.Counts(late=facts.get("too_late", 0), **counts),
        **{"secrets": {}, "notes": [], **more},
    )


def _names(rows: Sequence[models.Schedule]) -> Names:
    """The names of what triggers watch, by kind and id; a source that was deleted has none."""
    wanted: dict[str, set[str]] = {}
    for row in rows:
        for source in row.watch["sources"] if row.watch else ():
            wanted.setdefault(source["kind"], set()).add(source["id"].partition(":")[0])
    found: dict[tuple[str, str], str] = {}
    for kind, (table, name, _) in TABLES.items():
        there = table._default_manager.filter(pk__in=wanted.get(kind, ())).values_list("pk", name)
        found |= {(kind, id): name for id, name in there}
    return found


def watch_words(watch: Watch, names: Names) -> str:
    """What a trigger watches, in words."""
    parts = [_source_words(source, names) for source in watch.sources[:MOST_NAMED]]
    if (left := len(watch.sources) - MOST_NAMED) > 0:
        parts.append(f"{left} more")
    return "After " + (" and " if watch.needs == "all" else " or ").join(parts)


def _source_words(source: Watched, names: Names) -> str:
    if source.kind == WEBHOOK:
        return "its webhook"
    id, _, alias = source.id.partition(":")
    name = names.get((source.kind, id))
    what = f"“{name}”" if name else f"{TABLES[source.kind][2]} that was deleted"
    return f"{EVENTS.get(source.kind, f'a move of the alias {alias} of')} {what}"
