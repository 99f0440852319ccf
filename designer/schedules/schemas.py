"""What the API of schedules takes and answers. Secrets are answered once, when they are made."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

import msgspec
from rest_framework import serializers

from designer.http.openapi import Instant
from designer.published.run_schemas import ChosenDataset, ChosenDatasetSerializer
from designer.schedules import models
from designer.schedules.models import CatchUp, Graph, Kind, Outcome, Overlap
from designer.schedules.times import Times
from designer.schedules.watch import Watch
from designer.workspaces.people import name_of

TIMES_HELP = (
    "`rule` (`every` with minutes and anchor; `calendar` with times, weekdays and month_days; `cron` with line; `dates`), "
    "`zone`, `starts_at`, `ends_at`, and `excluded` dates."
)


class Pause(msgspec.Struct):
    """A pause: who, since when, why, and until when."""

    by: str
    note: str
    at: Instant
    until: Instant | None


class Tick(msgspec.Struct):
    """One planned time, or one reaction to events, and what became of it."""

    id: int
    origin: models.Origin
    planned: Instant
    due: Annotated[datetime, msgspec.Meta(tz=True, description="The planned time with its delay.")]
    started_at: Instant | None
    outcome: Outcome
    reason: str
    late: bool
    run: str | None
    ended: Annotated[str, msgspec.Meta(description="The final state of the run; empty until it is over.")]
    events: Annotated[
        list[dict[str, Any]], msgspec.Meta(description="Which events it used: `source`, `kind`, and numbers `from` and `through`.")
    ]

    @classmethod
    def of(cls, row: models.Tick) -> Self:
        """A tick's row."""
        outcome, origin = Outcome(row.outcome), models.Origin(row.origin)
        return cls(row.pk, origin, row.planned, row.due, row.started_at, outcome, row.reason, row.late, row.run, row.ended, row.events)


class Counts(msgspec.Struct):
    """How many ticks had which outcome."""

    started: int
    skipped: int
    missed: int
    late: int
    failed: int
    waiting: int


class Schedule(msgspec.Struct, kw_only=True):
    """A schedule (`times`) or a trigger (`events`)."""

    id: str
    workspace: str
    name: str
    kind: Kind
    pipeline: Annotated[str | None, msgspec.Meta(description="The pipeline that it runs; null when it runs a published one.")]
    published: Annotated[str | None, msgspec.Meta(description="The published pipeline that it runs.")]
    runs: Annotated[str, msgspec.Meta(description="The name of what it runs; empty when the published pipeline was deleted.")]
    executes: Annotated[str, msgspec.Meta(description="Which version the next run executes, in words.")]
    graph: Graph
    version: str | None
    published_version: Annotated[int | None, msgspec.Meta(description="The version of the published pipeline; null for its default.")]
    parameters: dict[str, Any]
    preset: Annotated[str, msgspec.Meta(description="The preset that gives the other parameters; empty for none.")]
    inputs: Annotated[dict[str, ChosenDataset], msgspec.Meta(description="The chosen datasets of a published pipeline's inputs, by name.")]
    times: Times | None
    watch: Watch | None
    words: Annotated[str, msgspec.Meta(description="When it runs, in words.")]
    jitter_seconds: int
    overlap: Overlap
    catch_up: CatchUp
    window_seconds: int
    pause_after: int
    run_as: Annotated[str | None, msgspec.Meta(description="The person whose rights the runs have; null for a former member.")]
    run_as_name: str
    email: bool
    webhook: Annotated[str, msgspec.Meta(description="Where notices are sent to, without path and query, which may hold a password.")]
    pause: Pause | None
    failures: Annotated[int, msgspec.Meta(description="Failures in a row.")]
    next_at: Annotated[datetime | None, msgspec.Meta(description="The next planned time with its delay; null for none or a pause.")]
    last: Annotated[Tick | None, msgspec.Meta(description="The newest tick.")]
    last_success: Instant | None
    unread: Annotated[int, msgspec.Meta(description="Events of a trigger that no run has used yet.")]
    counts: Counts
    secrets: Annotated[
        dict[str, str], msgspec.Meta(description="New secrets, shown this once: `webhook` of notices, `hook` of the trigger.")
    ]
    notes: Annotated[list[str], msgspec.Meta(description="What was done beside saving.")]


class Ticks(msgspec.Struct):
    """Ticks, newest first; `before` of the next page, null at the end."""

    ticks: list[Tick]
    before: int | None


