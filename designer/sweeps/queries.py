"""Queries of sweeps."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q

from designer.documents.models import Pipeline
from designer.runs.schemas import PipelineName
from designer.sweeps import schemas
from pipelines import flow
from pipelines.models import Run, Sweep


def brief(sweeps: Sequence[Sweep]) -> list[schemas.SweepBrief]:
    """Sweeps as lists show them, with two queries."""
    names, counts = _names(sweeps), _counts(sweeps)
    return [schemas.SweepBrief.of(each, names.get(each.document or ""), *counts.get(each.pk, (0, 0))) for each in sweeps]


def whole(sweep: Sweep) -> schemas.Sweep:
    """A sweep with its table."""
    runs, finished = _counts([sweep]).get(sweep.pk, (0, 0))
    return schemas.Sweep.of(sweep, _names([sweep]).get(sweep.document or ""), runs, finished, table=flow.sweep_table(sweep))


def _names(sweeps: Sequence[Sweep]) -> dict[str, PipelineName]:
    found = Pipeline.objects.filter(pk__in={each.document for each in sweeps} - {None})
    return {id: PipelineName(id, name) for id, name in found.values_list("pk", "name")}


def _counts(sweeps: Sequence[Sweep]) -> dict[str, tuple[int, int]]:
    found = Run.objects.filter(sweep__in=[each.pk for each in sweeps]).values("sweep").order_by()
    counted = found.annotate(runs=Count("pk"), finished=Count("pk", filter=Q(finished_at__isnull=False)))
    return {sweep: (runs, finished) for sweep, runs, finished in counted.values_list("sweep", "runs", "finished") if sweep}
