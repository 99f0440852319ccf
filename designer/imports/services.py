"""Import services: make one, refresh it now, change when it is refreshed, end it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from designer.datasets.models import Dataset
from designer.datasets.quota import check_room
from designer.datasets.resolver import WorkspaceDatasets
from designer.documents import services as documents
from designer.http.errors import Refusal
from designer.imports.models import Import
from designer.imports.refreshing import new_runs
from designer.imports.source import document_of, words_of
from designer.runs import services as runs
from designer.schedules import services as schedules
from designer.schedules.models import Graph, Kind, Schedule
from designer.workspaces.models import Workspace
from pipelines import flow
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import TABLE
from pipelines.models import Run
from pipelines.outside.addresses import checked_addresses
from pipelines.outside.web import PORTS, checked_url

MOST_IMPORTS = 200


def make(workspace: Workspace, person: User, asked: Mapping[str, Any]) -> Import:
    """Create the pipeline of an import, with its schedule if there is one, and start the first run of it.

    Raises:
        Refusal: When a setting, a connection, the dataset or the times cannot be used, or the store is full.
    """
    if Import.objects.filter(workspace=workspace).count() >= MOST_IMPORTS:
        words = f"This workspace already has {MOST_IMPORTS} imports, the maximum."
        raise Refusal(409, "too_many_imports", words, remedy="Delete one that is not used.")
    check_room(workspace)
    dataset = _dataset(workspace, asked["dataset"]) if asked.get("dataset") else None
    title = dataset.title if dataset else asked["title"].strip()
    settings = {name: value for name, value in asked["settings"].items() if value not in (None, "")}
    document = _checked(workspace, title, settings)
    with transaction.atomic():
        name = documents.unused_name(workspace, document["name"][:190])
        pipeline = documents.make(workspace, person, name, document)
        now = timezone.now()
        made = Import(
            workspace=workspace, title=title, source=words_of(settings), pipeline=pipeline, dataset=dataset, since=now, created_by=person
        )
        made.save(force_insert=True)
        if asked.get("times"):
            _set_times(made, person, asked["times"])
    runs.start(pipeline, person)
    return made


def _dataset(workspace: Workspace, id: str) -> Dataset:
    """The dataset that is to get a source.

    Raises:
        Refusal: When it is not a table of the workspace, or has a source.
    """
    found = Dataset.objects.filter(pk=id, workspace=workspace, kind=TABLE).first()
    if found is None:
        raise Refusal(422, "no_such_dataset", "The workspace has no such dataset.", remedy="Choose one of the workspace.", field="dataset")
    if Import.objects.filter(dataset=found).exists():
        words = f"“{found.title}” has a source already."
        raise Refusal(409, "has_source", words, remedy="Change that one, or delete it first.", field="dataset")
    return found


def _checked(workspace: Workspace, title: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The document of the pipeline, whose settings and connections can be used.

    Raises:
        Refusal: 422 with the first problem and its setting.
    """
    document = document_of(title, settings)
    graph = flow.read(document)
    for problem in (*flow.draft_problems(graph), *flow.check(graph, WorkspaceDatasets(workspace), workspace.pk).problems):
        if problem.severity != "warning":
            raise Refusal(422, problem.code, problem.words, remedy=problem.remedy, field=problem.param or "settings")
    if settings.get("source", "url") == "url":
        try:
            place = checked_url(str(settings["url"]))
            with flow.outside.reach_of():
                checked_addresses(place.hostname or "", place.port or PORTS[place.scheme])
        except ModuleError as wrong:
            if wrong.code != "unknown_host":  # it may be known later
                raise Refusal(422, wrong.code, wrong.words, remedy=wrong.remedy, field="url") from None
    return documents.sound_document(document)


def refresh(one: Import, person: User) -> Run:
    """Start a run that reads the source now.

    Raises:
        Refusal: 409 while one is in progress, or when the store is full; 422 when the pipeline cannot run.
    """
    if running(one) is not None:
        words = f"“{one.title}” is being refreshed."
        raise Refusal(409, "still_going", words, remedy="Wait until that run has ended.")
    return runs.start(one.pipeline, person)


def running(one: Import) -> Run | None:
    """The run of an import whose outcome is not known yet."""
    return new_runs(one.pipeline_id, one.since).first()


def change(one: Import, person: User, times: Mapping[str, Any] | None) -> None:
    """Set when an import is refreshed; None for by hand only.

    Raises:
        Refusal: When the times cannot be used.
    """
    with transaction.atomic():
        if times is None:
            Schedule.objects.filter(pk=one.schedule_id).delete()
            one.refresh_from_db()
        elif one.schedule is not None:
            schedules.change(one.schedule, person, {"times": times})
        else:
            _set_times(one, person, times)


def _set_times(one: Import, person: User, times: Mapping[str, Any]) -> None:
    """Give an import its schedule. It runs the pipeline as it is drawn, so that a change of the query counts at the next time."""
    wanted = f"Refresh {one.title}"[:90]
    taken = set(Schedule.objects.filter(workspace=one.workspace, name__startswith=wanted).values_list("name", flat=True))
    name = next(each for each in (wanted, *(f"{wanted} {number}" for number in range(2, len(taken) + 3))) if each not in taken)
    one.schedule = schedules.make(one.pipeline, Kind.TIMES, person, {"name": name, "times": times, "graph": Graph.DRAFT}).schedule
    one.save(update_fields=["schedule"])


def end(one: Import) -> None:
    """End an import with its schedule. The dataset stays with its versions; so does the pipeline."""
    one.delete()


def end_schedule(instance: Import, **_: Any) -> None:
    """Delete the schedule of an import that was deleted, also with its dataset."""
    Schedule.objects.filter(pk=instance.schedule_id).delete()


def writer_of(dataset: str) -> str | None:
    """The pipeline that adds versions to a dataset."""
    return Import.objects.filter(dataset=dataset).values_list("pipeline", flat=True).first()
