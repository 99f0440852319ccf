"""Which events of which runs were sent to the address of OpenLineage."""

from __future__ import annotations

from django.db import models

from pipelines.models import Leased


class ReportedRun(Leased):
    """A run whose events are sent. `due_at` is when the next event is tried; `ended` that no further one follows."""

    run = models.CharField(max_length=32, primary_key=True)
    started = models.BooleanField(default=False)
    ended = models.BooleanField(default=False)
    tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=models.Q(ended=False), name="reported_runs_due")]
