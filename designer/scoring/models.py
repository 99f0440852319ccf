"""Scoring graphs that were derived, and proofs of parity, as long as their run is kept."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from pipelines.models import Leased, Run


class DerivationState(models.TextChoices):
    """`failed` has the refusal; it is tried again some time later."""

    DERIVING = "deriving"
    MADE = "made"
    FAILED = "failed"


class Derivation(Leased):
    """The scoring graph of an output of a run: `content` is a digest of all that it is derived from, so that runs with equal content share it.

    A worker holds the row while it derives, and tells in `doing` and `share` how far it is. `graph` is a `ScoringGraph` as JSON, `narrowed` has the
    records of the pinned values that are narrowed to columns, by node. `refusal` says why there is no graph.
    """

    content = models.CharField(max_length=64, unique=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="+")
    scored = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=DerivationState.choices, default=DerivationState.DERIVING)
    doing = models.CharField(max_length=200, blank=True)
    share = models.FloatField(default=0.0)
    graph = models.TextField(blank=True)
    narrowed = models.JSONField(default=dict)
    refusal = models.JSONField(null=True)
    asked_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True)


class ProofState(models.TextChoices):
    """`made` says that the report is there: whether the scores are equal stands in it."""

    PROVING = "proving"
    MADE = "made"
    FAILED = "failed"


class ParityProof(Leased):
    """The last proof of a run's scores: `digest` is that of the bundle that was proven, `report` a `ParityReport`.

    A worker holds the row while it proves, and tells in `doing` what it compares, and in `share` how much is done, from 0 to 1. `reason` says
    why there is no report.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="+")
    scored = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=ProofState.choices, default=ProofState.PROVING)
    doing = models.CharField(max_length=200, blank=True)
    share = models.FloatField(default=0.0)
    reason = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    report = models.JSONField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "scored"], name="one_parity_proof_per_output")]
