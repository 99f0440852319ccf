"""Component services: save a sub-pipeline as a component or as its next version, rename it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from designer.components.models import Component, ComponentVersion
from designer.documents import repository
from designer.documents.models import Pipeline
from designer.documents.services import set_component, sound_document
from designer.http.errors import Refusal
from pipelines.flow import Content, component_uses, content_of, dump

MOST_COMPONENTS = 500
MOST_VERSIONS = 1000


def make(pipeline: Pipeline, group: str, by: User, name: str, description: str) -> Component:
    """Save a sub-pipeline as a component of its workspace; the sub-pipeline becomes an instance of version 1.

    Raises:
        Refusal: When the name is taken, there are too many, or the pipeline has no such sub-pipeline.
    """
    if Component.objects.filter(workspace=pipeline.workspace_id).count() >= MOST_COMPONENTS:
        words = f"This workspace already has {MOST_COMPONENTS} components, the maximum."
        raise Refusal(409, "too_many_components", words, remedy="Delete one that is not used.")
    content = _content(pipeline, group)
    with transaction.atomic():
        row = Component(workspace=pipeline.workspace, name=name.strip(), description=description, changed_by=by)
        _save(row)
        _add(row, content, by)
    _link(pipeline, group, row, 1, content, by)
    return row


def publish(row: Component, pipeline: Pipeline, group: str, by: User) -> tuple[ComponentVersion, bool]:
    """Save a sub-pipeline as the next version, and whether it is new: equal content gives the version that has it.

    Raises:
        Refusal: 409 when the component would be in itself; 422 when the pipeline has no such sub-pipeline.
    """
    content = _content(pipeline, group)
    with transaction.atomic():
        Component.objects.select_for_update().get(pk=row.pk)
        same = row.versions.filter(digest=_digest(content)).first()
        version = same or _add(row, content, by)
        if same is None:
            row.changed_by = by
            row.save(update_fields=["changed_by", "changed_at"])
    _link(pipeline, group, row, version.number, content, by)
    return version, same is None


def change(row: Component, by: User, asked: Mapping[str, str]) -> None:
    """Change the name and description of a component.

    Raises:
        Refusal: When the name is taken.
    """
    row.name, row.description, row.changed_by = asked.get("name", row.name).strip(), asked.get("description", row.description), by
    _save(row)


def _content(pipeline: Pipeline, group: str) -> Content:
    _, reading = repository.read_draft(pipeline.pk)
    if group not in reading.drawing.groups:
        words = f"The pipeline has no sub-pipeline {group[:64]}."
        raise Refusal(422, "unknown_group", words, remedy="Name one of the document's groups.", field="group")
    content = content_of(reading.drawing, group)
    if not content.graph.nodes:
        raise Refusal(422, "empty_group", "The sub-pipeline has no modules.", remedy="Put a module into it first.", field="group")
    sound_document(dump(content.graph))
    return content


def _digest(content: Content) -> str:
    return hashlib.sha256(json.dumps(dump(content.graph), sort_keys=True).encode()).hexdigest()


def _add(row: Component, content: Content, by: User) -> ComponentVersion:
    used = component_uses(content.graph)
    _refuse_itself(row, used)
    number = (row.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    if number > MOST_VERSIONS:
        words = f"The component already has {MOST_VERSIONS} versions, the maximum."
        raise Refusal(409, "too_many_versions", words, remedy="Save it as a component of its own.")
    return row.versions.create(number=number, graph=dump(content.graph), digest=_digest(content), uses=used, made_by=by)


def _refuse_itself(row: Component, used: Iterable[str]) -> None:
    """Follow what the used components use, in any version, since an instance can be updated to it."""
    known = ComponentVersion.objects.filter(component__workspace=row.workspace_id).values_list("component", "uses")
    follows: dict[str, set[str]] = {}
    for component, others in known:
        follows.setdefault(component, set()).update(others)
    waiting, seen = list(used), set[str]()
    while waiting:
        each = waiting.pop()
        if each == row.pk:
            words = (
                f"“{row.name}” cannot be in itself: a sub-pipeline in it is an instance of “{row.name}”, or of a component that has one."
            )
            raise Refusal(409, "component_in_itself", words, remedy="Unfold that sub-pipeline, or save this one as a new component.")
        if each not in seen:
            seen.add(each)
            waiting += follows.get(each, ())


def _link(pipeline: Pipeline, group: str, row: Component, number: int, content: Content, by: User) -> None:
    parts = {here: there for here, there in content.parts.items() if here != group}
    set_component(pipeline, group, {"id": row.pk, "version": number, "parts": parts}, by)


def _save(row: Component) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        words = f"A component named “{row.name}” already exists."
        raise Refusal(409, "name_taken", words, remedy="Enter another name, or save a new version of it.", field="name") from None
