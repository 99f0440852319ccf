"""Queries of imports for lists and pages, with a fixed number of SQL queries."""

from __future__ import annotations

from collections import defaultdict

import msgspec
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from designer.imports import models, schemas
from designer.imports.refreshing import new_runs
from designer.schedules.times import Times
from designer.schedules.words import words
from pipelines.models import Run

MOST_SHOWN = 20


def listed(found: QuerySet[models.Import], most: int = 1) -> list[schemas.Import]:
    """Imports as the API shows them, each with so many of its newest refreshes."""
    rows = list(found.select_related("schedule").order_by("title", "pk"))
    numbered = models.Refresh.objects.filter(of__in=rows).annotate(place=Window(RowNumber(), partition_by=F("of"), order_by=F("pk").desc()))
    told: dict[str, list[schemas.Refresh]] = defaultdict(list)
    for refresh in numbered.filter(place__lte=most).order_by("-pk"):
        told[refresh.of_id].append(schemas.Refresh.of(refresh))
    # A run that is over counts as going on until it has its row.
    since = {row.pipeline_id: row.since for row in rows}
    going = new_runs([*since], min(since.values())) if rows else Run.objects.none()
    running = {
        pipeline: run for run, pipeline, at in going.values_list("pk", "document", "created_at") if pipeline and at >= since[pipeline]
    }
    return [_one(row, told[row.pk], running.get(row.pipeline_id)) for row in rows]


def one(row: models.Import) -> schemas.Import:
    """An import with its newest refreshes."""
    return listed(models.Import.objects.filter(pk=row.pk), MOST_SHOWN)[0]


def _one(row: models.Import, refreshes: list[schemas.Refresh], running: str | None) -> schemas.Import:
    schedule = row.schedule
    times = msgspec.convert(schedule.times, Times) if schedule and schedule.times else None
    return schemas.Import(
        id=row.pk,
        workspace=row.workspace_id,
        title=row.title,
        source=row.source,
        dataset=row.dataset_id,
        pipeline=row.pipeline_id,
        schedule=row.schedule_id,
        when=f"{words(times.rule)}, {times.zone}" if times else "",
        next_at=schedule.next_at if schedule else None,
        is_paused=schedule is not None and schedule.is_paused(timezone.now()),
        running=running,
        refreshes=refreshes,
        created_at=row.created_at,
    )
