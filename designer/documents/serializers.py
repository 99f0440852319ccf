"""What the API of pipelines takes and gives."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from designer.http.tables import ColumnSerializer
from designer.workspaces.serializers import RoleField

TARGETS = ["worker", "sandbox", "docker"]
RUN_STATES = ["waiting", "running", "done", "failed", "cancelled"]


class ExecutionSerializer(serializers.Serializer[Any]):
    """How a node is executed."""

    target = serializers.ChoiceField(TARGETS, required=False)
    environment = serializers.CharField(required=False)
    retries = serializers.IntegerField(required=False)
    backoff_seconds = serializers.FloatField(required=False)
    timeout_seconds = serializers.FloatField(required=False)
    memory_mb = serializers.IntegerField(required=False)


class NodeSerializer(serializers.Serializer[Any]):
    """A node."""

    module = serializers.CharField()
    params = serializers.DictField(child=serializers.JSONField(allow_null=True))
    position = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2)
    title = serializers.CharField(required=False)
    comment = serializers.CharField(required=False)
    execution = ExecutionSerializer(required=False)


class GraphSerializer(serializers.Serializer[Any]):
    """A whole document."""

    format = serializers.ChoiceField([1])
    name = serializers.CharField()
    nodes = serializers.DictField(child=NodeSerializer())
    edges = serializers.ListField(child=serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2))
    parameters = serializers.DictField(child=serializers.JSONField(allow_null=True))
    frames = serializers.ListField(child=serializers.JSONField())
    notes = serializers.ListField(child=serializers.JSONField())
    execution = ExecutionSerializer(required=False)


class LastRunSerializer(serializers.Serializer[Any]):
    """A pipeline's newest run."""

    id = serializers.CharField()
    state = serializers.ChoiceField(RUN_STATES)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class SummarySerializer(serializers.Serializer[Any]):
    """Where nodes lie, with their shelves, and who is wired to whom."""

    nodes = serializers.ListField(child=serializers.ListField(child=serializers.JSONField(), min_length=3, max_length=3))
    edges = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2))


class PipelineSerializer(serializers.Serializer[Any]):
    """A pipeline, without its graph."""

    id = serializers.CharField()
    name = serializers.CharField()
    workspace = serializers.CharField()
    revision = serializers.IntegerField()
    role = RoleField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    updated_by = serializers.CharField(allow_null=True)
    readable = serializers.BooleanField(help_text="False when the draft cannot be read; it can be replaced or deleted.")
    graph_summary = SummarySerializer()
    last_run = LastRunSerializer(allow_null=True)


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


class WhereSerializer(serializers.Serializer[Any]):
    """The workspace to copy into."""

    workspace = serializers.CharField(max_length=32, required=False, allow_null=True)


class VersionSerializer(serializers.Serializer[Any]):
    """A named copy."""

    id = serializers.CharField()
    name = serializers.CharField()
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField(allow_null=True)
    graph = GraphSerializer()


class SampleSerializer(serializers.Serializer[Any]):
    """A sample pipeline."""

    slug = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    modules = serializers.IntegerField()
    graph = GraphSerializer()


class ProblemSerializer(serializers.Serializer[Any]):
    """What is wrong, where, and what to do."""

    code = serializers.CharField()
    words = serializers.CharField()
    remedy = serializers.CharField(allow_null=True)
    severity = serializers.ChoiceField(["error", "warning", "unfinished"])
    node = serializers.CharField(allow_null=True)
    port = serializers.CharField(allow_null=True)
    param = serializers.CharField(allow_null=True)
    column = serializers.CharField(allow_null=True)
    edge = serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2, allow_null=True)
    key = serializers.CharField(allow_null=True)
    subject = serializers.ListField(child=serializers.CharField())


class CheckSerializer(serializers.Serializer[Any]):
    """Problems, and the columns at every output port that gives a table; null where they are not known before running."""

    revision = serializers.IntegerField()
    problems = ProblemSerializer(many=True)
    columns = serializers.DictField(child=serializers.DictField(child=ColumnSerializer(many=True, allow_null=True)))
