"""Queries of schedules for lists and pages, with a fixed number of SQL queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.utils import timezone

from designer.notices.services import shown_address
from designer.schedules import models, schemas
from designer.schedules.models import CatchUp, Cursor, Graph, Kind, Outcome, Overlap
from designer.schedules.times import Times
from designer.schedules.watch import Watch
from designer.schedules.words import words
from pipelines.flow import State

NAMES = {
    "dataset": ("a dataset", "datasets"),
    "pipeline": ("a pipeline", "pipelines"),
    "monitor": ("an alarm of an endpoint", "endpoints’ alarms"),
    "alias": ("a moved alias", "aliases"),
    "webhook": ("a webhook", "webhooks"),
}
COUNTS = {each.value: Count("pk", filter=Q(outcome=each)) for each in Outcome}


def listed(found: QuerySet[models.Schedule], **more: Any) -> list[schemas.Schedule]:
    """Schedules as the API shows them."""
    rows = list(found.select_related("pipeline", "run_as").order_by("name"))
    ids = [row.pk for row in rows]
    ticks = models.Tick.objects.filter(schedule__in=ids).values("schedule")
    told = ticks.annotate(
        **COUNTS, too_late=Count("pk", filter=Q(late=True)), last=Max("pk"), success=Max("started_at", filter=Q(ended=State.DONE))
    )
    facts = {each["schedule"]: each for each in told}
    last = models.Tick.objects.in_bulk([each["last"] for each in facts.values()])
    cursors = Cursor.objects.filter(schedule__in=ids).values("schedule").annotate(unread=Sum(F("source__last") - F("through")))
    unread = {each["schedule"]: each["unread"] for each in cursors}
    return [_one(row, facts.get(row.pk, {}), last, unread.get(row.pk, 0), **more) for row in rows]


def one(row: models.Schedule, *, secrets: Mapping[str, str] | None = None, notes: Sequence[str] = ()) -> schemas.Schedule:
    """A schedule as the API shows it."""
    return listed(models.Schedule.objects.filter(pk=row.pk), secrets=dict(secrets or {}), notes=list(notes))[0]


def _one(
    row: models.Schedule,
    facts: Mapping[str, Any],
    last: Mapping[int, models.Tick],
    unread: int,
    secrets: Mapping[str, str] | None = None,
    notes: Sequence[str] = (),
) -> schemas.Schedule:
    times = msgspec.convert(row.times, Times) if row.times else None
    watch = msgspec.convert(row.watch, Watch) if row.watch else None
    paused = row.is_paused(timezone.now())
    newest = last.get(facts.get("last", 0))
    counts = {each.value: facts.get(each.value, 0) for each in Outcome}
    return schemas.Schedule(
        id=row.pk,
        workspace=row.workspace_id,
        name=row.name,
        kind=Kind(row.kind),
        pipeline=row.pipeline_id,
        pipeline_name=row.pipeline.name,
        graph=Graph(row.graph),
        version=row.version_id,
        parameters=row.parameters,
        times=times,
        watch=watch,
        words=f"{words(times.rule)}, {times.zone}" if times else watch_words(watch) if watch else "",
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
        secrets=dict(secrets or {}),
        notes=list(notes),
    )


def watch_words(watch: Watch) -> str:
    """What a trigger watches, in words."""
    kinds = [each.kind for each in watch.sources]
    if len(kinds) == 1:
        return f"After {NAMES[kinds[0]][0]}"
    parts = [one if kinds.count(kind) == 1 else f"{kinds.count(kind)} {many}" for kind, (one, many) in NAMES.items() if kind in kinds]
    return f"After {'all' if watch.needs == 'all' else 'any'} of {' and '.join(parts)}"
