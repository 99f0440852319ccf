"""Which steps of a graph compute something else than those of an earlier one: titles, places, notes and folding do not count."""

from __future__ import annotations

from typing import Any

from pipelines.graph.model import Graph
from pipelines.graph.shape import Shape


def changed_steps(graph: Graph, before: Graph, to: str | None = None) -> list[str]:
    """Return the nodes whose module, settings, run options or inputs differ, and those that are new or gone, sorted.

    Args:
        graph: The graph.
        before: The earlier one.
        to: Only this node, and what it depends on in either.
    """
    now, then = _steps(graph), _steps(before)
    wanted = now.keys() | then.keys()
    if to is not None:
        wanted = {node for each in (graph, before) for node in Shape.of(each).upstream({to} & each.nodes.keys())}
    return sorted(node for node in wanted if now.get(node) != then.get(node))


def _steps(graph: Graph) -> dict[str, Any]:
    inputs: dict[str, list[tuple[str, str]]] = {node: [] for node in graph.nodes}
    for edge in graph.edges:
        if edge.target.node in inputs:
            inputs[edge.target.node].append((edge.target.port, str(edge.source)))
    return {id: (node.module, dict(node.params), graph.execution_of(id), inputs[id]) for id, node in graph.nodes.items()}
