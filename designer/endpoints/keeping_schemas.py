"""What the API takes and answers about kept rows."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from rest_framework import serializers

from designer.http.openapi import Instant


class KeptNow(msgspec.Struct):
    """How many rows are kept now, and from when the oldest is."""

    rows: int
    oldest: Instant | None


class EndpointKeeping(msgspec.Struct):
    """What an endpoint keeps of its requests, and what is there now."""

    share: Annotated[float, msgspec.Meta(description="The percent of requests whose rows are kept; 0 for none.")]
    days: int
    columns: Annotated[list[str] | None, msgspec.Meta(description="The inputs that were chosen; null for all that are not sensitive.")]
    sensitive: list[str]
    guessed: Annotated[bool, msgspec.Meta(description="Whether `sensitive` is a guess by the names.")]
    kept: Annotated[list[str], msgspec.Meta(description="The inputs that are kept.")]
    left_out: list[str]
    answers: Annotated[bool, msgspec.Meta(description="Whether the answers of all requests are kept, for truth that arrives later.")]
    answer_days: int
    key: Annotated[str, msgspec.Meta(description="The input by which truth is joined; empty for the request's id and row.")]
    samples: KeptNow
    predictions: KeptNow
    too_fast: Annotated[int, msgspec.Meta(description="Rows that came too fast to be kept, since the beginning.")]
    dataset: str | None
    dataset_name: str
    problem: str


class EndpointKeptDataset(msgspec.Struct):
    """The new version of the dataset; null when no row is kept."""

    version: int | None


class EndpointForgotten(msgspec.Struct):
    """How many rows were deleted."""

    rows: int


class TruthDay(msgspec.Struct):
    """The answers of one day and version, and those whose truth arrived: `share` of them.

    `compared` are those of them that the figures are of: an answer without a prediction is not, nor, of numbers, truth that is no number.
    Figures are by key; one is null where these answers do not have it.
    """

    day: date
    version: int
    answers: int
    labels: int
    share: float
    compared: int
    figures: dict[str, float | None]


class TruthFigure(msgspec.Struct):
    """A figure that days have, and which values are better."""

    key: str
    title: str
    better: Literal["low", "high", "zero"]


class TruthOfRun(msgspec.Struct):
    """The figures of the run of a version, on the rows that it scored and that have a label."""

    version: int
    rows: int
    figures: dict[str, float | None]


class EndpointTruth(msgspec.Struct):
    """What turned out to be true of kept answers, by the day of the answer in UTC."""

    task: Annotated[Literal["classes", "numbers"], msgspec.Meta(description="Whether the bound is of an accuracy or of an error.")]
    key: Annotated[str, msgspec.Meta(description="The input by which truth is joined; empty for the request's id and row.")]
    keeps: Annotated[bool, msgspec.Meta(description="Whether answers are kept now.")]
    bound: Annotated[float | None, msgspec.Meta(description="The least accuracy or largest mean absolute error; null for no alarm.")]
    least_labels: int
    truths: Annotated[int, msgspec.Meta(description="How many keys have a truth.")]
    most_compared: int
    cut: Annotated[bool, msgspec.Meta(description="Whether the figures are of the newest `most_compared` answers only.")]
    positive: Annotated[str | None, msgspec.Meta(description="The positive one of two classes; null for other tasks.")]
    unknown: Annotated[list[str], msgspec.Meta(description="Some of what was true and is no class that the versions know.")]
    figures: list[TruthFigure]
    runs: list[TruthOfRun]
    days: list[TruthDay]


class EndpointTruthAdded(msgspec.Struct):
    """How many truths were stored, and how many of them have a kept answer."""

    stored: int
    joined: int


class EndpointTruthSerializer(serializers.Serializer[Any]):
    """Truth as rows, or as two columns of a dataset."""

    rows = serializers.ListField(
        child=serializers.DictField(),
        required=False,
        max_length=10_000,
        help_text='{"request_id": "...", "row": 0, "actual": 1} or {"key": "...", "actual": 1}.',
    )
    dataset = serializers.CharField(max_length=60, required=False, help_text="The name of a dataset.")
    key = serializers.CharField(max_length=500, required=False, help_text="Its column with the keys.")
    actual = serializers.CharField(max_length=500, required=False, help_text="Its column with what was true.")


def _names(words: str) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=500), required=False, allow_null=True, max_length=2000, help_text=words
    )


class EndpointKeepingSerializer(serializers.Serializer[Any]):
    """What is kept; what is left out stays as it is."""

    share = serializers.FloatField(required=False, help_text="Percent of requests whose rows are kept, 0 to 100.")
    days = serializers.IntegerField(min_value=1, max_value=366, required=False)
    columns = _names("Inputs to keep; null for all that are not sensitive.")
    sensitive = _names("Inputs that are sensitive; null for those whose names sound so.")
    answers = serializers.BooleanField(required=False, help_text="Keep the answers of all requests, for truth that arrives later.")
    answer_days = serializers.IntegerField(min_value=1, max_value=366, required=False)
    bound = serializers.FloatField(
        required=False, allow_null=True, help_text="The least accuracy, or the largest mean absolute error; null for no alarm."
    )
    key = serializers.CharField(
        max_length=500, required=False, allow_blank=True, help_text="An input by which truth is joined; empty for the request's id."
    )
