"""From ended runs to versions: a look at what the runs of imports brought. Any number of processes may look; a run counts once."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from django.db import transaction
from django.db.models import Exists, Min, OuterRef, QuerySet

from designer.datasets import services as datasets
from designer.datasets.ingest import Stored
from designer.datasets.models import DatasetVersion
from designer.datasets.names import name_from
from designer.imports.changes import changed_columns
from designer.imports.models import Import, Outcome, Refresh
from designer.imports.source import NODE, PORT, words_of
from pipelines import flow
from pipelines.catalogue.phrases import counted
from pipelines.models import Run, Step

LOOK_BACK = timedelta(hours=1)  # clocks of web processes differ
MOST = 100
NO_STEP = f"The pipeline has no step “{NODE}” whose table could be kept."
CANCELLED = "The run was cancelled."


def collect(now: datetime) -> None:
    """Look at the runs of imports that have ended since the last look."""
    for each in Import.objects.filter(Exists(new_runs(OuterRef("pipeline_id"), OuterRef("since")).filter(state__in=flow.TERMINAL))):
        for run in new_runs(each.pipeline_id, each.since).filter(state__in=flow.TERMINAL).order_by("finished_at")[:MOST]:
            _take(each.pk, run, now)


def new_runs(pipeline: OuterRef | str | list[str], since: OuterRef | datetime) -> QuerySet[Run]:
    """Whole runs of a pipeline, or of several, without a row; an exploration to one node and a verification bring nothing."""
    taken = Refresh.objects.filter(run=OuterRef("pk"))
    which = {"document__in": pipeline} if isinstance(pipeline, list) else {"document": pipeline}
    return Run.objects.filter(~Exists(taken), created_at__gte=since, to__isnull=True, verifies=None, **which)


def _take(id: str, run: Run, now: datetime) -> None:
    """Give a run its row, and the dataset a version if its bytes differ from those of the newest one; in one transaction."""
    with transaction.atomic():
        held = Import.objects.select_for_update().filter(pk=id).first()
        if held is None or Refresh.objects.filter(run=run.pk).exists():
            return
        params = run.graph["nodes"].get(NODE, {}).get("params", {})
        held.source = words_of(params) if params else held.source
        outcome, version, words = _brought(held, run)
        Refresh.objects.create(of=held, run=run.pk, at=now, outcome=outcome, version=version, words=words[:2000])
        oldest = new_runs(held.pipeline_id, held.since).aggregate(oldest=Min("created_at"))["oldest"] or run.created_at
        held.since = max(held.since, oldest - LOOK_BACK)
        held.save(update_fields=["since", "source", "dataset"])


def _brought(held: Import, run: Run) -> tuple[Outcome, int | None, str]:
    if run.state != flow.State.DONE:
        return Outcome.FAILED, None, _why(run)
    output = flow.output(run, NODE, PORT)
    if output is None or output.columns is None or output.deferred:
        return Outcome.FAILED, None, NO_STEP
    last = held.dataset.versions.order_by("-number").first() if held.dataset else None
    if last is not None and last.digest == output.digest:
        return Outcome.SAME, last.number, f"Its bytes are those of version {last.number}."
    columns = msgspec.to_builtins(output.columns)
    changes = changed_columns(last.columns, columns) if last else []
    notes = [f"Compared with version {last.number}: {words}" for words in changes] if last else []
    stored = Stored(output.digest, output.bytes, output.rows or 0, columns, "", "", None, notes, {})
    made = _append(held, stored)
    return Outcome.NEW, made.number, " ".join([f"Version {made.number} has {counted(made.rows, 'row')}.", *changes])


def _append(held: Import, stored: Stored) -> DatasetVersion:
    if held.dataset is not None:
        return datasets.append_version(held.dataset, stored, held.created_by)
    held.dataset = datasets.make(held.workspace, name_from(held.title), held.title, held.source, stored, held.created_by)
    return held.dataset.versions.get()


def _why(run: Run) -> str:
    """The first error of a run that brought nothing."""
    if run.state == flow.State.CANCELLED:
        return CANCELLED
    failed = Step.of_nodes().filter(run=run, state=flow.State.FAILED).order_by("finished_at").first()
    error = (failed.error or {}) if failed else {}
    return " ".join(filter(None, (error.get("words"), error.get("remedy")))) or "The run failed."


def forgotten(before: datetime) -> QuerySet[Refresh]:
    """What became of runs that were deleted, from before a moment; the newest refresh of each import stays."""
    later = Refresh.objects.filter(of=OuterRef("of"), pk__gt=OuterRef("pk"))
    return Refresh.objects.filter(Exists(later), ~Exists(Run.objects.filter(pk=OuterRef("run"))), at__lt=before)
