"""Sweeps: runs of a pipeline that differ in the values of parameters."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from pipelines.models.runs import new_id


class Sweep(models.Model):
    """A pipeline run with several values of its parameters; each run names its sweep. `parameters` are the names of those that are given values."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    scope = models.CharField(max_length=32)
    document = models.CharField(max_length=32, null=True, db_index=True)
    by = models.CharField(max_length=200, blank=True)
    parameters = models.JSONField()
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["scope", "-created_at"], name="sweeps_of_scope")]
