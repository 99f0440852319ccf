"""Imports and their refreshes. What reads the source is a run of an ordinary pipeline; what the run brought stands in a row."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from designer.datasets.models import Dataset
from designer.documents.models import Pipeline
from designer.schedules.models import Schedule
from designer.workspaces.models import Workspace, new_id


class Import(models.Model):
    """The source of a dataset: a pipeline with the step that reads it. The first successful run makes the dataset.

    All runs created before `since` were looked at. `schedule` is the one that was made with the import.
    """

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=500)
    pipeline = models.OneToOneField(Pipeline, models.CASCADE, related_name="+")
    dataset = models.OneToOneField(Dataset, models.CASCADE, null=True, related_name="+")
    schedule = models.ForeignKey(Schedule, models.SET_NULL, null=True, related_name="+")
    since = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return self.title


class Outcome(models.TextChoices):
    """What a refresh brought: a new version, the same bytes as the newest one, or nothing."""

    NEW = "new"
    SAME = "same"
    FAILED = "failed"


class Refresh(models.Model):
    """What became of one run of an import's pipeline. A run has one row, so it makes at most one version, however often it is looked at."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="refreshes")
    run = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    version = models.PositiveIntegerField(null=True)
    words = models.CharField(max_length=2000)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["of", "-id"], name="refreshes_of_import")]
