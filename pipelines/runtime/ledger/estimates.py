"""Time and memory estimates of steps from earlier results, and the check that refuses a step that would not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipelines.catalogue.discover import catalogue
from pipelines.compilation import Step
from pipelines.execution.memory import SMALL, estimate, in_words, step_bytes
from pipelines.execution.output import Output
from pipelines.graph.model import Graph
from pipelines.graph.problem import Problem
from pipelines.graph.shape import Shape
from pipelines.models import Result
from pipelines.procfs import machine_bytes
from pipelines.runtime.ledger import sql
from pipelines.runtime.ledger.run_spec import RunSpec

# Steps that read less are not checked: the query would cost more than it saves.
MIN_CHECKED_BYTES = 32 * 1024**2
# The number of earlier results of a module that are read.
MAX_EARLIER_RESULTS = 50


@dataclass(frozen=True)
class Estimate:
    """The expected cost of a node: time in seconds, peak memory in bytes, and the number of earlier results of the node or its module."""

    seconds: float
    peak_bytes: int
    based_on: Literal["step", "module"]
    runs: int


def input_bytes(step: Step, inputs: Mapping[str, Sequence[Output]]) -> int:
    """Return the size of a step's inputs and datasets, in bytes."""
    of_datasets: int = sum(data["bytes"] for data in step.datasets.values())
    return of_datasets + sum(output.bytes for outputs in inputs.values() for output in outputs)


def memory_limit(spec: RunSpec, step: Step) -> int:
    """Return a step's memory limit in bytes: its node's or run's limit, else the default of a step, never above the machine's memory."""
    return min(spec.limits_of(step.node).memory_bytes or step_bytes(), machine_bytes())


def check_fits(spec: RunSpec, step: Step, inputs: Mapping[str, Sequence[Output]]) -> Problem | None:
    """Return a problem when earlier steps of the same module suggest that the step would exceed its memory limit, else None."""
    size = input_bytes(step, inputs)
    if size < MIN_CHECKED_BYTES:
        return None
    likely, most = estimate(sql.past_peaks(spec.scope, step.module), size), memory_limit(spec, step)
    if likely is None or likely <= most:
        return None
    return Problem(
        "would_not_fit",
        f"{catalogue().modules[step.module].title} would need about {in_words(likely)} of memory, more than its limit of {in_words(most)}. It was not started.",
        step.node,
        remedy="Use fewer rows or columns, raise the limit, or use Run selected to try it anyway.",
    )


def estimate_graph(graph: Graph, scope: str, found: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, Estimate]:
    """Estimate every node of a graph, dataset readers first; nodes without an earlier result are left out.

    Args:
        graph: A graph without problems.
        scope: The workspace whose earlier results are used.
        found: Per node with datasets: the records of the datasets, by setting.

    Returns:
        The estimates by node id.
    """
    past = {module: _past(scope, module) for module in {node.module for node in graph.nodes.values()}}
    shape = Shape.of(graph)
    foretold: dict[str, Estimate] = {}
    left: dict[str, float] = {}
    for id in shape.order():
        size = sum(left[source] for source in shape.sources(id)) + sum(data["bytes"] for data in found.get(id, {}).values())
        alike = past[graph.nodes[id].module]
        own = [result for result in alike if result.node == id]
        left[id] = size
        if newest := next(iter(own or alike), None):
            grown = max(1.0, size / max(newest.input_bytes, SMALL))
            peak = estimate([(result.peak_bytes or 0, result.input_bytes) for result in own or alike], int(size)) or 0
            foretold[id] = Estimate(newest.seconds * grown, peak, "step" if own else "module", len(own or alike))
            left[id] = sum(record["bytes"] for record in newest.outputs.values()) * grown
    return foretold


def _past(scope: str, module: str) -> list[Result]:
    newest = Result.objects.filter(scope=scope, module=module).order_by("-created_at")
    return list(newest.only("node", "seconds", "peak_bytes", "input_bytes", "outputs")[:MAX_EARLIER_RESULTS])
