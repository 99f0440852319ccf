"""A graph in which nodes that stand for tables are replaced by what made these tables in another graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import count

from pipelines.graph.layout import with_positions
from pipelines.graph.model import Edge, Endpoint, Graph, in_order
from pipelines.graph.shape import Shape


def spliced(graph: Graph, stands: Mapping[str, Endpoint], base: Graph) -> Graph:
    """Return a graph with nodes replaced by output ports of another graph and by all that these need; it is laid out again, without groups.

    Nodes of the other graph keep their ids and settings, which hold the values of its parameters. Nodes of the first graph with such an id get a number.

    Args:
        graph: The graph.
        stands: For each node to replace, the output port of `base` that takes the place of all its outputs.
        base: The other graph.
    """
    before = base.only(Shape.of(base).upstream({port.node for port in stands.values()} & set(base.nodes)))
    own = {id: node for id, node in graph.nodes.items() if id not in stands}
    named = _named(own, before.nodes)

    def end(port: Endpoint) -> Endpoint:
        return stands[port.node] if port.node in stands else Endpoint(named[port.node], port.port)

    nodes = {id: replace(node, group=None) for id, node in before.nodes.items()}
    nodes |= {named[id]: replace(node, id=named[id], group=None) for id, node in own.items()}
    edges = in_order([*before.edges, *(Edge(end(edge.source), end(edge.target)) for edge in graph.edges)])
    return with_positions(replace(graph, nodes=nodes, edges=edges, parameters={}, presets={}, execution=base.execution, groups={}))


def _named(ids: Iterable[str], taken: Iterable[str]) -> dict[str, str]:
    """Return a free id for each node."""
    named: dict[str, str] = {}
    used = set(taken)
    for id in ids:
        named[id] = id if id not in used else next(other for number in count(2) if (other := f"{id[:56]}_{number}") not in {*used, *ids})
        used.add(named[id])
    return named
