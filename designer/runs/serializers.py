"""What the API of runs takes and gives."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from designer.catalogue.serializers import PORT_KINDS
from designer.documents.serializers import RUN_STATES, GraphSerializer, ProblemSerializer
from designer.tables import ColumnSerializer

EVENT_TYPES = ["run", "step", "progress", "log"]
STEP_STATES = ["waiting", "ready", "running", "done", "failed", "skipped", "cancelled"]


class StartSerializer(serializers.Serializer[Any]):
    """What to run: all, or to some nodes; with results reused, or every step carried out."""

    to = serializers.ListField(child=serializers.CharField(max_length=64), required=False, allow_null=True, default=None, max_length=1000)
    force = serializers.BooleanField(required=False, default=False)


class PipelineNameSerializer(serializers.Serializer[Any]):
    """The pipeline a run is of."""

    id = serializers.CharField()
    name = serializers.CharField()


class RunBriefSerializer(serializers.Serializer[Any]):
    """A run as lists show it."""

    id = serializers.CharField()
    pipeline = PipelineNameSerializer(allow_null=True)
    workspace = serializers.CharField()
    state = serializers.ChoiceField(RUN_STATES)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    started_by = serializers.CharField(allow_null=True)
    last_event = serializers.IntegerField()
    to = serializers.ListField(child=serializers.CharField(), allow_null=True)
    force = serializers.BooleanField()


class ProgressSerializer(serializers.Serializer[Any]):
    """How far a step is."""

    done = serializers.FloatField()
    total = serializers.FloatField(allow_null=True)
    words = serializers.CharField()


class OutputSerializer(serializers.Serializer[Any]):
    """What a step left at a port."""

    kind = serializers.ChoiceField(PORT_KINDS)
    digest = serializers.CharField()
    bytes = serializers.IntegerField()
    rows = serializers.IntegerField(allow_null=True)
    columns = ColumnSerializer(many=True, allow_null=True)


class StepSerializer(serializers.Serializer[Any]):
    """A step."""

    state = serializers.ChoiceField(STEP_STATES)
    reused = serializers.BooleanField()
    why = serializers.CharField(allow_null=True)
    attempt = serializers.IntegerField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.FloatField(allow_null=True)
    progress = ProgressSerializer(allow_null=True)
    error = ProblemSerializer(allow_null=True)
    outputs = serializers.DictField(child=OutputSerializer())


class RunSerializer(RunBriefSerializer):
    """A run with its frozen graph and its steps."""

    graph = GraphSerializer()
    steps = serializers.DictField(child=StepSerializer())


class EventSerializer(serializers.Serializer[Any]):
    """One numbered thing that a run said; which other keys there are follows from the type."""

    seq = serializers.IntegerField()
    at = serializers.DateTimeField()
    type = serializers.ChoiceField(EVENT_TYPES)
    run = serializers.DictField(required=False)
    node = serializers.CharField(required=False)
    step = serializers.DictField(required=False)
    done = serializers.FloatField(required=False)
    total = serializers.FloatField(required=False, allow_null=True)
    words = serializers.CharField(required=False)
    level = serializers.ChoiceField(["info", "warning", "error"], required=False)
    line = serializers.CharField(required=False)


class EventsSerializer(serializers.Serializer[Any]):
    """Events after a number, and the run's last number."""

    events = EventSerializer(many=True)
    last = serializers.IntegerField()


class NamedMetricsSerializer(serializers.Serializer[Any]):
    """A model's figures."""

    name = serializers.CharField()
    metrics = serializers.DictField(child=serializers.FloatField(allow_null=True))


class ReportSerializer(serializers.Serializer[Any]):
    """A page of figures, charts and tables; each block says its type."""

    title = serializers.CharField()
    metrics = NamedMetricsSerializer(many=True)
    blocks = serializers.ListField(child=serializers.DictField())
