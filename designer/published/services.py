"""Services of published pipelines: publish, move the default, change, delete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from designer.datasets.resolver import WorkspaceDatasets
from designer.documents.models import Pipeline, Version
from designer.http.errors import Refusal, invalid_graph
from designer.published.ends import MOST_ENDS, inputs_of, results_of
from designer.published.models import PublishedMove, PublishedPipeline, PublishedRun, PublishedVersion
from designer.runs.services import drawn
from designer.workspaces.models import Workspace
from designer.workspaces.people import email_of
from pipelines import flow
from pipelines.models import Run

MOST_PUBLISHED, MOST_VERSIONS = 200, 500


def make(workspace: Workspace, pipeline: Pipeline, version: Version | None, asked: Mapping[str, Any], person: User) -> PublishedPipeline:
    """Publish a pipeline under a name; the first version is the default.

    Raises:
        Refusal: When the name is taken, there are too many, or the pipeline cannot be published.
    """
    check_name(workspace, asked["name"])
    content = _content(pipeline, version, asked)
    by = email_of(person)
    try:
        with transaction.atomic():
            published = PublishedPipeline.objects.create(
                workspace=workspace, name=asked["name"], description=asked.get("description", ""), created_by=by
            )
            added = _add(published, content, asked.get("why", ""), by)
            _move(published, added.number, by, asked.get("why", ""))
    except IntegrityError:
        raise _name_taken(asked["name"]) from None
    return published


def check_name(workspace: Workspace, name: str) -> None:
    """Check that a name is free and there is room for another published pipeline.

    Raises:
        Refusal: 409 when not.
    """
    there = PublishedPipeline.objects.filter(workspace=workspace)
    if there.count() >= MOST_PUBLISHED:
        words = f"This workspace already has {MOST_PUBLISHED} published pipelines, the maximum."
        raise Refusal(409, "too_many_published", words, remedy="Delete one that is not used.")
    if there.filter(name=name).exists():
        raise _name_taken(name)


def publish(
    published: PublishedPipeline, pipeline: Pipeline, version: Version | None, asked: Mapping[str, Any], person: User
) -> PublishedVersion:
    """Add a version, and make it the default unless `default` is false.

    Raises:
        Refusal: When the pipeline cannot be published, there are too many versions, or the default is not the expected one.
    """
    content = _content(pipeline, version, asked)
    with transaction.atomic():
        held = PublishedPipeline.objects.select_for_update().get(pk=published.pk)
        if held.versions.count() >= MOST_VERSIONS:
            words = f"“{held.name}” already has {MOST_VERSIONS} versions, the maximum."
            raise Refusal(409, "too_many_versions", words, remedy="Publish it under another name.")
        added = _add(held, content, asked.get("why", ""), email_of(person))
        if asked.get("default", True):
            check_expected(held, asked.get("expected"))
            _move(held, added.number, email_of(person), asked.get("why", ""))
    return added


def _content(pipeline: Pipeline, version: Version | None, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a version: a sound graph with its inputs and results."""
    graph, problems = drawn(pipeline, version)
    for ends in ("inputs", "results"):
        if len(asked.get(ends) or ()) > MOST_ENDS:
            raise Refusal(422, "too_many_ends", f"There are more than {MOST_ENDS} {ends}.", remedy="Name fewer.", field=ends)
    _check_sound(graph, problems, pipeline.workspace)
    inputs, results = inputs_of(graph, asked.get("inputs")), results_of(graph, asked.get("results"))
    source = f"Version “{version.name}” of “{pipeline.name}”" if version else f"“{pipeline.name}” as it was drawn"
    return {
        "graph": flow.dump(graph),
        "inputs": msgspec.to_builtins(inputs),
        "results": msgspec.to_builtins(results),
        "pipeline": pipeline.pk,
        "source": source[:300],
    }


def _check_sound(graph: flow.Graph, problems: Sequence[flow.Problem], workspace: Workspace) -> None:
    """Refuse a graph that a run would leave out parts of."""
    if not graph.nodes:
        raise Refusal(422, "nothing_to_publish", "The pipeline has no modules.", remedy="Draw it first.")
    found = list(problems) or flow.check(graph, WorkspaceDatasets(workspace), workspace.pk).problems
    if wrong := [each for each in found if each.severity != "warning"]:
        raise invalid_graph(wrong)


def _add(published: PublishedPipeline, content: Mapping[str, Any], why: str, by: str) -> PublishedVersion:
    published.last_number += 1  # never given again
    published.save(update_fields=["last_number"])
    return published.versions.create(number=published.last_number, by=by, why=why, **content)


def set_default(published: PublishedPipeline, number: int, expected: int | None, why: str, by: str) -> PublishedPipeline:
    """Make a version the default, such as an earlier one to roll back.

    Raises:
        Refusal: 422 for an unknown version, 409 when the default is not the expected one.
    """
    with transaction.atomic():
        held = PublishedPipeline.objects.select_for_update().get(pk=published.pk)
        if not held.versions.filter(number=number).exists():
            words = f"“{held.name}” has no version {number}."
            raise Refusal(422, "unknown_version", words, remedy="Name one of its versions.", field="version")
        check_expected(held, expected)
        if held.default != number:
            _move(held, number, by, why)
    return held


def check_expected(published: PublishedPipeline, expected: int | None) -> None:
    """Check that nobody has moved the default in between.

    Raises:
        Refusal: 409 when it is another version.
    """
    if expected is not None and expected != published.default:
        words = f"The default is version {published.default} by now, not version {expected}."
        raise Refusal(409, "default_moved", words, remedy="Look at the versions again, then decide.", field="expected")


def _move(published: PublishedPipeline, number: int, by: str, why: str) -> None:
    PublishedMove.objects.create(published=published, by=by, before=published.default, after=number, why=why)
    published.default = number
    published.save(update_fields=["default"])


def change(published: PublishedPipeline, asked: Mapping[str, str]) -> None:
    """Change the name or the description; the address stays.

    Raises:
        Refusal: 409 when the name is taken.
    """
    published.name, published.description = asked.get("name", published.name), asked.get("description", published.description)
    try:
        with transaction.atomic():
            published.save(update_fields=["name", "description"])
    except IntegrityError:
        raise _name_taken(published.name) from None


def delete(published: PublishedPipeline) -> None:
    """Delete a published pipeline with its versions, keys and history; its runs stay.

    Raises:
        Refusal: 409 while a run of it is not over, or results of one are not saved yet.
    """
    with transaction.atomic():
        PublishedPipeline.objects.select_for_update().get(pk=published.pk)
        open_ = PublishedRun.objects.filter(published=published, saved_at=None).values_list("run", flat=True)
        if going := Run.objects.filter(pk__in=list(open_)).count():
            words = f"{going} of its runs {'is' if going == 1 else 'are'} not over yet."
            raise Refusal(409, "in_use", words, remedy="Wait for their end, or cancel them.")
        published.delete()


def _name_taken(name: str) -> Refusal:
    words = f"A published pipeline named “{name}” already exists."
    return Refusal(409, "name_taken", words, remedy="Enter another name, or publish a new version of it.", field="name")
