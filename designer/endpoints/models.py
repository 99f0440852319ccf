"""Tables of endpoints: versions, keys, moves of shares, and what the serving processes report."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from designer.workspaces.client_keys import ClientKey
from designer.workspaces.models import Workspace, new_id
from pipelines.models import Leased


class Endpoint(models.Model):
    """A name under which scoring graphs are served. `shares` is the whole percent of each version that takes requests; they sum to 100.

    `sticky_column` is the input column whose value chooses the version; empty for the request's id. `revision` counts the moves of `shares`.
    """

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(max_length=64)
    description = models.CharField(max_length=500, blank=True)
    limits = models.JSONField(default=dict)
    shares = models.JSONField(default=dict)
    sticky_column = models.CharField(max_length=200, blank=True)
    monitoring = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)
    created_by = models.CharField(max_length=254)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "name"], name="one_endpoint_per_name")]


class VersionState(models.TextChoices):
    """What is stored of a version's state. That it serves or drains follows from the shares."""

    BUILDING = "building"
    PROVING = "proving"
    READY = "ready"
    STOPPED = "stopped"
    FAILED = "failed"


class EndpointVersion(Leased):
    """One published scoring graph. `bundle` is the digest of its file in the workspace's store; a worker holds the row while it builds it.

    `share` is the percent of requests that it takes as soon as it is proven.
    """

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    run = models.CharField(max_length=32)
    document = models.CharField(max_length=32, null=True)
    node = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=VersionState.choices, default=VersionState.BUILDING)
    reason = models.TextField(blank=True)
    share = models.PositiveSmallIntegerField(default=0)
    bundle = models.CharField(max_length=64, blank=True)
    signature = models.JSONField(null=True)
    example = models.JSONField(null=True)
    parity = models.JSONField(null=True)
    profile = models.JSONField(null=True)
    by = models.CharField(max_length=254)
    why = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["endpoint", "number"], name="one_endpoint_version_per_number")]


class EndpointKey(ClientKey):
    """A key of one client. `rate` is in requests per minute."""

    PREFIX = "ek_"

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="keys")
    rate = models.PositiveIntegerField(null=True)


class EndpointMove(models.Model):
    """One move of an endpoint's shares. Rows are only added."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="moves")
    revision = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=254)
    kind = models.CharField(max_length=10)
    before = models.JSONField()
    after = models.JSONField()
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["endpoint", "revision"], name="one_move_per_revision")]


class ServingRevision(models.Model):
    """One row, whose number grows with every change that serving processes must know of."""

    number = models.PositiveBigIntegerField(default=0)


class ServingProcess(models.Model):
    """A serving process: when it last reported, the revision that it serves, and the versions that it could not load, with the reasons."""

    id = models.CharField(primary_key=True, max_length=32)
    name = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    revision = models.PositiveBigIntegerField(default=0)
    failures = models.JSONField(default=dict)


class EndpointCount(models.Model):
    """What one serving process counted in one minute of one version (0 for requests that reached none).

    `buckets` has the requests by time, not cumulated, one more than the bounds; `codes` has them by status.
    """

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="counts")
    process = models.CharField(max_length=32)
    version = models.PositiveIntegerField()
    minute = models.DateTimeField()
    requests = models.PositiveIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    warnings = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0.0)
    codes = models.JSONField(default=dict)
    buckets = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint", "minute", "version", "process"], name="one_count_per_minute"),
        ]


class ObservedCount(models.Model):
    """What one serving process counted of the values of one version in one hour: tallies by column, never rows.

    `left_out` are rows that came too fast to be counted.
    """

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="observed")
    process = models.CharField(max_length=32)
    version = models.PositiveIntegerField()
    hour = models.DateTimeField()
    rows = models.PositiveBigIntegerField(default=0)
    left_out = models.PositiveBigIntegerField(default=0)
    tallies = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["endpoint", "hour", "version", "process"], name="one_observed_per_hour")]


class MonitorWindow(models.Model):
    """One judged window of one version. `verdict` is what it shows; `alarms` are its signals that the windows before it had too.

    `started` are the alarms that the window before it did not have. Other parts of Easel read new rows as events.
    """

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="windows")
    version = models.PositiveIntegerField()
    start = models.DateTimeField()
    end = models.DateTimeField()
    rows = models.PositiveBigIntegerField(default=0)
    left_out = models.PositiveBigIntegerField(default=0)
    verdict = models.JSONField()
    alarms = models.JSONField(default=list)
    started = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["endpoint", "version", "start"], name="one_window_per_start")]
