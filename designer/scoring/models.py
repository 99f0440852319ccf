"""Proofs of parity, as long as their run is kept."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from pipelines.models import Run


class ParityProof(models.Model):
    """The last proof of a run's scores: `digest` is that of the bundle that was proven, `report` a `ParityReport`."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="+")
    scored = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    report = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "scored"], name="one_parity_proof_per_output")]
