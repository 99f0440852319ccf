"""Tables of published pipelines: versions, moves of the default, keys, and the runs that were asked for."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from designer.workspaces.client_keys import ClientKey
from designer.workspaces.models import Workspace, new_id


class PublishedPipeline(models.Model):
    """A pipeline under a stable address, its id. `default` is the number of the version that runs when a request names none."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="published")
    name = models.CharField(max_length=64)
    description = models.CharField(max_length=500, blank=True)
    default = models.PositiveIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)
    created_by = models.CharField(max_length=254)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "name"], name="one_published_pipeline_per_name")]

    def __str__(self) -> str:
        return self.name


class PublishedVersion(models.Model):
    """What a published pipeline is at one number; it never changes.

    `graph` is the document with its parameters. `inputs` are the nodes whose dataset a request chooses, by name. `results` are the outputs that
    a request gets, each with the dataset that it is saved as, or none. `pipeline` is the pipeline that it was published from.
    """

    published = models.ForeignKey(PublishedPipeline, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    graph = models.JSONField()
    inputs = models.JSONField(default=dict)
    results = models.JSONField(default=list)
    pipeline = models.CharField(max_length=32, null=True)
    source = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=254)
    why = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["published", "number"], name="one_published_version_per_number")]


class PublishedMove(models.Model):
    """One move of the default. Rows are only added."""

    published = models.ForeignKey(PublishedPipeline, models.CASCADE, related_name="moves")
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=254)
    before = models.PositiveIntegerField()
    after = models.PositiveIntegerField()
    why = models.CharField(max_length=500, blank=True)


class PublishedKey(ClientKey):
    """A key of one client. It acts with the rights of `person`, who made it, and at this published pipeline only."""

    PREFIX = "pk_"

    published = models.ForeignKey(PublishedPipeline, models.CASCADE, related_name="keys")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")


class PublishedRun(models.Model):
    """A run that a request has started; its id is that of the run. It is written in the transaction that creates the run.

    `idempotency_key` is the request's own name, `asked` a digest of what it asked for: the same request again starts nothing. `saved_at` is set
    once the run is over and its results are saved, `saved` then has the dataset and version of each; `problem` says why some could not be.
    """

    run = models.CharField(primary_key=True, max_length=32)
    published = models.ForeignKey(PublishedPipeline, models.CASCADE, related_name="runs")
    version = models.PositiveIntegerField()
    by = models.CharField(max_length=254)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    inputs = models.JSONField(default=dict)
    idempotency_key = models.CharField(max_length=255, null=True)
    asked = models.CharField(max_length=64)
    saved = models.JSONField(default=dict)
    saved_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["published", "idempotency_key"], name="one_run_per_idempotency_key")]
        indexes: ClassVar = [
            models.Index(fields=["published", "-created_at"], name="runs_of_published"),
            models.Index(fields=["created_at"], condition=models.Q(saved_at=None), name="unsaved_runs_of_published"),
        ]
