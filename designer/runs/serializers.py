"""What the API of runs takes and gives."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from designer.documents.serializers import RUN_STATES, GraphSerializer, ProblemSerializer

EVENT_TYPES = ["run", "step", "progress", "log"]
DIFFERENCE_KINDS = ["module", "library", "setting", "dataset", "input", "column"]
STEP_STATES = ["waiting", "ready", "running", "done", "failed", "skipped", "cancelled"]


class StartSerializer(serializers.Serializer[Any]):
    """What to run: all, or to some nodes; which steps to execute though their result is cached; and whether a failure ends it all."""

    to = serializers.ListField(child=serializers.CharField(max_length=64), required=False, allow_null=True, default=None, max_length=1000)
    force = serializers.BooleanField(required=False, default=False)
    force_nodes = serializers.ListField(child=serializers.CharField(max_length=64), required=False, default=list, max_length=1000)
    stop_on_failure = serializers.BooleanField(required=False, default=False)


class PipelineNameSerializer(serializers.Serializer[Any]):
    """The pipeline a run is of."""

    id = serializers.CharField()
    name = serializers.CharField()


class LeftOutSerializer(serializers.Serializer[Any]):
    """A node that a run leaves out because it, or one that it needs, is unfinished."""

    node = serializers.CharField()
    reason = serializers.CharField()


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
    force_nodes = serializers.ListField(child=serializers.CharField())
    stop_on_failure = serializers.BooleanField()
    waiting_for = serializers.CharField(allow_null=True)
    left_out = LeftOutSerializer(many=True)


class ProgressSerializer(serializers.Serializer[Any]):
    """How far a step is."""

    done = serializers.FloatField()
    total = serializers.FloatField(allow_null=True)
    words = serializers.CharField()


class OutputSerializer(serializers.Serializer[Any]):
    """What a step left at a port; a deferred one is not kept, and is computed when somebody looks at it."""

    kind = serializers.CharField(help_text="The id of a port kind.")
    digest = serializers.CharField()
    bytes = serializers.IntegerField()
    rows = serializers.IntegerField(allow_null=True)
    width = serializers.IntegerField(allow_null=True, help_text="How many columns a table has.")
    deferred = serializers.BooleanField()


class StepSerializer(serializers.Serializer[Any]):
    """A step."""

    state = serializers.ChoiceField(STEP_STATES)
    reused = serializers.BooleanField()
    why = serializers.CharField(allow_null=True)
    attempt = serializers.IntegerField()
    tries = serializers.IntegerField()
    ready_at = serializers.DateTimeField(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.FloatField(allow_null=True)
    peak_bytes = serializers.IntegerField(allow_null=True)
    progress = ProgressSerializer(allow_null=True)
    error = ProblemSerializer(allow_null=True)
    outputs = serializers.DictField(child=OutputSerializer())


class RunSerializer(RunBriefSerializer):
    """A run with its frozen graph and its steps."""

    graph = GraphSerializer()
    steps = serializers.DictField(child=StepSerializer())


class DifferenceSerializer(serializers.Serializer[Any]):
    """One thing that differs from an earlier result."""

    kind = serializers.ChoiceField(DIFFERENCE_KINDS)
    name = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class WhySerializer(serializers.Serializer[Any]):
    """Why a step was executed or reused."""

    reused = serializers.BooleanField()
    run = serializers.CharField(allow_null=True)
    words = serializers.CharField()
    differences = DifferenceSerializer(many=True)


class EstimateSerializer(serializers.Serializer[Any]):
    """What a node is likely to take."""

    seconds = serializers.FloatField()
    peak_bytes = serializers.IntegerField()
    based_on = serializers.ChoiceField(["step", "module"])
    runs = serializers.IntegerField()


class EstimatesSerializer(serializers.Serializer[Any]):
    """What the nodes of a pipeline are likely to take, and what a step may take."""

    nodes = serializers.DictField(child=EstimateSerializer())
    memory_limit = serializers.IntegerField(allow_null=True)


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
