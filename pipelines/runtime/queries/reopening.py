"""Make a pipeline of one that a report holds, such as that of the winner of a search."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.execution.datasets import Dataset
from pipelines.execution.output import Output
from pipelines.graph.codec import load
from pipelines.graph.model import Graph
from pipelines.graph.splice import spliced
from pipelines.models import Run, Step
from pipelines.runtime.queries.items import trials


class PinnedDatasets:
    """The datasets that a run read, by the names in its graph."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._known = dict[tuple[bool, str, Any], Output]()
        for node, step in run.read_plan().steps.items():
            drawn = run.graph["nodes"][node]
            module = catalogue().modules.get(drawn["module"])  # None when it is not installed any more
            registered = {param.name for param in module.params if param.registered} if module else ()
            for param, record in step.datasets.items():
                name, version = drawn["params"].get(param), drawn["params"].get("version")
                self._known[param in registered, name, version] = Output.from_json(record)

    def find(self, name: str, version: int | None) -> Dataset | None:
        """Return a dataset, as the run read it."""
        return self._found(False, name, version)

    def find_model(self, name: str, version: str | None) -> Dataset | None:
        """Return a version of a registered model, as the run read it."""
        return self._found(True, name, version)

    def _found(self, is_model: bool, name: str, version: Any) -> Dataset | None:
        found = self._known.get((is_model, name, version))
        return Dataset(found, self._run.scope) if found else None


def held_pipeline(report: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the first entry of a report's metrics that holds a pipeline; None without one."""
    entries = report.get("metrics")
    return next((entry for entry in entries or () if isinstance(entry, dict) and entry.get("pipeline")), None)


def candidate(run: Run, step: Step, held: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an entry like that of the winner's pipeline for a candidate of a search; of the winner, which may be a blend, its own.

    Args:
        run: The run.
        step: The step of the search.
        held: The entry of the report that holds the winner's pipeline.
        name: The name of the candidate, as the leaderboard has it.

    Raises:
        ModuleError: `no_candidates`, when the module is no search; `unknown_candidate`, when it has none of this name that can be opened.
    """
    if name == held.get("name"):
        return held
    graph = catalogue().with_current_names(load(run.graph))
    module = catalogue().modules.get(graph.nodes[step.node].module)
    if module is None or module.opens is None:
        raise ModuleError(
            "no_candidates", "This step has no candidates that open as a pipeline.", remedy="Open the pipeline of its report."
        )
    return module.opens(held, trials(run, step), name)


def reopened(run: Run, node: str, held: Mapping[str, Any]) -> Graph:
    """Return the pipeline that a report of a node holds, on the data of the node.

    Args:
        run: The run.
        node: The node whose report it is.
        held: The entry of the report: a `pipeline`, and `inputs`, the input port of the node that each of its nodes stands for.

    Raises:
        UnsoundGraph: When it does not follow the format.
    """
    base = catalogue().with_current_names(load(run.graph))
    wired = {edge.target.port: edge.source for edge in base.edges if edge.target.node == node}
    inputs = held.get("inputs")
    stands = {stand: wired[port] for stand, port in inputs.items() if port in wired} if isinstance(inputs, dict) else {}
    return catalogue().with_current_names(spliced(load(held["pipeline"]), stands, base))


def datasets_of(run: Run) -> dict[str, dict[str, str]]:
    """Return the digest of each dataset that a run read, by node and setting."""
    steps = run.read_plan().steps
    return {node: {param: record["digest"] for param, record in step.datasets.items()} for node, step in steps.items() if step.datasets}
