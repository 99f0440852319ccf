"""Starts runs without a worker, and does by hand what workers do to their unit."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import polars as pl
from django.utils import timezone

from pipelines import flow
from pipelines.catalogue.ports import Table
from pipelines.execution.codecs import save_table
from pipelines.execution.output import Output
from pipelines.graph.model import Graph
from pipelines.graph.problem import Problem
from pipelines.models import Run, Step
from pipelines.runtime.ledger import ledger
from pipelines.runtime.ledger.claim import Claim
from pipelines.runtime.ledger.quota import Limits
from pipelines.runtime.worker.process import worker
from pipelines.runtime.worker.tasks import work_on
from tests.support.graph_builder import chain

GONE = 2**22 + 1  # no process has this id
BAD = Problem("bad", "It went wrong.")


class NoDatasets:
    """An installation without any dataset."""

    def find(self, name: str, version: int | None) -> flow.Dataset | None:
        return None

    def find_model(self, name: str, version: str | None) -> flow.Dataset | None:
        return None


def new_scope() -> str:
    """A workspace of its own, where nothing is known yet."""
    return uuid4().hex


def start(graph: Graph, scope: str | None = None, **how: Any) -> Run:
    """A run that no worker hears of; `limits` are those that are set, by name."""
    if "limits" in how:
        how["limits"] = Limits(**(how["limits"] or {}))
    return flow.start(graph, **{"scope": scope or new_scope(), "datasets": NoDatasets(), "enqueue": lambda _: None, **how})


def run_to_end(run: Run) -> Run:
    """Do all of a run here and now."""
    work_on(run.id, enqueue=lambda *_: None, slice_seconds=float("inf"))
    run.refresh_from_db()
    return run


def run(graph: Graph, scope: str | None = None, **how: Any) -> Run:
    """Start a run and do all of it."""
    return run_to_end(start(graph, scope, **how))


def claim(run: Run, near: str | None = None, owner: str = "w.1") -> Claim | None:
    """Take a step, as a worker does."""
    with ledger.open_ledger(run.id) as unit:
        return unit.claim(owner, near)


def kept(run: Run, number: int = 0) -> Output:
    """A small table in the run's store."""
    return save_table(Table(pl.DataFrame({"a": [number]})), flow.store(run.scope))


def finish(run: Run, claim: Claim, number: int = 0) -> bool:
    """Commit a small table as the step's result."""
    output = kept(run, number)
    with ledger.open_ledger(run.id) as unit:
        return unit.finish(claim, {"table": output}, 0.1)


def fail(run: Run, claim: Claim, *, transient: bool = False) -> bool:
    """Commit that the step went wrong."""
    with ledger.open_ledger(run.id) as unit:
        return unit.fail(claim, BAD, transient=transient)


def stop(run: Run, claim: Claim) -> bool:
    """Commit that the step was told to stop."""
    with ledger.open_ledger(run.id) as unit:
        return unit.stop(claim)


def lose(run: Run, claim: Claim) -> None:
    """The step's worker died."""
    with ledger.open_ledger(run.id) as unit:
        unit.lose(claim, "It died.")


def states(run: Run) -> dict[str, str]:
    """Every step's state."""
    return dict(Step.objects.filter(run=run).values_list("node", "state"))


def step(run: Run, node: str) -> Step:
    """A step as the database has it."""
    return Step.objects.get(run=run, node=node)


def told(run: Run, node: str) -> list[str]:
    """The states that a step's events told, in order."""
    events = flow.events(run, limit=100_000)
    return [event["step"]["state"] for event in events if event["type"] == "step" and event["node"] == node and "state" in event["step"]]


def held(pid: int, owner: str | None = None, **how: Any) -> Run:
    """A run whose first step is held by a process, of this worker unless told otherwise."""
    it = start(chain(1), **how)
    claim(it, owner=f"{owner or worker()}.{pid}")
    return it


def expire(it: Run) -> None:
    """The leases of a run's steps end."""
    Step.objects.filter(run=it).update(lease_until=timezone.now() - timedelta(seconds=1))


def reload(run: Run) -> Run:
    """A run as it is by now."""
    run.refresh_from_db()
    return run
