"""What the API of runs takes and answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

import msgspec
from rest_framework import serializers

from designer.documents.schemas import Graph
from designer.http.openapi import Instant
from designer.runs.guardrail_schemas import FoundGuardrail
from pipelines import flow, models
from pipelines.flow import Estimate, Problem, PublicOutput, RunHeadline, RunState, ShownState

EventType = Literal["run", "step", "progress", "log"]
FAN_HELP = "The number of the fan-out; without it the last, or of a step that is over the last in which items failed."
SORT_HELP = "ordinal, key, state, seconds, or `figures.` and the name of a figure; descending after a minus."


class PipelineName(msgspec.Struct):
    """The pipeline of a run."""

    id: str
    name: str


class LeftOut(msgspec.Struct):
    """A node that a run leaves out because it, or one that it needs, is unfinished."""

    node: str
    reason: str


class RunParameter(msgspec.Struct):
    """The value of a parameter in a run."""

    value: Any
    source: Annotated[str, msgspec.Meta(description="`default`, or what gave it, such as `run` or `preset NAME`.")]


class RunBrief(msgspec.Struct):
    """A run as lists show it."""

    id: str
    pipeline: PipelineName | None
    workspace: str
    state: RunState
    created_at: Instant
    started_at: Instant | None
    finished_at: Instant | None
    started_by: str
    last_event: int
    to: list[str] | None
    force: bool
    force_nodes: list[str]
    stop_on_failure: bool
    waiting_for: Annotated[str | None, msgspec.Meta(description="Why it has not started; null if it only waits for a free worker.")]
    left_out: list[LeftOut]
    parameters: dict[str, RunParameter]
    sweep: Annotated[str | None, msgspec.Meta(description="The sweep that it is one of.")]
    verifies: Annotated[str | None, msgspec.Meta(description="The run whose results it must give again.")]
    headline: Annotated[RunHeadline | None, msgspec.Meta(description="Null until the run has ended, and without a report.")]

    @classmethod
    def of(cls, run: models.Run, names: Mapping[str, str], **more: Any) -> Self:
        """A run; `names` has the names of pipelines by id."""
        return cls(
            id=run.id,
            pipeline=PipelineName(run.document, names[run.document]) if run.document and run.document in names else None,
            workspace=run.scope,
            state=run.state,  # type: ignore[arg-type]  # a text column of the database, with these values only
            created_at=run.created_at,
            started_at=run.started_at,
            finished_at=run.finished_at,
            started_by=run.by,
            last_event=run.last_event,
            to=run.to,
            force=run.force,
            force_nodes=run.forced,
            stop_on_failure=run.stop_on_failure,
            waiting_for=flow.waiting_reason(run),
            left_out=run.left_out or [],
            parameters=run.parameters or {},
            sweep=run.sweep,
            verifies=run.verifies,
            headline=run.read_headline(),
            **more,
        )


class Progress(msgspec.Struct):
    """The progress of a step."""

    done: float
    total: float | None
    words: str


class Step(msgspec.Struct):
    """A step."""

    state: ShownState
    reused: bool
    why: str | None
    attempt: int
    tries: Annotated[int, msgspec.Meta(description="Temporary failures so far, each followed by a retry.")]
    ready_at: Annotated[Instant | None, msgspec.Meta(description="The time of the next retry.")]
    started_at: Instant | None
    finished_at: Instant | None
    seconds: float | None
    peak_bytes: int | None
    fans: Annotated[int, msgspec.Meta(description="How many fan-outs it has opened.")]
    failed_items: Annotated[int, msgspec.Meta(description="How many of their items failed; counted when it ends.")]
    progress: Progress | None
    error: Problem | None
    outputs: dict[str, PublicOutput]

    @classmethod
    def of(cls, step: models.Step, outputs: dict[str, PublicOutput], failed_items: int) -> Step:
        """A step with its outputs."""
        return cls(
            state=step.shown_state,  # type: ignore[arg-type]  # a text column of the database, with these values only
            reused=step.reused,
            why=step.why or None,
            attempt=step.attempt,
            tries=step.tries,
            ready_at=step.ready_at,
            started_at=step.started_at,
            finished_at=step.finished_at,
            seconds=step.seconds,
            peak_bytes=step.peak_bytes,
            fans=step.fans,
            failed_items=failed_items,
            progress=None,
            error=step.error,  # type: ignore[arg-type]  # stored as JSON
            outputs=outputs,
        )


class Run(RunBrief):
    """A run with its frozen graph and its steps."""

    graph: Graph
    steps: dict[str, Step]


class Estimates(msgspec.Struct):
    """Estimates of a pipeline's nodes, and the memory limit of a step."""

    nodes: dict[str, Estimate]
    memory_limit: int | None


