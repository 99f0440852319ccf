"""What the API of components takes and answers."""

from __future__ import annotations

from typing import Annotated, Any, Self

import msgspec
from rest_framework import serializers

from designer.components.models import Component as Row
from designer.components.models import ComponentVersion as VersionRow
from designer.documents.schemas import Graph
from designer.http.openapi import Instant
from designer.workspaces.people import name_of
from pipelines.flow import component_ports


class ComponentPort(msgspec.Struct):
    """An input or output of the card."""

    end: Annotated[str, msgspec.Meta(description="Its node in the component, and the port: node.port.")]
    title: str
    kind: str


class ComponentVersion(msgspec.Struct):
    """One version of a component: a document whose one outermost sub-pipeline has the id “component”."""

    component: str
    version: int
    made_at: Instant
    made_by: str | None
    graph: Graph
    inputs: list[ComponentPort]
    outputs: list[ComponentPort]
    settings: Annotated[list[str], msgspec.Meta(description="The names of the promoted settings.")]

    @classmethod
    def of(cls, row: VersionRow) -> Self:
        """A version's row."""
        inputs, outputs = ([ComponentPort(*port) for port in side] for side in component_ports(row.graph))
        by = name_of(row.made_by) if row.made_by else None
        return cls(
            row.component_id,
            row.number,
            row.made_at,
            by,
            row.graph,
            inputs,
            outputs,
            [*row.graph["groups"]["component"].get("promoted", {})],
        )


class Component(msgspec.Struct):
    """A sub-pipeline to insert in pipelines, with its newest version."""

    id: str
    workspace: str
    name: str
    description: str
    changed_at: Instant
    changed_by: str | None
    newest: ComponentVersion

    @classmethod
    def of(cls, row: Row) -> Self:
        """A component's row."""
        by = name_of(row.changed_by) if row.changed_by else None
        newest = ComponentVersion.of(row.versions.order_by("-number")[0])
        return cls(row.pk, row.workspace_id, row.name, row.description, row.changed_at, by, newest)


class NewComponentSerializer(serializers.Serializer[Any]):
    """The sub-pipeline to save, and how people find it."""

    pipeline = serializers.CharField(max_length=64)
    group = serializers.CharField(max_length=64)
    name = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class NewComponentVersionSerializer(serializers.Serializer[Any]):
    """The sub-pipeline to save as the next version."""

    pipeline = serializers.CharField(max_length=64)
    group = serializers.CharField(max_length=64)


class ComponentEditSerializer(serializers.Serializer[Any]):
    """What to change."""

    name = serializers.CharField(max_length=200, required=False)
    description = serializers.CharField(max_length=4000, required=False, allow_blank=True)
