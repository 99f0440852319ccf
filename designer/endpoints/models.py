"""Tables of endpoints: versions, keys, moves of shares, and what the serving processes report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from designer.datasets.models import Dataset, DatasetVersion
from designer.notices.models import Channels
from designer.workspaces.client_keys import ClientKey
from designer.workspaces.models import Workspace, new_id
from pipelines.models import Leased

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Endpoint(Channels):
    """A name under which scoring graphs are served. `shares` is the whole percent of each version that takes requests; they sum to 100.

    `sticky_column` is the input column whose value chooses the version; empty for the request's id. `revision` counts the moves of `shares`.
    `mailed` is the person who gets its notices by email.
    """

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(max_length=64)
    description = models.CharField(max_length=500, blank=True)
    limits = models.JSONField(default=dict)
    shares = models.JSONField(default=dict)
    sticky_column = models.CharField(max_length=200, blank=True)
    monitoring = models.JSONField(default=dict)
    mailed = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)
    created_by = models.CharField(max_length=254)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "name"], name="one_endpoint_per_name")]

    @property
    def noun(self) -> str:
        """What it is called."""
        return "endpoint"

    @property
    def reader(self) -> User | None:
        """The person who asked for email."""
        return self.mailed

    @property
    def facts(self) -> dict[str, Any]:
        """What a webhook is told of it."""
        return {"endpoint": {"id": self.pk, "name": self.name}}


class VersionState(models.TextChoices):
    """What is stored of a version's state. That it serves or drains follows from the shares."""

    BUILDING = "building"
    PROVING = "proving"
    READY = "ready"
    STOPPED = "stopped"
    FAILED = "failed"


class EndpointVersion(Leased):
    """One published scoring graph. `bundle` is the digest of its file in the workspace's store; a worker holds the row while it builds it.

    `share` is the percent of requests that it takes as soon as it is proven, `quality` a `monitoring.truth.Quality`; null in rows of an older Easel.
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
    quality = models.JSONField(null=True)
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

    `bound` is the least accuracy, or the largest mean absolute error, of answers whose truth is known. `left_out` are rows that came too fast to be counted.
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
    """One judged window of one version. `verdict` is what it shows; `alarms` are its signals that the windows before it had too."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="windows")
    version = models.PositiveIntegerField()
    start = models.DateTimeField()
    end = models.DateTimeField()
    rows = models.PositiveBigIntegerField(default=0)
    left_out = models.PositiveBigIntegerField(default=0)
    verdict = models.JSONField()
    alarms = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["endpoint", "version", "start"], name="one_window_per_start")]


class EndpointAlarm(models.Model):
    """A signal that lasts: of a version's window, or, with version 0, of the requests to the endpoint. `ended_at` is null while it is open."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="alarms")
    version = models.PositiveIntegerField(default=0)
    column = models.CharField(max_length=500, blank=True)
    kind = models.CharField(max_length=20)
    words = models.TextField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["endpoint", "version", "column", "kind"], condition=models.Q(ended_at=None), name="one_open_alarm_per_signal"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["endpoint", "-id"], name="alarms_of_endpoint")]


class Keeping(models.Model):
    """What an endpoint keeps of its requests (`designer.endpoints.keeping.Rule`), for how many days, and where sampled rows become a dataset.

    `bound` is the least accuracy, or the largest mean absolute error, of answers whose truth is known. `left_out` are rows that came too fast to be kept; `problem` says why no dataset version could be made.
    """

    endpoint = models.OneToOneField(Endpoint, models.CASCADE, related_name="keeping")
    rule = models.JSONField(default=dict)
    days = models.PositiveIntegerField(default=30)
    answer_days = models.PositiveIntegerField(default=90)
    bound = models.FloatField(null=True)
    dataset = models.ForeignKey(Dataset, models.SET_NULL, null=True, related_name="+")
    left_out = models.PositiveBigIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)


class KeptRow(models.Model):
    """A row of a request with its answer, as JSON text. `place` is the row's in the request."""

    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    request = models.CharField(max_length=200)
    place = models.PositiveIntegerField()
    answer = models.TextField()

    class Meta:
        abstract = True


class SampledRow(KeptRow):
    """A row of a request that is kept with its inputs."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="samples")
    inputs = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["endpoint", "at", "request", "place"], name="one_sample_per_row")]
        indexes: ClassVar = [models.Index(fields=["endpoint", "request"], name="samples_by_request")]


class KeptAnswer(KeptRow):
    """An answer that is kept until its truth arrives, which has the same key."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="answers")
    key = models.CharField(max_length=210)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["endpoint", "at", "request", "place"], name="one_answer_per_row")]
        indexes: ClassVar = [
            models.Index(fields=["endpoint", "request"], name="answers_by_request"),
            models.Index(fields=["endpoint", "key"], name="answers_by_key"),
        ]


class Truth(models.Model):
    """What turned out to be true of the answers with a key, as JSON text. A later one replaces it."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="truths")
    key = models.CharField(max_length=210)
    value = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["endpoint", "key"], name="one_truth_per_key")]


class SampleVersion(models.Model):
    """A version of the dataset of sampled rows, with all rows up to a moment, but those of a request that was deleted then.

    It goes when its oldest row has to go.
    """

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="sample_versions")
    version = models.OneToOneField(DatasetVersion, models.CASCADE, related_name="+")
    oldest = models.DateTimeField()
    until = models.DateTimeField()
    without = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["endpoint", "until"], name="one_sample_version_per_moment")]
