"""What the API of lineage answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from rest_framework import serializers

from designer.http.openapi import Instant

DIRECTIONS = ("both", "back", "forward")
MOST_DEPTH = 30


class LineageNode(msgspec.Struct):
    """A step of a run, a version of a dataset, or another thing that results are made of or go into."""

    id: Annotated[str, msgspec.Meta(description="As `of` takes it.")]
    kind: Annotated[str, msgspec.Meta(description="run, dataset, or a kind that another part of Easel adds.")]
    title: str
    detail: str
    href: Annotated[str, msgspec.Meta(description="Its page.")]
    people: list[str]
    at: Instant | None = None
    state: str = ""
    columns: Annotated[
        dict[str, list[str]], msgspec.Meta(description="By output: the columns that the column in question comes from or goes into.")
    ] = msgspec.field(default_factory=dict)


class LineageEdge(msgspec.Struct):
    """That something is made of something else."""

    source: str
    source_port: str
    target: str
    target_port: str
    columns: Annotated[list[str], msgspec.Meta(description="The columns that pass; empty for all of it.")]
    basis: Annotated[
        Literal["declared", "name", "all"],
        msgspec.Meta(description="declared: the module says it. name: by the column's name. all: unknown, so all that arrives may matter."),
    ]


class Lineage(msgspec.Struct):
    """What a thing is made of, and what depends on it."""

    of: str
    focus: Annotated[list[str], msgspec.Meta(description="The nodes that were asked for: of a run, all its steps.")]
    port: str
    column: str | None
    columns: Annotated[list[str], msgspec.Meta(description="The columns of the output that was asked for.")]
    nodes: list[LineageNode]
    edges: list[LineageEdge]
    notes: Annotated[list[str], msgspec.Meta(description="What was left out, as sentences.")]


class LineageSerializer(serializers.Serializer[Any]):
    """What to follow."""

    of = serializers.CharField(
        max_length=300,
        help_text="run:ID, run:ID/NODE, run:ID/NODE.PORT, or dataset, model or endpoint with :ID or :ID.VERSION; without a version the newest one, of an endpoint the one with the most requests.",
    )
    column = serializers.CharField(max_length=1000, required=False, trim_whitespace=False)
    direction = serializers.ChoiceField(choices=DIRECTIONS, default="both")
    depth = serializers.IntegerField(min_value=1, max_value=MOST_DEPTH, default=MOST_DEPTH, help_text="How many steps to follow.")
    workspace = serializers.CharField(
        max_length=64, required=False, allow_blank=True, help_text="Of a sample: the workspace in which to look for what depends on it."
    )
