"""The spine, and the engine's only face: check a graph, start it, stop it, look at what came out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import Table
from pipelines.compilation import Plan, compile
from pipelines.execution.datasets import Datasets, Memoized, found_datasets, missing_datasets
from pipelines.execution.output import ColumnInfo, Output, describe
from pipelines.execution.store import Damaged, Store
from pipelines.execution.targets.images import CannotBuild
from pipelines.graph import codec
from pipelines.graph.model import Graph
from pipelines.graph.problem import Problem, UnsoundGraph
from pipelines.graph.shape import Shape
from pipelines.models import Run
from pipelines.runtime import environments, local
from pipelines.runtime.ledger import ledger
from pipelines.runtime.ledger.estimates import Estimate, estimate_graph
from pipelines.runtime.ledger.quota import Limits, next_waiting, reprice_waiting
from pipelines.runtime.materialize import materialize
from pipelines.runtime.queries.explain import explain
from pipelines.runtime.queries.runs import events, output, report, run_json, table
from pipelines.runtime.queue import enqueue, enqueue_next
from pipelines.runtime.storage.artifacts import delete_unfinished, set_aside, store
from pipelines.runtime.storage.garbage_collection import GRACE_SECONDS, Collected, collect_garbage
from pipelines.runtime.storage.purge import RunsInProgress, purge
from pipelines.runtime.storage.usage import measure_if_stale, record_dataset, storage_usage
from pipelines.runtime.telemetry import counters
from pipelines.runtime.telemetry.broadcast import run_group
from pipelines.runtime.telemetry.log_context import add_context, context_value, log_context
from pipelines.runtime.worker.registry import default_step_bytes, workers
from pipelines.validation import COMPLETE, DRAWN, find_problems
from pipelines.validation.columns import Columns

__all__ = [
    "GRACE_SECONDS",
    "CannotBuild",
    "Checked",
    "Collected",
    "Damaged",
    "Datasets",
    "Graph",
    "Limits",
    "Output",
    "Problem",
    "RunsInProgress",
    "Store",
    "UnsoundGraph",
    "add_context",
    "cancel",
    "change_limits",
    "check",
    "collect_garbage",
    "context_value",
    "counters",
    "default_step_bytes",
    "delete_unfinished",
    "draft_problems",
    "dump",
    "enqueue",
    "environments",
    "estimates",
    "events",
    "explain",
    "log_context",
    "materialize",
    "measure_if_stale",
    "output",
    "purge",
    "read",
    "record_dataset",
    "report",
    "rerun",
    "run_group",
    "run_json",
    "run_locally",
    "set_aside",
    "start",
    "storage_usage",
    "store",
    "table",
    "workers",
]
dump = codec.dump


@dataclass(frozen=True)
class Checked:
    """What a check found: problems, and for every output port that gives a table its columns where they are known."""

    problems: Sequence[Problem]
    columns: Mapping[str, Mapping[str, Sequence[ColumnInfo] | None]]


def read(document: object) -> Graph:
    """Read a document's JSON into a graph with present names.

    Raises:
        UnsoundGraph: When it is not as the format says; every place is named.
    """
    return catalogue().modernise(codec.load(document))


def draft_problems(graph: Graph) -> list[Problem]:
    """What a draft must not hold: unknown modules and ports, cycles, wrong kinds, settings of the wrong type."""
    return find_problems(graph, catalogue(), DRAWN)


def check(graph: Graph, datasets: Datasets, scope: str) -> Checked:
    """Judge a graph and tell the columns at its ports. Nothing is carried out."""
    problems, known = _validate(graph, datasets, scope)
    tables = known.known if known else {}
    distinct = {id(table): table for ports in tables.values() for table in ports.values() if table is not None}
    described = {key: describe(table) for key, table in distinct.items()}  # many nodes give the same table on
    return Checked(problems, {node: {port: described.get(id(table)) for port, table in ports.items()} for node, ports in tables.items()})


def start(
    graph: Graph,
    *,
    scope: str,
    datasets: Datasets,
    document: str | None = None,
    by: str = "",
    to: Sequence[str] | None = None,
    force: bool = False,
    forced: Sequence[str] = (),
    stop_on_failure: bool = False,
    limits: Mapping[str, Any] | None = None,
    enqueue: Callable[[str], None] = enqueue,
) -> Run:
    """Freeze a graph and its plan as a new run, and wake a worker. Unfinished nodes, and those that need them, are left out.

    Args:
        graph: What to carry out.
        scope: The workspace whose results may be reused, and whose store holds the new ones.
        datasets: How datasets are found.
        document: The id of the pipeline it was drawn in.
        by: Who started it, for people to read.
        to: The nodes whose results are wanted; None for all.
        force: Carry every step out, even where its result is known.
        forced: The nodes to carry out even where their result is known.
        stop_on_failure: End the whole run when a step fails, rather than go on with all that does not need it.
        limits: What a step may take: `step_seconds` and `step_memory_bytes`.
        enqueue: Wakes a worker for the run.

    Raises:
        UnsoundGraph: When the part that is asked for has errors, or is unfinished so that nothing of it, or not all that `to` names, can be run.
    """
    plan, left_out = _planned(graph, scope, datasets, to, forced)
    run = Run(
        scope=scope,
        document=document,
        by=by,
        graph=codec.dump(graph),
        plan=plan.as_json(),
        to=list(to) if to is not None else None,
        force=force,
        forced=list(forced),
        stop_on_failure=stop_on_failure,
        limits=dict(limits or {}),
        left_out=[{"node": node, "reason": reason} for node, reason in left_out.items()] or None,
        created_at=timezone.now(),
    )
    return _open(run, plan, enqueue)


def _planned(
    graph: Graph, scope: str, datasets: Datasets, to: Sequence[str] | None, forced: Sequence[str]
) -> tuple[Plan, Mapping[str, str]]:
    """The plan of what is asked for of a graph, and the nodes that are left out of it, each with the reason.

    Raises:
        UnsoundGraph: When it cannot be run.
    """
    wanted, datasets = _part(graph, to), Memoized(datasets)
    found = _validate(wanted, datasets, scope)[0]
    problems = [problem for problem in found if problem.severity == "error"]
    unfinished = [problem for problem in found if problem.severity == "unfinished"]
    left_out = {problem.node: problem.words for problem in reversed(unfinished) if problem.node}
    if not problems and (left_out.keys() >= wanted.nodes.keys() or not left_out.keys().isdisjoint(to or ())):
        problems = unfinished
    if not wanted.nodes:
        problems = [Problem("empty_pipeline", "There is nothing to run yet.", remedy="Drag a module from the palette onto the canvas.")]
    if strange := [node for node in forced if node not in graph.nodes]:
        problems = [_unknown(strange[0], "run again")]
    if problems:
        raise UnsoundGraph(problems)
    finished = wanted.only(wanted.nodes.keys() - left_out.keys())
    plan = compile(finished, catalogue(), found_datasets(finished, datasets), to)
    return environments.pin_images(plan, scope), left_out


def rerun(run: Run, *, by: str = "", limits: Mapping[str, Any] | None = None, enqueue: Callable[[str], None] = enqueue) -> Run:
    """Start the same graph on the same data once more; all that finished before is reused, so that it goes on from what failed.

    Args:
        run: A run, over or not.
        by: Who starts it, for people to read.
        limits: What a step may take now.
        enqueue: Wakes a worker for the run.
    """
    same = {name: getattr(run, name) for name in ("scope", "document", "graph", "plan", "left_out", "to", "stop_on_failure")}
    return _open(Run(**same, by=by, limits=dict(limits or {}), created_at=timezone.now()), run.read_plan(), enqueue)


def _open(run: Run, plan: Plan, enqueue: Callable[[str], None]) -> Run:
    ledger.open_run(run, plan)
    enqueue(run.id)
    return run


def estimates(graph: Graph, datasets: Datasets, scope: str) -> dict[str, Estimate]:
    """What the nodes of a sound drawing are likely to take, where anything like them was carried out before; nothing for one with problems."""
    datasets = Memoized(datasets)
    if draft_problems(graph) or missing_datasets(graph, datasets):
        return {}
    return estimate_graph(graph, scope, found_datasets(graph, datasets))


def cancel(run: Run) -> None:
    """Ask a run to end: what has not started is cancelled now, what runs within five seconds."""
    with ledger.open_ledger(run.id) as book:
        book.cancel()
    enqueue_next(book)


def change_limits(scope: str, limits: Limits) -> None:
    """Let the runs of a scope that wait go by other limits, and see whether one may start now."""
    reprice_waiting(scope, limits)
    if waiting := next_waiting(scope):
        enqueue(waiting)


def run_locally(
    graph: Graph, *, scope: str, datasets: Datasets, force: bool = False, on_event: Callable[[dict[str, Any]], None] = lambda _: None
) -> Run:
    """Start a run and execute it in this process, without a server or a broker. Call it in the main thread.

    Args:
        graph: What to run.
        scope: The workspace.
        datasets: How datasets are found.
        force: Execute every step, even where its result is known.
        on_event: Gets every event once, in order, from another thread.
    """
    return local.execute(start(graph, scope=scope, datasets=datasets, force=force, enqueue=lambda _: None), on_event)


def _unknown(node: str, verb: str) -> Problem:
    return Problem("unknown_node", f"There is no node {node} to {verb}.", node=node, remedy="Name one of the pipeline's nodes.")


def _part(graph: Graph, to: Sequence[str] | None) -> Graph:
    """The part of a drawing that a run to some nodes carries out."""
    if to is None:
        return graph
    if strange := [node for node in to if node not in graph.nodes]:
        raise UnsoundGraph([_unknown(strange[0], "run to")])
    return graph.only(Shape.of(graph).upstream(to))


def _validate(graph: Graph, datasets: Datasets, scope: str) -> tuple[list[Problem], Columns | None]:
    """A graph's problems, and its columns unless it is drawn wrong."""
    if drawn := draft_problems(graph):
        return drawn, None
    incomplete = find_problems(graph, catalogue(), COMPLETE)
    unfinished = {problem.node for problem in incomplete if problem.node}
    known = Columns(graph, catalogue(), lambda name, version: _empty(datasets.find(name, version), scope), unfinished)
    return [*missing_datasets(graph, datasets), *environments.problems(graph, scope), *incomplete, *known.problems], known


def _empty(record: Output | None, scope: str) -> Table | None:
    if record is None:
        return None
    whole = table(record, scope)
    return whole.with_frame(whole.frame.clear())
