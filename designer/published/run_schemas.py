"""What the API of the runs of published pipelines takes and answers."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from rest_framework import serializers

from designer.http.openapi import Instant
from designer.runs.schemas import RunParameter

LONGEST_KEY = 255


class PublishedDataset(msgspec.Struct):
    """The version of a dataset that a result was saved as."""

    id: str
    dataset: str
    version: int


class PublishedRunResult(msgspec.Struct):
    """A result of a run. Its state is waiting, ready, or absent: the run is over without it."""

    name: str
    kind: str
    state: str
    rows: int | None
    address: Annotated[str, msgspec.Meta(description="Where GET downloads it, with `as`, such as ?as=csv.")]
    save_as: str | None
    dataset: PublishedDataset | None


class ChosenDataset(msgspec.Struct):
    """The dataset that is chosen for an input, and its version; null for the newest."""

    dataset: str
    version: int | None = None


class UsedDataset(msgspec.Struct):
    """The version of a dataset that an input had."""

    dataset: str
    version: int


class PublishedRunError(msgspec.Struct):
    """The first error of a run."""

    node: str | None
    code: str
    words: str
    remedy: str | None


class PublishedRun(msgspec.Struct):
    """A run that a request has started: its state, where to follow it, and its results. The state is that of the run, or `deleted`."""

    id: str
    published: str
    version: int
    state: str
    waiting_for: str | None
    by: str
    created_at: Instant
    started_at: Instant | None
    finished_at: Instant | None
    steps: int
    steps_done: int
    parameters: dict[str, RunParameter]
    inputs: dict[str, UsedDataset]
    follow: Annotated[str, msgspec.Meta(description="Where GET tells its state and its results, also with the client's key.")]
    run: Annotated[str, msgspec.Meta(description="The run with all of its steps, for members of the workspace.")]
    results: list[PublishedRunResult]
    saved: Annotated[bool, msgspec.Meta(description="Whether it is over, and its results are saved as datasets where they are to be.")]
    problem: Annotated[str, msgspec.Meta(description="Why results could not be saved.")]
    error: PublishedRunError | None
    idempotency_key: str | None


class ChosenDatasetSerializer(serializers.Serializer[Any]):
    """A dataset, and a version of it; without one the newest."""

    dataset = serializers.CharField(max_length=60)
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False, allow_null=True)


class StartPublishedSerializer(serializers.Serializer[Any]):
    """The values of a run. With files, these stand as JSON in the form field `request`, and each file in the field of its input."""

    version = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, allow_null=True, help_text="Without it, the default."
    )
    parameters = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        required=False,
        default=dict,
        help_text="Values by name; the others have those of the preset, else their defaults.",
    )
    preset = serializers.CharField(max_length=60, required=False, allow_blank=True, help_text="A preset of the version.")
    inputs = serializers.DictField(
        child=ChosenDatasetSerializer(),
        required=False,
        default=dict,
        help_text="Datasets by the name of the input; the others have their defaults.",
    )
