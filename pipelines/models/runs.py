"""Runs, their steps and events, cached results, and workers."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

import msgspec
from django.db import models

from pipelines.compilation import Plan
from pipelines.execution.fan import CHUNK_MARK
from pipelines.execution.headline import RunHeadline
from pipelines.execution.schedule import State


def new_id() -> str:
    """Return an id that cannot be guessed."""
    return uuid4().hex


class Run(models.Model):
    """One execution of a frozen graph. `scope` is the workspace whose results it may share."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    scope = models.CharField(max_length=32, db_index=True)
    document = models.CharField(max_length=32, null=True, db_index=True)
    by = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default=State.WAITING)
    graph = models.JSONField()  # with the values of its parameters in their settings
    parameters = models.JSONField(null=True)  # the value of each and its source; null for none
    verifies = models.CharField(max_length=32, null=True)  # the run whose results it must give again
    sweep = models.CharField(max_length=32, null=True)  # the sweep that it is one of
    source = models.CharField(max_length=10, null=True)  # what started it: schedule, request; null for a person
    plan = models.JSONField()
    to = models.JSONField(null=True)
    force = models.BooleanField(default=False)
    forced = models.JSONField(default=list)
    stop_on_failure = models.BooleanField(default=False)
    limits = models.JSONField(default=dict)
    left_out = models.JSONField(null=True)  # null for none: processes of an older version do not set it
    cancelling = models.BooleanField(default=False)
    remaining = models.PositiveIntegerField(default=0)
    last_event = models.PositiveIntegerField(default=0)
    headline = models.JSONField(null=True)  # of its last report in the flow, set at its end: lists of runs show it
    rung_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "created_at"]),
            models.Index(fields=["document", "-created_at"]),
            models.Index(fields=["scope", "by", "created_at"], condition=models.Q(finished_at=None), name="run_turns"),
            models.Index(fields=["sweep", "created_at"], condition=models.Q(sweep__isnull=False), name="runs_of_sweep"),
        ]

    def read_plan(self) -> Plan:
        """Return the parsed plan."""
        return Plan.from_json(self.plan)

    def read_headline(self) -> RunHeadline | None:
        """Return the metric for lists of runs; None until the run has ended, and without a report."""
        return None if self.headline is None else msgspec.convert(self.headline, RunHeadline)


class Step(models.Model):
    """One step of a run. Its owner, attempt and lease are stored here and nowhere else."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="steps")
    node = models.CharField(max_length=100)  # of a chunk of a fan-out: its name
    state = models.CharField(max_length=10, default=State.WAITING)
    fans = models.PositiveSmallIntegerField(default=0, db_default=0)  # how many fan-outs it has opened
    missing = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=64, blank=True)
    attempt = models.PositiveIntegerField(default=0)
    losses = models.PositiveIntegerField(default=0)
    owner = models.CharField(max_length=100, blank=True)
    tries = models.PositiveIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    reused = models.BooleanField(default=False)
    why = models.TextField(blank=True)
    error: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(null=True)
    outputs = models.JSONField(default=dict)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)
    peak_bytes = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "node"], name="one_step_per_node")]
        indexes: ClassVar = [
            models.Index(fields=["run", "state"]),
            models.Index(fields=["lease_until"], condition=models.Q(state=State.RUNNING), name="step_leases"),
            models.Index(fields=["owner"], condition=models.Q(state=State.RUNNING), name="step_owners"),
        ]

    @property
    def shown_state(self) -> str:
        """Return the state that people see: a step whose items are executed is running."""
        return State.RUNNING if self.state == State.FANNED else self.state

    @classmethod
    def of_nodes(cls) -> models.QuerySet[Step]:
        """Return the steps that people see; chunks of items are left out."""
        return cls._default_manager.exclude(node__contains=CHUNK_MARK)


class Event(models.Model):
    """An event of a run, numbered from 1 without gaps."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    body = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "seq"], name="one_event_per_number")]


class Result(models.Model):
    """The outputs of a step by the key of its ingredients, for reuse within a scope. `run` and `node` record their origin."""

    scope = models.CharField(max_length=32)
    key = models.CharField(max_length=64)
    module = models.CharField(max_length=100)
    node = models.CharField(max_length=64)
    run = models.CharField(max_length=32)
    ingredients = models.JSONField()
    outputs = models.JSONField()
    seconds = models.FloatField()
    peak_bytes = models.BigIntegerField(null=True)
    input_bytes = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["scope", "key"], name="one_result_per_key")]
        indexes: ClassVar = [models.Index(fields=["scope", "node", "module", "-created_at"])]


class Worker(models.Model):
    """A worker. The id is the prefix of its steps' owner; `seen_at` is its last renewal; `counts` are its counters since its start.

    `step_bytes` is the default memory limit of a step there, in bytes.
    """

    id = models.CharField(primary_key=True, max_length=12)
    name = models.CharField(max_length=200)
    processes = models.PositiveIntegerField()
    seen_at = models.DateTimeField(db_index=True)
    counts = models.JSONField(default=dict)
    step_bytes = models.BigIntegerField(null=True)
