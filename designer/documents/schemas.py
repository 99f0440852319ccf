"""What the API of pipelines takes and answers. Documents are sent as they are stored; `pipelines.graph.codec` validates them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType
from rest_framework import serializers

from designer.http.openapi import Instant
from designer.workspaces.models import Role
from pipelines.flow import ColumnInfo, Problem, RunHeadline, RunState


class Execution(msgspec.Struct):
    """How a node is executed."""

    target: Literal["worker", "sandbox", "docker", "ray"] | UnsetType = UNSET
    environment: str | UnsetType = UNSET
    retries: int | UnsetType = UNSET
    backoff_seconds: float | UnsetType = UNSET
    timeout_seconds: float | UnsetType = UNSET
    memory_mb: int | UnsetType = UNSET


class Node(msgspec.Struct):
    """A node."""

    module: str
    params: dict[str, Any]
    position: tuple[float, float]
    title: str | UnsetType = UNSET
    comment: str | UnsetType = UNSET
    execution: Execution | UnsetType = UNSET
    group: Annotated[str | UnsetType, msgspec.Meta(description="The sub-pipeline that it is folded into.")] = UNSET


class Promoted(msgspec.Struct):
    """A setting of a node that the card of a sub-pipeline shows as its own."""

    node: str
    param: str


class InstanceOf(msgspec.Struct):
    """The version of a component that a sub-pipeline is an instance of."""

    id: str
    version: int
    parts: Annotated[dict[str, str] | UnsetType, msgspec.Meta(description="Of its nodes and sub-pipelines, the ids in the component.")] = (
        UNSET
    )


class Group(msgspec.Struct):
    """A sub-pipeline: the nodes that name it as their group, drawn as one card."""

    title: str
    position: tuple[float, float]
    group: Annotated[str | UnsetType, msgspec.Meta(description="The sub-pipeline that it is nested in.")] = UNSET
    promoted: Annotated[dict[str, Promoted] | UnsetType, msgspec.Meta(description="The settings of its card, by name.")] = UNSET
    component: InstanceOf | UnsetType = UNSET


class Parameter(msgspec.Struct):
    """A parameter of a pipeline: a named value that drives the settings with the value {"$parameter": its name}."""

    type: Literal["integer", "number", "text", "boolean", "choice", "date", "time", "column", "columns", "dataset", "connection"]
    default: Any
    label: str | UnsetType = UNSET
    help: str | UnsetType = UNSET
    required: Annotated[bool | UnsetType, msgspec.Meta(description="Whether each run must give it.")] = UNSET
    min: float | UnsetType = UNSET
    max: float | UnsetType = UNSET
    pattern: Annotated[str | UnsetType, msgspec.Meta(description="A regular expression that a text must match as a whole.")] = UNSET
    choices: list[str] | UnsetType = UNSET


class Graph(msgspec.Struct):
    """A whole document."""

    format: Literal[1]
    name: str
    nodes: dict[str, Node]
    edges: list[tuple[str, str]]
    parameters: dict[str, Parameter]
    frames: list[Any]
    notes: list[Any]
    execution: Execution | UnsetType = UNSET
    groups: dict[str, Group] | UnsetType = UNSET
    presets: dict[str, dict[str, Any]] | UnsetType = UNSET


class Parameters(msgspec.Struct):
    """The parameters of a pipeline, the settings that each drives, as nodes and names, and its presets: values of parameters by name."""

    parameters: dict[str, Parameter]
    drives: dict[str, list[tuple[str, str]]]
    presets: dict[str, dict[str, Any]]


class LastRun(msgspec.Struct):
    """A pipeline's newest run. The steps are of a run that failed or is in progress; of any other run they are not counted."""

    id: str
    state: RunState
    created_at: Instant
    finished_at: Instant | None
    headline: Annotated[RunHeadline | None, msgspec.Meta(description="The first metric of its last report.")]
    change: Annotated[float | None, msgspec.Meta(description="The metric minus its value in the run before; null without one.")]
    steps: Annotated[int, msgspec.Meta(description="How many steps a run in progress has.")]
    steps_finished: int
    steps_failed: int
    failed: Annotated[list[int], msgspec.Meta(description="The nodes of failed steps, by their index in graph_summary.")]
    running: Annotated[list[int], msgspec.Meta(description="The nodes of running steps, likewise.")]


class Summary(msgspec.Struct):
    """A thumbnail: of each node its position, module and own title ("" without one); of each edge its nodes by index, and its output port."""

    nodes: list[tuple[float, float, str, str]]
    edges: list[tuple[int, int, str]]


class MadeFrom(msgspec.Struct):
    """The template that a pipeline was made from, as it was called then."""

    template: Annotated[str | None, msgspec.Meta(description="Null when it was deleted.")]
    name: str
    version: int


class Pipeline(msgspec.Struct):
    """A pipeline, without its graph."""

    id: str
    name: str
    workspace: str
    revision: int
    role: Role
    created_at: Instant
    updated_at: Instant
    updated_by: str | None
    updated_by_id: str | None
    readable: Annotated[bool, msgspec.Meta(description="False when the draft cannot be read; it can be replaced or deleted.")]
    graph_summary: Summary
    last_run: LastRun | None
    versions: Annotated[int, msgspec.Meta(description="The number of saved versions.")]
    made_from: MadeFrom | None


class Version(msgspec.Struct):
    """A named copy."""

    id: str
    name: str
    created_at: Instant
    created_by: str | None
    graph: Graph


class Check(msgspec.Struct):
    """Problems, and the columns at every output port that gives a table; null where they are not known before running."""

    revision: int
    problems: list[Problem]
    columns: Mapping[str, Mapping[str, Sequence[ColumnInfo] | None]]


class NewPipelineSerializer(serializers.Serializer[Any]):
    """A pipeline to make."""

    name = serializers.CharField(max_length=200, required=False)
    workspace = serializers.CharField(max_length=32, required=False, allow_null=True)
    graph = serializers.JSONField(required=False, help_text="A document to start from.")
    copy_of = serializers.CharField(max_length=32, required=False, help_text="The id of a pipeline to start from, in place of a document.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "graph" in attrs and "copy_of" in attrs:
            raise serializers.ValidationError("Send graph or copy_of, not both.")
        return attrs


class NameSerializer(serializers.Serializer[Any]):
    """A name to give."""

    name = serializers.CharField(max_length=200)


class ParametersSerializer(serializers.Serializer[Any]):
    """All parameters of a pipeline, by name, and all presets; without these, they stay, but for values of parameters that go."""

    parameters = serializers.DictField(child=serializers.JSONField(allow_null=True))
    presets = serializers.DictField(child=serializers.DictField(child=serializers.JSONField(allow_null=True)), required=False)


class WhereSerializer(serializers.Serializer[Any]):
    """The workspace to copy into."""

    workspace = serializers.CharField(max_length=32, required=False, allow_null=True)


class PipelineUse(msgspec.Struct):
    """Something that was made from a pipeline and is in use."""

    kind: Literal["endpoint", "published", "schedule", "trigger"]
    id: str
    name: str
    version: Annotated[int | None, msgspec.Meta(description="The version that is in use.")]
    changed: Annotated[
        list[str] | None,
        msgspec.Meta(
            description="The steps of the pipeline's current state that differ from what is in use; null where that is not known any more."
        ),
    ]
