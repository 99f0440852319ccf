"""The engine's public API: check a graph, start a run, cancel it, read its results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipelines.catalogue.component_ports import component_ports
from pipelines.catalogue.discover import catalogue
from pipelines.execution.datasets import Dataset, Datasets, resolve
from pipelines.execution.headline import RunHeadline
from pipelines.execution.output import ColumnInfo, Output, PublicOutput, describe
from pipelines.execution.schedule import TERMINAL, RunState, ShownState, State
from pipelines.execution.store import Damaged, Store
from pipelines.execution.targets.images import CannotBuild
from pipelines.export.calls import DataFile
from pipelines.export.script import Exported
from pipelines.graph.binding import bind, references, without_parameters
from pipelines.graph.codec import dump, load
from pipelines.graph.components import Content, content_of
from pipelines.graph.components import uses as component_uses
from pipelines.graph.groups import dangling as dangling_groups
from pipelines.graph.model import Graph
from pipelines.graph.parameters import TEXT_TYPES
from pipelines.graph.problem import Problem, UnsoundGraph
from pipelines.runtime import environments, outside
from pipelines.runtime.cancelling import cancel, cancel_sweep
from pipelines.runtime.checks import draft_problems, validate, value_problems
from pipelines.runtime.exchange import import_model, write_onnx
from pipelines.runtime.exports import exported, exported_held, exported_run
from pipelines.runtime.ledger.estimates import Estimate, estimate_graph
from pipelines.runtime.ledger.quota import Limits, next_waiting, update_waiting_limits, waiting_reason
from pipelines.runtime.materialize import materialize
from pipelines.runtime.queries.explain import Explanation, explain
from pipelines.runtime.queries.items import BestItem, Items, best_items, failed_items, items
from pipelines.runtime.queries.lineage import Hop, Place, RunLineage, origin_of, runs_reading
from pipelines.runtime.queries.receipts import Receipt, Verdict, receipt, verdict
from pipelines.runtime.queries.reopening import candidate, datasets_of, held_pipeline, reopened
from pipelines.runtime.queries.runs import about, events, output, readers, report, steps, table, value
from pipelines.runtime.queries.scoring import (
    parity_of,
    pinned_output,
    quality_of,
    reference_of,
    scored_output,
    scoring_bundle,
    scoring_content,
    scoring_graph,
)
from pipelines.runtime.queries.sweeps import SweepTable, sweep_table
from pipelines.runtime.queue import enqueue, send
from pipelines.runtime.starting import rerun, run_locally, start
from pipelines.runtime.storage.artifacts import delete_unfinished, scratch_files, store
from pipelines.runtime.storage.garbage_collection import GRACE_SECONDS, Collected, collect_garbage
from pipelines.runtime.storage.purge import RunsInProgress, purge
from pipelines.runtime.storage.usage import measure_if_stale, record_dataset, storage_usage
from pipelines.runtime.sweeps import sweep
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
    "Content",
    "Damaged",
    "DataFile",
    "Dataset",
    "Estimate",
    "Explanation",
    "Exported",
    "Graph",
    "Hop",
    "Items",
    "Limits",
    "Output",
    "Place",
    "Problem",
    "PublicOutput",
    "Receipt",
    "RunHeadline",
    "RunLineage",
    "RunState",
    "RunsInProgress",
    "ScoringGraph",
    "ShownState",
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
    "candidate",
    "change_limits",
    "check",
    "collect_garbage",
    "component_ports",
    "component_uses",
    "content_of",
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
    "exported",
    "exported_held",
    "exported_run",
    "failed_items",
    "held_pipeline",
    "import_model",
    "items",
    "log_context",
    "materialize",
    "measure_if_stale",
    "origin_of",
    "output",
    "outside",
    "parity_of",
    "pinned_output",
    "purge",
    "quality_of",
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
    "runs_reading",
    "scored_output",
    "scoring_bundle",
    "scoring_content",
    "scoring_graph",
    "scratch_files",
    "send",
    "start",
    "steps",
    "storage_usage",
    "store",
    "sweep",
    "sweep_table",
    "table",
    "value",
    "value_problems",
    "verdict",
    "waiting_reason",
    "without_parameters",
    "workers",
    "write_onnx",
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
