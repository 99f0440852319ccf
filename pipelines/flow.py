"""The engine's public API: check a graph, start a run, cancel it, read its results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.utils import timezone

from pipelines.catalogue.discover import catalogue
from pipelines.compilation import Plan, compile
from pipelines.execution.datasets import Dataset, Datasets, resolve
from pipelines.execution.headline import RunHeadline
from pipelines.execution.output import ColumnInfo, Output, PublicOutput, describe
from pipelines.execution.schedule import TERMINAL, RunState, ShownState, State
from pipelines.execution.store import Damaged, Store
from pipelines.execution.targets.images import CannotBuild
from pipelines.graph.binding import Bound, bind, references, without_parameters
from pipelines.graph.codec import dump, load
from pipelines.graph.groups import dangling as dangling_groups
from pipelines.graph.model import Graph
from pipelines.graph.parameters import TEXT_TYPES
from pipelines.graph.problem import Problem, UnsoundGraph
from pipelines.models import Run
from pipelines.runtime import environments, local, outside
from pipelines.runtime.checks import draft_problems, part_of, unknown_node, validate
from pipelines.runtime.ledger import ledger
from pipelines.runtime.ledger.estimates import Estimate, estimate_graph
from pipelines.runtime.ledger.quota import UNLIMITED, Limits, next_waiting, update_waiting_limits, waiting_reason
from pipelines.runtime.materialize import materialize
from pipelines.runtime.queries.explain import Explanation, explain
from pipelines.runtime.queries.items import BestItem, Items, best_items, failed_items, items
from pipelines.runtime.queries.receipts import Receipt, Verdict, receipt, verdict
from pipelines.runtime.queries.reopening import datasets_of, held_pipeline, reopened
from pipelines.runtime.queries.runs import events, output, readers, report, steps, table, value
from pipelines.runtime.queries.scoring import parity_of, pinned_output, reference_of, scoring_bundle, scoring_graph
from pipelines.runtime.queue import enqueue, enqueue_next
from pipelines.runtime.storage import artifacts
from pipelines.runtime.storage.artifacts import delete_unfinished, scratch_files, store
from pipelines.runtime.storage.garbage_collection import GRACE_SECONDS, Collected, collect_garbage
from pipelines.runtime.storage.purge import RunsInProgress, purge
from pipelines.runtime.storage.usage import measure_if_stale, record_dataset, storage_usage
from pipelines.runtime.telemetry import counters
from pipelines.runtime.telemetry.broadcast import run_group
from pipelines.runtime.telemetry.log_context import add_context, context_value, log_context
from pipelines.runtime.worker.registry import default_step_bytes, workers
from pipelines.serving.graph import CannotDerive, ScoringGraph

__all__ = [
    "GRACE_SECONDS",
    "TERMINAL",
    "TEXT_TYPES",
    "BestItem",
    "CannotBuild",
    "CannotDerive",
    "Collected",
    "ColumnInfo",
    "Damaged",
    "Dataset",
    "Estimate",
    "Explanation",
    "Graph",
    "Items",
    "Limits",
    "Output",
    "Problem",
    "PublicOutput",
    "Receipt",
    "RunHeadline",
    "RunState",
    "RunsInProgress",
    "ScoringGraph",
    "ShownState",
    "State",
    "Store",
    "UnsoundGraph",
    "Verdict",
    "add_context",
    "best_items",
    "cancel",
    "change_limits",
    "check",
    "collect_garbage",
    "context_value",
    "counters",
    "dangling_groups",
    "datasets_of",
    "default_step_bytes",
    "delete_unfinished",
    "draft_problems",
    "dump",
    "environments",
    "estimates",
    "events",
    "explain",
    "failed_items",
    "held_pipeline",
    "items",
    "log_context",
    "materialize",
    "measure_if_stale",
    "output",
    "outside",
    "parity_of",
    "pinned_output",
    "purge",
    "read",
    "readers",
    "receipt",
    "record_dataset",
    "reference_of",
    "references",
    "reopened",
    "report",
    "rerun",
    "run_group",
    "run_locally",
    "scoring_bundle",
    "scoring_graph",
    "scratch_files",
    "start",
    "steps",
    "storage_usage",
    "store",
    "table",
    "value",
    "verdict",
    "waiting_reason",
    "without_parameters",
    "workers",
]


class Checked(NamedTuple):
    """The result of a check: problems, and the known columns of every table output port."""

    problems: Sequence[Problem]
    columns: Mapping[str, Mapping[str, Sequence[ColumnInfo] | None]]


def read(document: object) -> Graph:
    """Parse a document's JSON into a graph, with former names replaced by current ones.

    Raises:
        UnsoundGraph: When it does not follow the format; lists a problem for every place.
    """
    return catalogue().with_current_names(load(document))


def check(graph: Graph, datasets: Datasets, scope: str) -> Checked:
    """Validate a graph and infer the columns at its ports. Nothing is executed."""
    validated = validate(graph, datasets, scope)
    tables = validated.columns
    distinct = {id(table): table for ports in tables.values() for table in ports.values() if table is not None}
    described = {key: describe(table) for key, table in distinct.items()}  # many nodes pass the same table on
    columns = {node: {port: described.get(id(table)) for port, table in ports.items()} for node, ports in tables.items()}
    return Checked(validated.problems, columns)


def start(
    graph: Graph,
    *,
    scope: str,
    datasets: Datasets,
    document: str | None = None,
    by: str = "",
    parameters: Mapping[str, Any] | None = None,
    to: Sequence[str] | None = None,
    force: bool = False,
    forced: Sequence[str] = (),
    stop_on_failure: bool = False,
    limits: Limits = UNLIMITED,
    enqueue: Callable[[str], object] = enqueue,
) -> Run:
    """Freeze a graph and its plan as a new run, and enqueue it. Unfinished nodes and their dependents are left out.

    Args:
        graph: The graph to run.
        scope: The workspace whose results may be reused, and whose store receives the new ones.
        datasets: Resolves dataset names.
        document: The id of the pipeline document.
        by: The user who starts it, for display.
        parameters: Values of the pipeline's parameters by name; the others have their defaults.
        to: The nodes whose results are wanted; None for all.
        force, forced: Execute every step, or those of some nodes, even if the result is cached.
        stop_on_failure: End the whole run when a step fails, instead of continuing with independent steps.
        limits: The limits of the workspace; a run keeps those that it starts with.
        enqueue: Wakes a worker for the run.

    Raises:
        UnsoundGraph: When the requested part has errors, or unfinished nodes leave nothing of it to run.
    """
    bound, plan, left_out = _planned(graph, scope, datasets, parameters or {}, to, forced)
    run = Run(
        scope=scope,
        document=document,
        by=by,
        graph=dump(bound.graph),
        parameters=bound.values or None,
        plan=plan.as_json(),
        to=list(to) if to is not None else None,
        force=force,
        forced=list(forced),
        stop_on_failure=stop_on_failure,
        limits=limits.as_json(),
        left_out=[{"node": node, "reason": reason} for node, reason in left_out.items()] or None,
        created_at=timezone.now(),
    )
    return _open(run, plan, enqueue)


def _planned(
    graph: Graph, scope: str, datasets: Datasets, parameters: Mapping[str, Any], to: Sequence[str] | None, forced: Sequence[str]
) -> tuple[Bound, Plan, Mapping[str, str]]:
    """Return the graph with its parameters' values, its plan, and the nodes left out with reasons. Raises UnsoundGraph if it cannot run."""
    validated = validate(part_of(graph, to), datasets, scope, parameters)
    wanted = validated.bound.graph
    problems = [problem for problem in validated.problems if problem.severity == "error"]
    unfinished = [problem for problem in validated.problems if problem.severity == "unfinished"]
    left_out = {problem.node: problem.words for problem in reversed(unfinished) if problem.node}
    if not problems and (left_out.keys() >= wanted.nodes.keys() or not left_out.keys().isdisjoint(to or ())):
        problems = unfinished
    if not wanted.nodes:
        problems = [Problem("empty_pipeline", "There is nothing to run yet.", remedy="Drag a module from the palette onto the canvas.")]
    if strange := [node for node in forced if node not in graph.nodes]:
        problems = [unknown_node(strange[0], "run again")]
    if problems:
        raise UnsoundGraph(problems)
    for dataset in validated.datasets.known.values():
        if dataset and dataset.scope != scope:
            artifacts.link(dataset.output, dataset.scope, scope)
    plan = compile(wanted.only(wanted.nodes.keys() - left_out.keys()), catalogue(), validated.datasets.records, to)
    return replace(validated.bound, graph=bind(graph, parameters).graph), environments.pin_images(plan, scope), left_out


