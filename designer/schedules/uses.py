"""Which schedules and triggers run a pipeline."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from designer.documents.models import Pipeline
from designer.documents.uses import Use
from designer.schedules.models import Graph, Kind, Schedule
from designer.schedules.targets import newest_version
from pipelines import flow


def of_pipeline(pipeline: Pipeline) -> Iterable[Use]:
    """The schedules and triggers of a pipeline."""
    newest = cache(newest_version)  # asked for once, however many schedules run it
    for schedule in Schedule.objects.filter(pipeline=pipeline).select_related("version").order_by("name"):
        version = newest(pipeline) if schedule.graph == Graph.LATEST else schedule.version
        graph = flow.read(version.graph) if version else None
        yield Use(
            "schedule" if schedule.kind == Kind.TIMES else "trigger",
            schedule.pk,
            schedule.name,
            graph=graph,
            is_current=schedule.graph == Graph.DRAFT,
        )
