"""Cross-validates a learner behind modules that prepare the table, as a run of such a graph does, without store, database or worker."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import polars as pl

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import Table
from pipelines.compilation import Step, compile
from pipelines.execution.paths import with_paths
from pipelines.graph.model import Endpoint, Graph
from tests.support.graph_builder import draw
from tests.support.module_runner import run

VALIDATE = "training.cross_validate"
Node = tuple[str, Mapping[str, Any]]


def chain(*steps: Node, learner: str, settings: Mapping[str, Any], module: str = VALIDATE) -> Graph:
    """The graph of a dataset, modules behind each other, and the cross-validation of a learner, or another module in its place."""
    nodes = {"data": ("data.dataset", {"dataset": "data"}), **{f"s{at}": step for at, step in enumerate(steps)}}
    names = list(nodes)
    wires = [f"{one}.table {other}.table" for one, other in pairwise(names)]
    ends = {"learner": learner, "validate": (module, dict(settings))}
    return draw({**nodes, **ends}, *wires, f"{names[-1]}.table validate.table", "learner.model validate.untrained")


def planned(graph: Graph) -> Step:
    """The planned cross-validation of a graph."""
    return compile(graph, catalogue(), {}).steps["validate"]


def validated(frame: pl.DataFrame, graph: Graph, *, refitted: bool = True) -> dict[str, Any]:
    """The outputs of the cross-validation of a graph; if not `refitted`, of the table as all modules before have prepared it, with the leak."""
    values: dict[Endpoint, Any] = {}
    for node, step in compile(graph, catalogue(), {}).steps.items():
        if node == "data":
            values[Endpoint(node, "table")] = Table(frame)
            continue
        drawn: dict[str, list[Any]] = {}
        for edge in (edge for edge in graph.edges if edge.target.node == node):
            drawn.setdefault(edge.target.port, []).append(values[edge.source])
        planned = {port: [values[end] for end in ends] for port, ends in step.sources.items()}
        found = run(step.module, graph.nodes[node].params, **(with_paths(step, planned) if refitted else drawn))
        values |= {Endpoint(node, port): value for port, value in found.items()}
    return {end.port: value for end, value in values.items() if end.node == "validate"}


def fold_figures(found: Mapping[str, Any], title: str) -> Sequence[float]:
    """A metric of each fold."""
    block = next(block for block in found["report"].blocks if block.get("title") == "Each fold")
    place = block["columns"].index(title)
    return [row[place] for row in block["rows"]]
