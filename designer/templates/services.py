"""Template services: save, change, make a pipeline from one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F

from designer.documents import repository
from designer.documents.models import Pipeline
from designer.documents.services import make as make_pipeline
from designer.documents.services import sound_document, unused_name
from designer.http.errors import Refusal
from designer.templates.models import MadeFrom, Template
from designer.workspaces.models import Workspace

MOST_TEMPLATES = 200


def make(pipeline: Pipeline, by: User, name: str, description: str) -> Template:
    """Save the present state of a pipeline as a template of its workspace.

    Raises:
        Refusal: When the name is taken, there are too many, or the pipeline cannot be read.
    """
    if Template.objects.filter(workspace=pipeline.workspace_id).count() >= MOST_TEMPLATES:
        words = f"This workspace already has {MOST_TEMPLATES} templates, the maximum."
        raise Refusal(409, "too_many_templates", words, remedy="Delete one that is not used.")
    row = Template(workspace=pipeline.workspace, name=name.strip(), description=description, graph=_content(pipeline), changed_by=by)
    _save(row)
    return row


def change(row: Template, by: User, pipeline: Pipeline | None, asked: Mapping[str, str]) -> None:
    """Change the name and description of a template; with a pipeline, its present state becomes the next version.

    Raises:
        Refusal: When the name is taken, or the pipeline cannot be read.
    """
    row.name, row.description, row.changed_by = asked.get("name", row.name).strip(), asked.get("description", row.description), by
    if pipeline:
        row.graph = _content(pipeline)
        row.version = F("version") + 1  # counted by the database
    _save(row)
    row.refresh_from_db()


def open_as_pipeline(row: Template, by: User, workspace: Workspace, name: str | None, values: Mapping[str, Any]) -> Pipeline:
    """Create a pipeline from a template, with these values as the defaults of its parameters.

    Raises:
        Refusal: 422 naming the parameter when it has none of that name, or a value does not suit.
    """
    parameters: dict[str, Any] = row.graph["parameters"]
    if strange := sorted(values.keys() - parameters.keys()):
        known = f"its parameters are: {', '.join(parameters)}" if parameters else "it has none"
        words = f"The template has no parameter “{strange[0][:64]}”; {known}."
        raise Refusal(422, "unknown_parameter", words, remedy="Leave it out.")
    given = {key: {**each, "default": values[key]} if key in values else each for key, each in parameters.items()}
    document = sound_document({**row.graph, "parameters": given})
    with transaction.atomic():
        made = make_pipeline(workspace, by, name or unused_name(workspace, row.name), document)
        MadeFrom.objects.create(pipeline=made, template=row, name=row.name, version=row.version)
    return made


def _content(pipeline: Pipeline) -> dict[str, Any]:
    _, reading = repository.read_draft(pipeline.pk)
    return sound_document(reading.graph)


def _save(row: Template) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        words = f"A template named “{row.name}” already exists."
        raise Refusal(409, "name_taken", words, remedy="Enter another name.", field="name") from None
