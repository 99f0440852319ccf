"""Read runs: their steps, events and outputs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from pipelines.catalogue.kind import FileKind, kinds
from pipelines.catalogue.ports import Table
from pipelines.execution.codecs import load, load_table
from pipelines.execution.output import Output, PublicOutput, public_outputs
from pipelines.execution.schedule import State
from pipelines.models import Event, Result, Run, Step
from pipelines.runtime.storage.artifacts import store


def steps(run: Run) -> list[tuple[Step, dict[str, PublicOutput]]]:
    """Return a run's steps with their outputs, without chunks of items."""
    found = list(Step.of_nodes().filter(run=run).order_by("id"))
    made = _materialized(run.scope, [step.key for step in found if _is_deferred(step.outputs)])
    outputs = ({port: Output.from_json(record) for port, record in made.get(step.key, step.outputs).items()} for step in found)
    return list(zip(found, map(public_outputs, outputs), strict=True))


def events(run: Run, after: int = 0, limit: int = 1000) -> list[Any]:
    """Return a run's events after a sequence number, in order."""
    return list(Event.objects.filter(run_id=run.id, seq__gt=after).order_by("seq").values_list("body", flat=True)[:limit])


def output(run: Run, node: str, port: str) -> Output | None:
    """Return a step's output at a port; None when there is no such step, or it has not finished.

    A deferred output that was materialized later is returned as its stored record.
    """
    outputs, key = Step.objects.filter(run_id=run.id, node=node, state=State.DONE).values_list("outputs", "key").first() or ({}, "")
    if _is_deferred(outputs):
        outputs = _materialized(run.scope, [key]).get(key, outputs)
    return Output.from_json(outputs[port]) if port in outputs else None


def _is_deferred(outputs: Mapping[str, Any]) -> bool:
    return any(record.get("deferred") for record in outputs.values())


def _materialized(scope: str, keys: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the stored records of deferred outputs that were materialized, by their keys."""
    return dict(Result.objects.filter(scope=scope, key__in=keys).values_list("key", "outputs")) if keys else {}


def readers(output: Output, scope: str) -> QuerySet[Run]:
    """Return the kept runs of a scope that were planned with a stored output, the newest first."""
    plans = Run.objects.filter(scope=scope).annotate(text=Cast("plan", TextField()))
    return plans.filter(text__contains=output.digest).defer("plan").order_by("-created_at")


def table(output: Output, scope: str) -> Table:
    """Return the table of an output, memory-mapped.

    Raises:
        Damaged: When the stored bytes are missing or changed.
    """
    return load_table(output, store(scope))


def value(output: Output, scope: str) -> Any:
    """Return the value of an output.

    Raises:
        Damaged: When the stored bytes are missing or changed.
    """
    return load(output, store(scope))


def about(output: Output, scope: str) -> Mapping[str, Any]:
    """Return what is known of an output's value without loading it.

    Raises:
        Damaged: When the stored bytes are missing or changed.
    """
    kind = kinds()[output.kind]
    return kind.about(store(scope).path(output.digest)) if isinstance(kind, FileKind) else {}


def report(output: Output, scope: str) -> Any:
    """Return an output's report as JSON; None when it has none."""
    return msgspec.json.decode(store(scope).path(output.report).read_bytes()) if output.report else None
