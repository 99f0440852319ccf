"""Saving what runs of published pipelines leave: each result with a name becomes a version of that dataset, once."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from designer.datasets.models import Dataset
from designer.datasets.quota import check_room
from designer.datasets.saving import append_output, keep_on
from designer.http.errors import Refusal
from designer.published.ends import PublishedResult
from designer.published.models import PublishedRun, PublishedVersion
from pipelines import flow
from pipelines.models import Run

log = logging.getLogger(__name__)
MOST_AT_ONCE = 100
DELETED = "The run was deleted before its results were saved."


def settle(now: datetime) -> None:
    """Save the results of runs that are over. Any process may do it at any time: the row says whether it is done."""
    going = Run.objects.filter(pk=OuterRef("run")).exclude(state__in=flow.TERMINAL)
    over = PublishedRun.objects.filter(~Exists(going), saved_at=None).select_related("published__workspace", "person")
    rows = list(over.order_by("created_at")[:MOST_AT_ONCE])
    runs = Run.objects.in_bulk([row.run for row in rows])
    for row in rows:
        if run := runs.get(row.run):
            _settle(row, run, now)
        else:
            _end(row, now, {}, DELETED)


def _settle(row: PublishedRun, run: Run, now: datetime) -> None:
    wanted = wanted_of(row) if run.state == flow.State.DONE else {}
    try:
        outputs = _kept(row, run, wanted)
        with transaction.atomic():
            held = PublishedRun.objects.select_for_update().get(pk=row.pk)
            if held.saved_at is None:
                saved = {name: _saved(row, wanted[name], output) for name, output in outputs.items()}
                _end(held, now, saved, "")
    except Refusal as refused:
        error = refused.body["error"]
        _end(row, now, {}, f"The results were not saved: {error['words']} {error['remedy'] or ''}".strip())
    except (DatabaseError, InterfaceError):
        raise
    except Exception:
        log.exception("the results of run %s could not be saved", row.run)
        _end(row, now, {}, "The results were not saved, because of an unexpected error; the log of the server has it.")


def wanted_of(row: PublishedRun) -> Mapping[str, PublishedResult]:
    """The results of a run that are saved as datasets, by name."""
    version = PublishedVersion.objects.get(published=row.published_id, number=row.version)
    return {result.name: result for result in msgspec.convert(version.results, list[PublishedResult]) if result.save_as}


def _kept(row: PublishedRun, run: Run, wanted: Mapping[str, PublishedResult]) -> dict[str, flow.Output]:
    """The outputs, whose files now count as stored. This reads them, so it is done before the transaction."""
    outputs = {}
    for name, result in wanted.items():
        output = flow.output(run, result.node, result.port)
        if output is None or output.deferred:
            words = f"{result.node}.{result.port} was not stored."
            raise Refusal(410, "result_lost", words, remedy="Run it again.")
        check_room(row.published.workspace)
        keep_on(output, row.published.workspace_id)
        outputs[name] = output
    return outputs


def _saved(row: PublishedRun, result: PublishedResult, output: flow.Output) -> dict[str, Any]:
    """Save an output; equal rows as in the newest version are no new version."""
    assert result.save_as is not None
    workspace = row.published.workspace
    found = Dataset.objects.filter(workspace=workspace, name=result.save_as).first()
    newest = found.versions.order_by("-number").first() if found else None
    if found is None or newest is None or newest.output.content != output.content:
        found = append_output(workspace, row.person, output, result.save_as, f"Saved from runs of {row.published.name}")
        newest = found.versions.latest("number")
    return {"id": found.pk, "dataset": found.name, "version": newest.number}


def _end(row: PublishedRun, now: datetime, saved: Mapping[str, Any], problem: str) -> None:
    PublishedRun.objects.filter(pk=row.pk, saved_at=None).update(saved_at=now, saved=dict(saved), problem=problem[:500])


def forgotten(before: datetime) -> QuerySet[PublishedRun]:
    """The rows of runs that were asked for before a moment, and deleted since."""
    return PublishedRun.objects.filter(~Exists(Run.objects.filter(pk=OuterRef("run"))), created_at__lt=before, saved_at__isnull=False)
