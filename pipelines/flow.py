"""The engine's public API: check a graph, start a run, cancel it, read its results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils import timezone

from pipelines.catalogue.discover import catalogue
from pipelines.compilation import Plan
from pipelines.execution.datasets import Dataset, Datasets, resolve
from pipelines.execution.headline import RunHeadline
from pipelines.execution.output import ColumnInfo, Output, PublicOutput, describe
from pipelines.execution.schedule import TERMINAL, RunState, ShownState, State
from pipelines.execution.store import Damaged, Store
from pipelines.execution.targets.images import CannotBuild
from pipelines.graph.binding import bind, references, without_parameters
from pipelines.graph.codec import dump, load
from pipelines.graph.groups import dangling as dangling_groups
from pipelines.graph.model import Graph
from pipelines.graph.parameters import TEXT_TYPES
from pipelines.graph.problem import Problem, UnsoundGraph
from pipelines.graph.sweep import Values, combinations
from pipelines.models import Run, Sweep
from pipelines.runtime import environments, local, outside
from pipelines.runtime.cancelling import cancel, cancel_sweep
from pipelines.runtime.checks import draft_problems, validate
from pipelines.runtime.ledger import opening
from pipelines.runtime.ledger.estimates import Estimate, estimate_graph
from pipelines.runtime.ledger.quota import UNLIMITED, Limits, next_waiting, update_waiting_limits, waiting_reason
from pipelines.runtime.materialize import materialize
from pipelines.runtime.planning import freeze
from pipelines.runtime.queries.explain import Explanation, explain
from pipelines.runtime.queries.items import BestItem, Items, best_items, failed_items, items
from pipelines.runtime.queries.receipts import Receipt, Verdict, receipt, verdict
from pipelines.runtime.queries.reopening import datasets_of, held_pipeline, reopened
from pipelines.runtime.queries.runs import about, events, output, readers, report, steps, table, value
from pipelines.runtime.queries.scoring import parity_of, pinned_output, scoring_bundle, scoring_graph, setting_of_value
from pipelines.runtime.queries.sweeps import SweepTable, sweep_table
from pipelines.runtime.queue import enqueue
from pipelines.runtime.storage.artifacts import delete_unfinished, scratch_files, store
from pipelines.runtime.storage.garbage_collection import GRACE_SECONDS, Collected, collect_garbage
from pipelines.runtime.storage.purge import RunsInProgress, purge
from pipelines.runtime.storage.usage import measure_if_stale, record_dataset, storage_usage
from pipelines.runtime.sweeps import open_sweep
from pipelines.runtime.telemetry import counters
from pipelines.runtime.telemetry.broadcast import run_group
from pipelines.runtime.telemetry.log_context import add_context, context_value, log_context
from pipelines.runtime.worker.registry import default_step_bytes, workers
from pipelines.serving.graph import CannotDerive, Decision, ScoringGraph
from pipelines.serving.parity import ParityReport
from pipelines.serving.signature import Signature

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
    "Decision",
    "Estimate",
    "Explanation",
    "Graph",
    "Items",
    "Limits",
    "Output",
    "ParityReport",
    "Problem",
    "PublicOutput",
    "Receipt",
    "RunHeadline",
    "RunState",
    "RunsInProgress",
    "ScoringGraph",
    "ShownState",
    "Signature",
    "State",
    "Store",
    "SweepTable",
    "UnsoundGraph",
    "Verdict",
    "about",
    "add_context",
    "best_items",
    "cancel",
    "cancel_sweep",
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
    "references",
    "reopened",
    "report",
    "rerun",
    "run_group",
    "run_locally",
    "scoring_bundle",
    "scoring_graph",
    "scratch_files",
    "setting_of_value",
    "start",
    "steps",
    "storage_usage",
    "store",
    "sweep",
    "sweep_table",
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
    return Checked(
        validated.problems, {node: {port: described.get(id(table)) for port, table in ports.items()} for node, ports in tables.items()}
    )


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
    run = Run(scope=scope, document=document, by=by, force=force, stop_on_failure=stop_on_failure, limits=limits.as_json())
    plan = freeze(run, graph, datasets, parameters or {}, to, forced)
    return _open(run, plan, enqueue)


def sweep(
    graph: Graph,
    values: Values,
    *,
    scope: str,
    datasets: Datasets,
    document: str | None = None,
    by: str = "",
    to: Sequence[str] | None = None,
    stop_on_failure: bool = False,
    limits: Limits = UNLIMITED,
    enqueue: Callable[[str], object] = enqueue,
) -> Sweep:
    """Start a run for each combination of values of parameters. What does not differ is executed once.

    Args:
        graph, scope, datasets, document, by, to, stop_on_failure, limits, enqueue: As for `start`, for each run.
        values: Several values of each parameter, of which every combination is run, or a list of combinations.

    Raises:
        UnsoundGraph: When the values are none, too many or equal, or the graph cannot be run with one of them. Then nothing is started.
    """
    same = {"scope": scope, "document": document, "by": by, "stop_on_failure": stop_on_failure, "limits": limits.as_json()}
    started, runs = open_sweep(graph, combinations(values), datasets, to, same)
    for run in runs:
        enqueue(run)
    return started


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
    opening.open_run(run, plan)
    enqueue(run.id)
    return run


def estimates(graph: Graph, datasets: Datasets, scope: str) -> dict[str, Estimate]:
    """Estimate the nodes of a sound graph, where earlier results allow it; empty for a graph with problems."""
    plain = bind(graph).graph
    if draft_problems(graph) or (found := resolve(plain, datasets)).problems:
        return {}
    return estimate_graph(plain, scope, found.records)


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
