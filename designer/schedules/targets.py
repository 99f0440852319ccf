"""What schedules run: a pipeline in a version or as it is drawn, or a published pipeline in a version of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from designer.datasets.models import Dataset
from designer.documents.models import Pipeline, Version
from designer.http.errors import Refusal
from designer.published import starting as publications
from designer.published.models import PublishedPipeline, PublishedVersion
from designer.runs import services as runs
from designer.schedules.built_in import built_in, resolved
from designer.schedules.models import Graph, Schedule, Tick
from designer.schedules.sources import DATASET, PIPELINE
from pipelines import flow
from pipelines.catalogue.ports import TABLE
from pipelines.graph.presets import preset_values
from pipelines.models import Run

DELETED = "The published pipeline that it runs was deleted."


def start(schedule: Schedule, tick: Tick, person: User, now: datetime, alongside: Callable[[Run], object]) -> Run:
    """Start the run of a tick: what its schedule runs, with its values.

    Args:
        schedule, tick: The schedule, and its tick.
        person: Whose rights the run has.
        now: The present time.
        alongside: Called in the transaction that creates the run; when it raises, there is no run.

    Raises:
        Refusal, UnsoundGraph: When it cannot be run.
    """
    if schedule.pipeline is None:
        given = {"parameters": _values(schedule, tick, now), "preset": schedule.preset, "inputs": schedule.inputs}
        asked = {"version": schedule.published_version, **given}
        return publications.start_planned(published_of(schedule), person, asked, schedule=schedule.name, alongside=alongside)
    return runs.start(
        schedule.pipeline,
        person,
        version=version_of(schedule, schedule.pipeline),
        parameters=_values(schedule, tick, now),
        preset=schedule.preset,
        schedule=schedule.name,
        alongside=alongside,
    )


def _values(schedule: Schedule, tick: Tick, now: datetime) -> Mapping[str, Any]:
    given: Mapping[str, Any] = schedule.parameters
    if not any(built_in(value) for value in given.values()):
        return given
    if schedule.pipeline is None:
        graph = flow.read(publications.version_of(published_of(schedule), schedule.published_version).graph)
    else:
        graph, _ = runs.drawn(schedule.pipeline, version_of(schedule, schedule.pipeline))
    return resolved(schedule, graph, tick, now)


def check(schedule: Schedule, now: datetime) -> None:
    """Check the values of a schedule. What it runs may change later: then the tick says so.

    Raises:
        Refusal: 422 for what a run would refuse.
    """
    if schedule.pipeline is None:
        published = published_of(schedule)
        version = publications.version_of(published, schedule.published_version, "published_version")
        graph, _ = publications.drawn(published, version, {"inputs": schedule.inputs})
    else:
        graph, _ = runs.drawn(schedule.pipeline, version_of(schedule, schedule.pipeline))
    given = resolved(schedule, graph, None, now)
    try:
        chosen = preset_values(graph, schedule.preset)
    except flow.UnsoundGraph as wrong:
        problem = wrong.problems[0]
        raise Refusal(422, problem.code, problem.words, remedy=problem.remedy, field="preset") from None
    for problem in flow.value_problems(graph, {**chosen, **given}):
        raise Refusal(422, problem.code, problem.words, remedy=problem.remedy, field="parameters")


def published_of(schedule: Schedule) -> PublishedPipeline:
    """The published pipeline of a schedule.

    Raises:
        Refusal: 422 when it was deleted.
    """
    if schedule.published is None:
        remedy = "Choose another published pipeline, or delete the " + schedule.noun + "."
        raise Refusal(422, "published_deleted", DELETED, remedy=remedy, field="published")
    return schedule.published


def version_of(schedule: Schedule, pipeline: Pipeline) -> Version | None:
    """The version of its pipeline that a schedule runs; None for the draft.

    Raises:
        Refusal: 422 when the pipeline has no version.
    """
    if schedule.graph == Graph.DRAFT:
        return None
    if schedule.graph == Graph.VERSION:
        return schedule.version
    newest = newest_version(pipeline)
    if newest is None:
        raise Refusal(422, "no_version", "The pipeline has no saved version.", remedy="Save a version, or let the schedule run the draft.")
    return newest


def newest_version(pipeline: Pipeline) -> Version | None:
    """The newest named version of a pipeline."""
    return Version.objects.filter(pipeline=pipeline).order_by("-created_at", "-pk").first()


def name_of(schedule: Schedule) -> str:
    """The name of what a schedule runs; empty when it was deleted."""
    target = schedule.pipeline or schedule.published
    return target.name if target else ""


def version_words(schedule: Schedule, newest: str | None) -> str:
    """Which version the next run of a schedule executes, in words.

    Args:
        schedule: The schedule.
        newest: The name of the newest saved version of its pipeline.
    """
    if schedule.pipeline is not None:
        if schedule.graph == Graph.DRAFT:
            return "As it is drawn at that moment"
        name = schedule.version.name if schedule.version else newest
        return f"{'Version' if schedule.version else 'Newest saved version,'} “{name}”" if name else "No saved version"
    if schedule.published is None:
        return DELETED
    number, default = schedule.published_version, schedule.published.default
    if number is None:
        return f"Version {default}, the default"
    return f"Version {number}" + ("" if number == default else f"; the default is version {default}")


def events_of(schedule: Schedule) -> set[tuple[str, str]]:
    """The events that runs of a schedule make, as kind and subject: a run of a pipeline, and new versions of datasets that results are saved as."""
    if schedule.pipeline_id is not None:
        return {(PIPELINE, schedule.pipeline_id)}
    version = _published_version(schedule)
    if version is None:
        return set()
    saved = [each["save_as"] for each in version.results if each.get("save_as")]
    found = Dataset.objects.filter(workspace=schedule.workspace_id, name__in=saved, kind=TABLE).values_list("pk", flat=True)
    return {(DATASET, pk) for pk in found} | ({(PIPELINE, version.pipeline)} if version.pipeline else set())


def _published_version(schedule: Schedule) -> PublishedVersion | None:
    if schedule.published is None:
        return None
    return schedule.published.versions.filter(number=schedule.published_version or schedule.published.default).first()
