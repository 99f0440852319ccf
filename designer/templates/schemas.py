"""What the API of templates takes and answers."""

from __future__ import annotations

from typing import Annotated, Any, Self

import msgspec
from rest_framework import serializers

from designer.documents.schemas import Graph
from designer.http.openapi import Instant
from designer.templates.models import Template as Row
from designer.workspaces.people import name_of


class Template(msgspec.Struct):
    """A pipeline to start others from, with its document."""

    id: str
    workspace: str
    name: str
    description: str
    version: int
    made: Annotated[int, msgspec.Meta(description="How many pipelines were made from it.")]
    changed_at: Instant
    changed_by: str | None
    graph: Graph

    @classmethod
    def of(cls, row: Row) -> Self:
        """A template's row."""
        by = name_of(row.changed_by) if row.changed_by else None
        return cls(row.pk, row.workspace_id, row.name, row.description, row.version, row.made.count(), row.changed_at, by, row.graph)


class NewTemplateSerializer(serializers.Serializer[Any]):
    """The pipeline to copy, and how people find the template."""

    pipeline = serializers.CharField(max_length=64)
    name = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class TemplateEditSerializer(serializers.Serializer[Any]):
    """What to change. With a pipeline, its present state becomes the next version."""

    pipeline = serializers.CharField(max_length=64, required=False)
    name = serializers.CharField(max_length=200, required=False)
    description = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class FromTemplateSerializer(serializers.Serializer[Any]):
    """The name of the new pipeline, and values of its parameters, which become their defaults."""

    name = serializers.CharField(max_length=200, required=False)
    workspace = serializers.CharField(max_length=64, required=False, allow_blank=True)
    parameters = serializers.DictField(child=serializers.JSONField(allow_null=True), required=False, default=dict)