class Event(msgspec.Struct):
    """A numbered event of a run; its type decides which other keys it has."""

    seq: int
    at: Instant
    type: EventType
    run: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    node: str | msgspec.UnsetType = msgspec.UNSET
    step: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    done: float | msgspec.UnsetType = msgspec.UNSET
    total: float | msgspec.UnsetType | None = msgspec.UNSET
    words: str | msgspec.UnsetType = msgspec.UNSET
    level: Literal["info", "warning", "error"] | msgspec.UnsetType = msgspec.UNSET
    line: str | msgspec.UnsetType = msgspec.UNSET
    figures: dict[str, float] | msgspec.UnsetType = msgspec.UNSET


class Events(msgspec.Struct):
    """Events after a number, as they are stored, and the run's last number."""

    events: list[Event]
    last: int


class SearchScore(msgspec.Struct):
    """A value of the metric with its standard error, and what it is of."""

    value: float
    error: float | None
    of: str


class Weighted(msgspec.Struct):
    """A model of a blend, and its weight."""

    name: str
    weight: int


class Search(msgspec.Struct):
    """What a search for the best model or forecast was for, and how it ended; its folds are origins where it is a forecast."""

    label: str
    task: Literal["two_class", "multi_class", "regression", "forecast"]
    metric: str
    better: Literal["high", "low"]
    rows: int
    folds: int
    estimate: Annotated[SearchScore, msgspec.Meta(description="What to expect of new rows.")]
    is_honest: Annotated[bool, msgspec.Meta(description="Whether the estimate is of rows that did not choose the winner.")]
    score: Annotated[SearchScore, msgspec.Meta(description="The mean of the winner over the folds or origins, which chose it.")]
    baseline: Annotated[
        float | None,
        msgspec.Meta(
            description="What always predicting the mean, or the shares of the classes, gives; of a forecast the naive one. "
            "Null where the metric has no value of it."
        ),
    ]
    ended: str
    weights: list[Weighted]
    guardrails: list[FoundGuardrail]
    others: Annotated[
        dict[str, dict[str, float]] | msgspec.UnsetType, msgspec.Meta(description="Further metrics of the best candidates, by name.")
    ] = msgspec.UNSET


class NamedMetrics(msgspec.Struct):
    """The metrics of a model."""

    name: str
    metrics: dict[str, float | None]
    pipeline: Annotated[
        Graph | msgspec.UnsetType, msgspec.Meta(description="A pipeline that gives these metrics, without its dataset.")
    ] = msgspec.UNSET
    search: Annotated[Search | msgspec.UnsetType, msgspec.Meta(description="How the model was found.")] = msgspec.UNSET


class Report(msgspec.Struct):
    """A page of figures, charts and tables; each block has a type."""

    title: str
    metrics: list[NamedMetrics]
    blocks: list[dict[str, Any]]


CANDIDATE_HELP = "The name of a row of the leaderboard, such as “Boosted trees 8”; if empty, the winner."


class SaveSerializer(serializers.Serializer[Any]):
    """The name of a saved result. An existing name of the same kind gets a further version."""

    name = serializers.CharField(max_length=200)


class ReopenSerializer(serializers.Serializer[Any]):
    """Which pipeline to make of those that a report knows: that of the winner, or of another candidate of the search."""

    candidate = serializers.CharField(required=False, allow_blank=True, default="", max_length=200, help_text=CANDIDATE_HELP)


class ItemsSerializer(serializers.Serializer[Any]):
    """Which items of a step to list: of which fan-out, in which state, with which text in their key, in which order, and which page."""

    fan = serializers.IntegerField(required=False, min_value=0, max_value=1000, help_text=FAN_HELP)
    state = serializers.ChoiceField(["waiting", "running", "done", "reused", "failed"], required=False)
    search = serializers.CharField(required=False, max_length=200)
    sort = serializers.RegexField(r"^-?(ordinal|key|state|seconds|figures\..{1,200})$", required=False, help_text=SORT_HELP)
    offset = serializers.IntegerField(required=False, min_value=0, max_value=10_000_000)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=500)


class BestItemsSerializer(serializers.Serializer[Any]):
    """The best items of which fan-out to list."""

    fan = serializers.IntegerField(required=False, min_value=0, max_value=1000, help_text=FAN_HELP)


PRESET_HELP = "A preset of the pipeline: a named set of values of its parameters."


class StartSerializer(serializers.Serializer[Any]):
    """What to run: all, or to some nodes; with which values of its parameters; which steps to execute though their result is cached; and whether a failure ends it all."""

    to = serializers.ListField(child=serializers.CharField(max_length=64), required=False, allow_null=True, default=None, max_length=1000)
    force = serializers.BooleanField(required=False, default=False)
    force_nodes = serializers.ListField(child=serializers.CharField(max_length=64), required=False, default=list, max_length=1000)
    stop_on_failure = serializers.BooleanField(required=False, default=False)
    parameters = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        required=False,
        default=dict,
        help_text="Values by name; the others have those of the preset, else their defaults.",
    )
    preset = serializers.CharField(max_length=60, required=False, allow_blank=True, default="", help_text=PRESET_HELP)
