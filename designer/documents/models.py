"""Models of pipelines: the pipeline, its edits, and its named versions."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from designer.workspaces.models import Workspace, new_id


class Pipeline(models.Model):
    """A pipeline. `revision` is the number of stored edits; name and summary are copies of the draft's, for lists."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="pipelines")
    name = models.CharField(max_length=200)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    summary = models.JSONField(default=dict)
    summary_revision = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "-updated_at"])]

    def __str__(self) -> str:
        return self.name


class DraftUpdate(models.Model):
    """One edit, as Yjs bytes. Written once, in order; compaction moves the oldest into the snapshot."""

    pipeline = models.ForeignKey(Pipeline, models.CASCADE, related_name="updates")
    revision = models.PositiveIntegerField()
    update = models.BinaryField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["pipeline", "revision"], name="one_update_per_revision")]


class DraftSnapshot(models.Model):
    """All edits up to a revision, merged."""

    pipeline = models.OneToOneField(Pipeline, models.CASCADE, related_name="snapshot")
    revision = models.PositiveIntegerField()
    state = models.BinaryField()


class Version(models.Model):
    """A named, immutable copy."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    pipeline = models.ForeignKey(Pipeline, models.CASCADE, related_name="versions")
    name = models.CharField(max_length=200)
    graph = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
