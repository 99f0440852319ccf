"""Schedules and triggers, their ticks, and the events that triggers watch. What is decided stands in rows before anything starts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from designer.documents.models import Pipeline, Version
from designer.notices.models import Channels
from designer.published.models import PublishedPipeline
from designer.workspaces.models import Workspace, new_id

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Kind(models.TextChoices):
    """What starts runs: planned times, or events."""

    TIMES = "times"
    EVENTS = "events"


class Graph(models.TextChoices):
    """Which graph a run has: a named version, the newest named version, or the pipeline as it is drawn."""

    VERSION = "version"
    LATEST = "latest"
    DRAFT = "draft"


class Overlap(models.TextChoices):
    """What happens while an earlier run of the schedule is not over."""

    SKIP = "skip"
    QUEUE_ONE = "queue_one"
    QUEUE_ALL = "queue_all"
    CANCEL = "cancel"
    PARALLEL = "parallel"


class CatchUp(models.TextChoices):
    """Which of the times that were missed within the window start runs."""

    LAST = "last"
    ALL = "all"
    NONE = "none"


class Schedule(Channels):
    """Starts runs of a pipeline, or of a published pipeline, at times or after events.

    One of `pipeline` and `published` is set; neither is when the published pipeline was deleted. `preset` gives what `parameters` does not. `graph` and `version` are of a pipeline,
    `published_version` (none for the default) and `inputs` of a published one.
    `through` is the planned instant up to which every one has its tick. `next_at` is when the scheduler has to look again.
    A pause holds for what is planned from `paused_at` on, and before `paused_until` if that is set.
    """

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="schedules")
    pipeline = models.ForeignKey(Pipeline, models.CASCADE, null=True, related_name="schedules")
    published = models.ForeignKey(PublishedPipeline, models.SET_NULL, null=True, related_name="schedules")
    published_version = models.PositiveIntegerField(null=True)
    inputs = models.JSONField(default=dict)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    graph = models.CharField(max_length=10, choices=Graph.choices, default=Graph.LATEST)
    version = models.ForeignKey(Version, models.CASCADE, null=True, related_name="+")
    parameters = models.JSONField(default=dict)
    preset = models.CharField(max_length=60, blank=True)
    times = models.JSONField(null=True)
    watch = models.JSONField(null=True)
    jitter_seconds = models.PositiveIntegerField(default=0)
    overlap = models.CharField(max_length=10, choices=Overlap.choices, default=Overlap.SKIP)
    catch_up = models.CharField(max_length=10, choices=CatchUp.choices, default=CatchUp.LAST)
    window_seconds = models.PositiveIntegerField(default=3600)
    pause_after = models.PositiveIntegerField(default=3)
    run_as = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    hook_secret = models.TextField(blank=True)
    through = models.DateTimeField()
    next_at = models.DateTimeField(null=True, db_index=True)
    paused_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    paused_by = models.CharField(max_length=200, blank=True)
    pause_note = models.CharField(max_length=500, blank=True)
    failures = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "name"], name="one_schedule_per_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def noun(self) -> str:
        """What it is called."""
        return "schedule" if self.kind == Kind.TIMES else "trigger"

    @property
    def reader(self) -> User | None:
        """The person as whom it runs gets email."""
        return self.run_as

    @property
    def facts(self) -> dict[str, Any]:
        """What a webhook is told of it."""
        return {"schedule": {"id": self.pk, "name": self.name}, "pipeline": self.pipeline_id, "published": self.published_id}

    def is_paused(self, at: datetime) -> bool:
        """Whether what is planned at an instant falls in the pause."""
        return self.paused_at is not None and at >= self.paused_at and (self.paused_until is None or at < self.paused_until)


class Source(models.Model):
    """What triggers watch: a dataset, the runs of a pipeline, alarms of an endpoint, an alias, or a webhook. Its events are numbered under the lock of its row."""

    kind = models.CharField(max_length=10)
    subject = models.CharField(max_length=100)
    last = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "subject"], name="one_source_per_subject")]


class Event(models.Model):
    """Something that happened at a source, numbered from 1 without gaps. `ref` is what it is known by, such as a run's id."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="events")
    number = models.PositiveIntegerField()
    ref = models.CharField(max_length=100)
    words = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "number"], name="one_source_event_per_number"),
            models.UniqueConstraint(fields=["source", "ref"], name="one_source_event_per_ref"),
        ]


class Cursor(models.Model):
    """How far a trigger has read a source."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="cursors")
    source = models.ForeignKey(Source, models.CASCADE, related_name="cursors")
    through = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["schedule", "source"], name="one_cursor_per_source")]


class Origin(models.TextChoices):
    """What made a tick."""

    TIMES = "times"
    EVENTS = "events"
    NOW = "now"
    BACKFILL = "backfill"


class Outcome(models.TextChoices):
    """What became of a tick."""

    WAITING = "waiting"
    STARTED = "started"
    SKIPPED = "skipped"
    MISSED = "missed"
    FAILED = "failed"


class Tick(models.Model):
    """One planned instant of a schedule, or one reaction of a trigger, with what became of it and why.

    A tick of the times has a unique planned instant; a tick of events a unique last event: nothing can make it twice.
    `due` is the planned instant with its jitter. `ended` is the final state of the run.
    """

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="ticks")
    origin = models.CharField(max_length=10, choices=Origin.choices)
    planned = models.DateTimeField()
    due = models.DateTimeField()
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=500, blank=True)
    late = models.BooleanField(default=False)
    run = models.CharField(max_length=32, null=True, db_index=True)
    ended = models.CharField(max_length=10, blank=True)
    overlap = models.CharField(max_length=10, choices=Overlap.choices)
    last_event = models.ForeignKey(Event, models.SET_NULL, null=True, related_name="+")
    events = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["schedule", "planned"], condition=Q(origin="times"), name="one_tick_per_instant"),
            models.UniqueConstraint(fields=["schedule", "last_event"], condition=Q(origin="events"), name="one_tick_per_event"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["schedule", "-id"], name="ticks_of_schedule"),
            models.Index(fields=["schedule"], condition=Q(outcome="waiting"), name="waiting_ticks"),
            models.Index(fields=["run"], condition=Q(outcome="started", ended=""), name="going_ticks"),
        ]
