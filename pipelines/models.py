"""Database models: runs, their steps and events, cached results, workers and environments."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar, Self
from uuid import uuid4

import msgspec
from django.db import models
from django.db.models.functions import Now

from pipelines.compilation import Plan
from pipelines.execution.headline import RunHeadline
from pipelines.execution.schedule import State

MOST_TRIED = 100  # rows that a claim tries, each of which another worker may claim first


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
    graph = models.JSONField()
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


class Fan(models.Model):
    """A fan-out of a step, with its counts. Items before `next` are in chunks; `chunks` are those that have not ended, `size` the length of the last."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="fans")
    node = models.CharField(max_length=64)
    index = models.PositiveSmallIntegerField()
    noun = models.CharField(max_length=60)
    may_fail = models.PositiveIntegerField(null=True)
    total = models.PositiveIntegerField()
    ended = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    reused = models.PositiveIntegerField(default=0)
    next = models.PositiveIntegerField(default=0)
    chunks = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0.0)
    opened_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "node", "index"], name="one_fan_per_number")]


class Item(models.Model):
    """An item of a fan-out, by its position. `content` is its cache key; `blob` says where its bytes are stored."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="items")
    node = models.CharField(max_length=64)
    fan = models.PositiveSmallIntegerField()
    ordinal = models.PositiveIntegerField()
    key = models.CharField(max_length=200)
    content = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default=State.WAITING)
    reused = models.BooleanField(default=False)
    seconds = models.FloatField(null=True)
    figures = models.JSONField(null=True)
    blob = models.JSONField(null=True)
    error: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "node", "fan", "ordinal"], name="one_item_per_place")]


class ItemValue(models.Model):
    """The value of an item by its cache key, for reuse within a scope."""

    scope = models.CharField(max_length=32)
    key = models.CharField(max_length=64)
    seconds = models.FloatField()
    figures = models.JSONField(null=True)
    blob = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["scope", "key"], name="one_value_per_item")]


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


class Holding(models.Model):
    """The storage usage of a scope in bytes, as last measured; `counted` is the newest result that is included."""

    scope = models.CharField(primary_key=True, max_length=32)
    of_runs = models.BigIntegerField(default=0)
    of_datasets = models.BigIntegerField(default=0)
    unreferenced = models.BigIntegerField(default=0)
    files = models.BigIntegerField(default=0)
    counted = models.BigIntegerField(default=0)
    measured_at = models.DateTimeField(null=True)

    @property
    def bytes(self) -> int:
        """Return the total."""
        return self.of_runs + self.of_datasets + self.unreferenced


class Unreferenced(models.Model):
    """A stored file that was unreferenced when garbage collection ran, and since when."""

    scope = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["scope", "digest"], name="one_note_per_file")]


class Environment(models.Model):
    """Packages for a workspace's steps beside Easel's own. Nodes refer to it by name; a digest of its content identifies its image."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    scope = models.CharField(max_length=32)
    name = models.CharField(max_length=60)
    requirements = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["scope", "name"], name="one_environment_per_name")]


class Connection(models.Model):
    """A named place outside Easel for a workspace's steps. Nodes refer to it by name. `secret` is encrypted; only a worker decrypts it."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    scope = models.CharField(max_length=32)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    address = models.CharField(max_length=1000)
    user = models.CharField(max_length=200, blank=True)
    endpoint = models.CharField(max_length=1000, blank=True)
    secret = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["scope", "name"], name="one_connection_per_name")]


class Leased(models.Model):
    """Long work that one worker at a time holds: it claims the row, renews the lease, and writes only while its attempt is the current one.

    A row whose lease ran out may be claimed again; what its former holder still writes has no effect. Steps have a faster path (the ledger).
    """

    attempt = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @classmethod
    def claim(cls, due: models.QuerySet[Self], lease: timedelta, **changes: Any) -> Self | None:
        """Claim one of the due rows, oldest key first.

        Args:
            due: The rows that may be claimed.
            lease: How long it is held without a renewal.
            changes: Further values to set.

        Returns:
            The claimed row; None when none is due, or other workers were faster.
        """
        for pk, attempt in due.order_by("pk").values_list("pk", "attempt")[:MOST_TRIED]:
            mine = {"attempt": attempt + 1, "lease_until": Now() + lease}
            if due.filter(pk=pk, attempt=attempt).update(**mine, **changes):
                return cls._default_manager.filter(pk=pk, attempt=attempt + 1).first()
        return None

    def held(self) -> models.QuerySet[Self]:
        """Return the row, unless its lease was given up or another worker has claimed it."""
        return type(self)._default_manager.filter(pk=self.pk, attempt=self.attempt, lease_until__isnull=False)

    def renew(self, lease: timedelta, **changes: Any) -> bool:
        """Extend the lease and set further values; returns False when it is no longer held."""
        return bool(self.held().update(lease_until=Now() + lease, **changes))

    def release(self, **changes: Any) -> bool:
        """Give the lease up and set the result; returns False when it is no longer held."""
        return bool(self.held().update(lease_until=None, **changes))


class Build(Leased):
    """A build of packages, shared by all environments with the same content. Only the current attempt may write."""

    digest = models.CharField(primary_key=True, max_length=64)
    requirements = models.JSONField()
    state = models.CharField(max_length=10)
    why = models.TextField(blank=True)
    log = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
