"""What the API of sweeps takes and answers."""

from __future__ import annotations

from typing import Annotated, Any, Self

import msgspec
from rest_framework import serializers

from designer.http.openapi import Instant
from designer.runs.schemas import PipelineName
from pipelines import flow, models

VALUES_HELP = (
    'Several values for each parameter, of which every combination is run: `{"share": [0.5, 0.7]}`. '
    'Or a list of combinations: `[{"share": 0.5, "seed": 1}, {"share": 0.7, "seed": 2}]`. At most 200 runs.'
)


class SweepBrief(msgspec.Struct):
    """A sweep as lists show it."""

    id: str
    pipeline: PipelineName | None
    workspace: str
    started_by: str
    created_at: Instant
    cancelled_at: Instant | None
    parameters: Annotated[list[str], msgspec.Meta(description="Those that are given values.")]
    runs: int
    finished: Annotated[int, msgspec.Meta(description="How many of its runs are over.")]

    @classmethod
    def of(cls, sweep: models.Sweep, pipeline: PipelineName | None, runs: int, finished: int, **more: Any) -> Self:
        """A sweep's row."""
        at, cancelled_at = sweep.created_at, sweep.cancelled_at
        return cls(sweep.pk, pipeline, sweep.scope, sweep.by, at, cancelled_at, sweep.parameters, runs, finished, **more)


class Sweep(SweepBrief):
    """A sweep with its runs side by side."""

    table: flow.SweepTable


class StartSweepSerializer(serializers.Serializer[Any]):
    """Which pipeline to run, with which values of its parameters, to which nodes, and whether a failure ends the run that it is in."""

    pipeline = serializers.CharField(max_length=64)
    values = serializers.JSONField(help_text=VALUES_HELP)
    preset = serializers.CharField(
        max_length=60, required=False, allow_blank=True, default="", help_text="A preset that gives the parameters without values."
    )
    to = serializers.ListField(child=serializers.CharField(max_length=64), required=False, allow_null=True, default=None, max_length=1000)
    stop_on_failure = serializers.BooleanField(required=False, default=False)

    def validate_values(self, values: Any) -> Any:
        """Check the form; what the values are is checked with the pipeline."""
        if isinstance(values, dict) or (isinstance(values, list) and all(isinstance(each, dict) for each in values)):
            return values
        raise serializers.ValidationError("Send an object of lists of values, or a list of objects of values.")