def rerun(run: Run, *, by: str = "", limits: Limits = UNLIMITED, verify: bool = False, enqueue: Callable[[str], object] = enqueue) -> Run:
    """Start a run's graph again on the same data. Finished steps are reused, so it continues from the failed ones.

    Args:
        run: A run, finished or not.
        by: The user who starts it, for display.
        limits: The current limits of the workspace.
        verify: Execute every step, to compare the results with those of the run.
        enqueue: Wakes a worker for the run.
    """
    same = {name: getattr(run, name) for name in ("scope", "document", "graph", "plan", "parameters", "left_out", "to", "stop_on_failure")}
    more = {"verifies": run.id, "force": True} if verify else {}
    return _open(Run(**same, **more, by=by, limits=limits.as_json(), created_at=timezone.now()), run.read_plan(), enqueue)


def _open(run: Run, plan: Plan, enqueue: Callable[[str], object]) -> Run:
    ledger.open_run(run, plan)
    enqueue(run.id)
    return run


def estimates(graph: Graph, datasets: Datasets, scope: str) -> dict[str, Estimate]:
    """Estimate the nodes of a sound graph, where earlier results allow it; empty for a graph with problems."""
    plain = bind(graph).graph
    if draft_problems(graph) or (found := resolve(plain, datasets)).problems:
        return {}
    return estimate_graph(plain, scope, found.records)


def cancel(run: Run) -> None:
    """Cancel a run: steps that have not started now, running ones within five seconds."""
    with ledger.open_ledger(run.id) as unit:
        unit.cancel()
    enqueue_next(unit)


def change_limits(scope: str, limits: Limits) -> None:
    """Apply new limits to the waiting runs of a scope, and enqueue one that may start now."""
    update_waiting_limits(scope, limits)
    if waiting := next_waiting(scope):
        enqueue(waiting)


def run_locally(
    graph: Graph,
    *,
    scope: str,
    datasets: Datasets,
    parameters: Mapping[str, Any] | None = None,
    force: bool = False,
    on_event: Callable[[dict[str, Any]], None] = lambda _: None,
) -> Run:
    """Start a run and execute it in this process, without a server or a broker. Call it in the main thread.

    Args:
        graph: The graph to run.
        scope: The workspace.
        datasets: Resolves dataset names.
        parameters: Values of the pipeline's parameters by name.
        force: Execute every step, even if its result is cached.
        on_event: Receives every event once, in order, from another thread.
    """
    return local.execute(start(graph, scope=scope, datasets=datasets, parameters=parameters, force=force, enqueue=lambda _: None), on_event)
