"""A process with Django configured for a Home's environment: reads commands as JSON lines, answers each with a line. See living.py."""

import json
import sys
from typing import Any

import msgspec
import polars as pl
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.db.models import Count

from designer.config.settings import BASE_DIR
from designer.runs import queries
from pipelines import flow
from pipelines.catalogue.ports import Table
from pipelines.execution.codecs import save_table
from pipelines.execution.output import Output
from pipelines.models import Item, Run, Step
from tests.chaos.messages import disturb
from tests.support.migrated import migrate

SAMPLES = BASE_DIR / "designer" / "datasets" / "samples"


class SampleDatasets:
    """The sample files, stored in a scope's store on demand."""

    def __init__(self, scope: str) -> None:
        self._scope = scope

    def find(self, name: str, version: int | None) -> flow.Dataset | None:
        file = SAMPLES / f"{name}.csv"
        if not file.exists():
            return None
        return flow.Dataset(save_table(Table(pl.read_csv(file, infer_schema_length=None)), flow.store(self._scope)), self._scope)

    def find_model(self, name: str, version: str | None) -> flow.Dataset | None:
        return None


def start(document: Any, scope: str, force: bool, **how: Any) -> str:
    limits = flow.Limits.from_json(how.pop("limits", {}))
    return flow.start(flow.read(document), scope=scope, datasets=SampleDatasets(scope), force=force, limits=limits, **how).id


def sweep(document: Any, values: Any, scope: str) -> list[str]:
    """Start a sweep; returns the ids of its runs."""
    found = flow.sweep(flow.read(document), values, scope=scope, datasets=SampleDatasets(scope))
    return list(Run.objects.filter(sweep=found.id).order_by("created_at").values_list("id", flat=True))


def cancel(run: str) -> None:
    flow.cancel(Run.objects.get(pk=run))


def look(run: str) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(queries.whole(Run.objects.get(pk=run)))
    return shown


def events(run: str) -> list[dict[str, Any]]:
    return flow.events(Run.objects.get(pk=run), limit=100_000)


def rows(run: str, node: str, port: str) -> Any:
    it = Run.objects.get(pk=run)
    output = flow.output(it, node, port)
    return flow.report(output, it.scope) if output.report else flow.table(output, it.scope).frame.to_dicts()


def items(run: str, node: str) -> Any:
    """By key, the state of each item that a step fans out over, and the seconds that it took: computed again, it would take others."""
    step = Step.objects.get(run=run, node=node)
    return {item.key: (item.state, item.seconds) for item in flow.items(step.run, step).items}


def unfinished() -> list[str]:
    return list(Run.objects.filter(finished_at=None).values_list("id", flat=True))


def started_by(by: str) -> list[str]:
    return list(Run.objects.filter(by=by).values_list("id", flat=True))


def runs_of(document: str) -> list[str]:
    return list(Run.objects.filter(document=document).values_list("id", flat=True))


def audit(run: str) -> dict[str, Any]:
    """The database rows of a run, and the first row of each output table."""
    it = Run.objects.get(pk=run)
    facts = {
        step["node"]: step
        for step in Step.of_nodes().filter(run=it).values("node", "state", "attempt", "losses", "reused", "error", "outputs")
    }
    for step in facts.values():
        left = step.pop("outputs").get("table")
        step["items"] = dict(Item.objects.filter(run=it, node=step["node"]).values_list("state").annotate(Count("pk")))
        step["row"] = flow.table(Output.from_json(left), it.scope).frame.to_dicts()[0] if left else None
    return {"state": it.state, "last_event": it.last_event, "steps": facts, "events": events(run)}


VERBS = {verb.__name__: verb for verb in (start, sweep, cancel, look, events, rows, items, unfinished, started_by, runs_of, audit, disturb)}


def answer(verb: str, arguments: dict[str, Any]) -> Any:
    close_old_connections()  # reconnect after a database restart
    try:
        return VERBS[verb](**arguments)
    except (DatabaseError, InterfaceError) as fault:
        return {"unreachable": str(fault)}


def serve() -> None:
    migrate()
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(*json.loads(line)), default=str), flush=True)
