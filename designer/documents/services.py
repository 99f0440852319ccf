"""Pipeline services: create, rename, replace, delete, save a version."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from designer.documents import broadcast, repository, yjs_write
from designer.documents import yjs_read as drafts
from designer.documents.models import Pipeline, Version
from designer.documents.repository import EditResult
from designer.documents.yjs_read import UNTITLED, Shared
from designer.http.errors import Refusal, invalid_graph
from designer.workspaces.models import Workspace
from pipelines.flow import Problem, draft_problems, dump, read, without_parameters
from pipelines.graph.presets import preset_values

EMPTY = {"format": 1, "name": UNTITLED, "nodes": {}, "edges": [], "parameters": {}, "frames": [], "notes": []}


def sound_document(data: Any) -> dict[str, Any]:
    """A validated document in the current format.

    Raises:
        Refusal: When it cannot be read or is malformed (an unfinished one may be stored).
    """
    if isinstance(data, dict) and "nodes" not in data:  # an empty body must not empty a pipeline
        raise invalid_graph(
            [Problem("no_nodes", "The document has no nodes.", remedy='Send a whole document; an empty one has "nodes": {}.')]
        )
    graph = read(data)
    document = dump(graph)
    problems = [problem for problem in draft_problems(graph) if problem.severity == "error"] or drafts.unholdable(document)
    if problems:
        raise invalid_graph(problems)
    return document


def unused_name(workspace: Workspace, name: str) -> str:
    """The name with the first number that makes it unique within the workspace."""
    taken = set(Pipeline.objects.filter(workspace=workspace, name__startswith=name[:150]).values_list("name", flat=True))
    numbered = (f"{name[:190]} {number}" for number in count(2))
    return name if name not in taken else next(other for other in numbered if other not in taken)


def duplicate(pipeline: Pipeline, workspace: Workspace, by: User, name: str | None = None) -> Pipeline:
    """Create a pipeline with the same document."""
    _, reading = repository.read_draft(pipeline.pk)
    return make(workspace, by, name or unused_name(workspace, f"{pipeline.name[:190]} copy"), reading.graph)


def make(workspace: Workspace, by: User, name: str | None = None, document: dict[str, Any] | None = None) -> Pipeline:
    """Create a pipeline, empty or from a validated document."""
    graph = {**(document or EMPTY)}
    graph["name"] = (name or graph["name"]).strip()[:200] or UNTITLED
    with transaction.atomic():
        pipeline = Pipeline.objects.create(workspace=workspace, name=graph["name"], updated_at=timezone.now(), updated_by=by)
        repository.edit(pipeline.pk, lambda doc: yjs_write.write(doc, graph), by)
    pipeline.refresh_from_db()
    return pipeline


def _change(pipeline: Pipeline, by: User, change: Any, expected: int | None = None, *, heals: bool = False) -> EditResult:
    kept = repository.edit(pipeline.pk, change, by, expected, heals=heals)
    if kept.update is not None:
        broadcast.announce(pipeline.pk, broadcast.edited(kept))
    return kept


def rename(pipeline: Pipeline, name: str, by: User) -> None:
    """Rename a pipeline, on open canvases too."""
    _change(pipeline, by, lambda doc: yjs_write.rename(doc, name))
    pipeline.refresh_from_db()


def replace(pipeline: Pipeline, document: dict[str, Any], by: User, expected: int) -> int:
    """Replace a pipeline's content with a validated document; returns its new revision.

    Raises:
        Refusal: 409 when it is not at the expected revision.
    """

    def change(doc: Shared) -> None:
        yjs_write.write(doc, document)

    return _change(pipeline, by, change, expected, heals=True).revision


def set_parameters(pipeline: Pipeline, by: User, parameters: dict[str, Any], presets: dict[str, Any] | None = None) -> None:
    """Replace a pipeline's parameters, and its presets if they are given, on open canvases too. Settings driven by one that goes keep its default.

    Raises:
        Refusal: When they are malformed, or do not suit the settings that they drive.
    """

    def change(doc: Shared) -> None:
        drawing = drafts.to_json(doc).drawing
        gone = drawing.parameters.keys() - parameters.keys()
        document = dump(without_parameters(drawing, gone))
        more = {} if presets is None else {"presets": presets}
        changed = sound_document({**document, "parameters": parameters, **more})
        for preset in more.get("presets", {}):
            preset_values(read(changed), preset)
        yjs_write.write(doc, changed)

    _change(pipeline, by, change)


def set_component(pipeline: Pipeline, group: str, origin: dict[str, Any], by: User) -> None:
    """Make a sub-pipeline an instance of a version of a component, on open canvases too."""
    _change(pipeline, by, lambda doc: yjs_write.set_component(doc, group, origin))


def delete(pipeline: Pipeline) -> None:
    """Delete a pipeline with its edits and versions, and close its open canvases. Its runs stay."""
    id = pipeline.pk
    pipeline.delete()
    broadcast.announce(id, {"type": "draft.gone"})


def keep_version(pipeline: Pipeline, name: str, by: User) -> Version:
    """Save a named copy of the pipeline's current state."""
    _, reading = repository.read_draft(pipeline.pk)
    return Version.objects.create(pipeline=pipeline, name=name, graph=reading.graph, created_by=by)


def expected_revision(if_match: str | None) -> int:
    """The revision that the client expects to replace.

    Raises:
        Refusal: 428 when it is missing, 400 when it is invalid.
    """
    if if_match is None:
        raise Refusal(
            428,
            "revision_needed",
            "Writing a graph requires the header If-Match with the revision it is based on.",
            remedy='Read the graph first, and send its ETag, such as If-Match: "12".',
        )
    text = if_match.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdecimal() and len(text) < 12):
        raise Refusal(
            400, "bad_revision", f"If-Match is {if_match[:40]!r}, which is not a revision.", remedy='Send a revision, such as "12".'
        )
    return int(text)