class Backfill(msgspec.Struct):
    """The planned times of a backfill."""

    count: int
    times: list[Instant]


class Dropped(msgspec.Struct):
    """How many ticks were taken out of the queue."""

    count: int


class Received(msgspec.Struct):
    """Whether a message is a new event; false when one of the same id was there."""

    new: bool


def shown_name(row: models.Schedule) -> str:
    """The name of the person as whom it runs."""
    return name_of(row.run_as) if row.run_as else ""


class TicksSerializer(serializers.Serializer[Any]):
    """Which ticks to list."""

    before = serializers.IntegerField(min_value=1, required=False, help_text="Only older ticks than this one.")
    outcome = serializers.ChoiceField(Outcome.choices, required=False, help_text="Only ticks with this outcome.")


class ScheduleSerializer(serializers.Serializer[Any]):
    """What both schedules and triggers have."""

    name = serializers.CharField(max_length=100)
    graph = serializers.ChoiceField(choices=Graph.values, required=False, help_text="A version, the newest saved version, or the draft.")
    version = serializers.CharField(max_length=64, required=False, allow_null=True, allow_blank=True)
    published = serializers.CharField(
        max_length=64, required=False, allow_null=True, help_text="A published pipeline's id, in place of a pipeline."
    )
    published_version = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, allow_null=True, help_text="Its version; without it, the default at that moment."
    )
    inputs = serializers.DictField(
        child=ChosenDatasetSerializer(), required=False, help_text="Datasets of its inputs by name; the others have their defaults."
    )
    parameters = serializers.DictField(child=serializers.JSONField(allow_null=True), required=False)
    preset = serializers.CharField(max_length=60, required=False, allow_blank=True, help_text="A preset that gives the other parameters.")
    overlap = serializers.ChoiceField(choices=Overlap.values, required=False, help_text="While an earlier run is not over.")
    pause_after = serializers.IntegerField(min_value=0, max_value=1000, required=False, help_text="Failures in a row; 0 for never.")
    run_as = serializers.CharField(max_length=18, required=False, allow_null=True, help_text="The person whose rights it has.")
    email = serializers.BooleanField(required=False, help_text="Whether notices go to that person by email.")
    webhook = serializers.CharField(
        max_length=1000, required=False, allow_blank=True, help_text="The address that notices are sent to. As it is shown: unchanged."
    )


class TimesSerializer(ScheduleSerializer):
    """A schedule."""

    times = serializers.DictField(required=False, help_text=TIMES_HELP)
    jitter_seconds = serializers.IntegerField(min_value=0, max_value=86_400, required=False)
    catch_up = serializers.ChoiceField(choices=CatchUp.values, required=False, help_text="Which missed times start a run.")
    window_seconds = serializers.IntegerField(min_value=60, max_value=366 * 86_400, required=False)


class WatchSerializer(ScheduleSerializer):
    """A trigger."""

    watch = serializers.DictField(
        required=False, help_text="`sources` with kind and id, `needs` (`any` or `all`), `quiet_seconds`, `gap_seconds`."
    )


class NewSerializer(ScheduleSerializer):
    """What is run: a pipeline, or a published pipeline."""

    pipeline = serializers.CharField(max_length=64, required=False, allow_null=True, help_text="A pipeline's id.")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """One of the two is named."""
        if bool(given.get("pipeline")) == bool(given.get("published")):
            raise serializers.ValidationError({"pipeline": "Name either a pipeline or a published pipeline (published)."})
        return given


class NewTimesSerializer(NewSerializer, TimesSerializer):
    """A new schedule."""


class NewWatchSerializer(NewSerializer, WatchSerializer):
    """A new trigger."""


class PauseSerializer(serializers.Serializer[Any]):
    """Why, and until when; without a time until it is resumed."""

    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    until = serializers.DateTimeField(required=False, allow_null=True, default=None)


class ResumeSerializer(serializers.Serializer[Any]):
    """Whether one run makes up for what fell into the pause."""

    catch_up = serializers.BooleanField(required=False, default=False)


class NowSerializer(serializers.Serializer[Any]):
    """Whether it waits for an earlier run."""

    overlap = serializers.ChoiceField(choices=["parallel", "queue_all"], required=False, default="parallel")


class BackfillSerializer(serializers.Serializer[Any]):
    """A time span."""

    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    again = serializers.BooleanField(required=False, default=False, help_text="Also times that have a successful run.")
    newest_first = serializers.BooleanField(required=False, default=False)
    dry = serializers.BooleanField(required=False, default=False, help_text="Only list them.")
