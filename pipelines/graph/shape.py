"""The shape of a graph: order, cycles and ancestry. The only file that uses networkx."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

import networkx as nx

from pipelines.graph.model import Graph


class Shape:
    """The nodes of a graph and their connections, without ports."""

    def __init__(self, nodes: Iterable[str], edges: Iterable[tuple[str, str]]) -> None:
        self._net: nx.DiGraph[str] = nx.DiGraph()
        self._net.add_nodes_from(nodes)
        self._net.add_edges_from(edges)

    @classmethod
    def of(cls, graph: Graph) -> Shape:
        """Return the shape of a graph; edges to missing nodes are left out."""
        known = graph.nodes
        pairs = ((edge.source.node, edge.target.node) for edge in graph.edges)
        return cls(known, (pair for pair in pairs if pair[0] in known and pair[1] in known))

    def cycles(self) -> list[list[str]]:
        """Return a cycle of each strongly connected component, as the nodes along it; empty without cycles."""
        knots = (part for part in nx.strongly_connected_components(self._net) if len(part) > 1 or self._net.has_edge(*list(part) * 2))
        return [[source for source, _ in nx.find_cycle(self._net.subgraph(knot))] for knot in knots]

    def order(self) -> list[str]:
        """Return the nodes in topological order; equal graphs give equal orders."""
        return list(nx.lexicographical_topological_sort(self._net))

    def layers(self) -> list[list[str]]:
        """Return the nodes by the length of the longest path before them; cyclic nodes and their dependents are the last layer."""
        found: list[list[str]] = []
        with suppress(nx.NetworkXUnfeasible):
            found.extend(map(list, nx.topological_generations(self._net)))
        knotted = set(self._net).difference(*found)
        return [*found, list(knotted)] if knotted else found

    def sources(self, node: str) -> Iterator[str]:
        """Yield the direct predecessors of a node."""
        return iter(self._net.predecessors(node))

    def upstream(self, nodes: Iterable[str]) -> set[str]:
        """Return the nodes and everything they need."""
        wanted = set(nodes)
        return wanted.union(*(nx.ancestors(self._net, node) for node in wanted))

    def downstream(self, nodes: Iterable[str]) -> set[str]:
        """Return all dependents of the nodes, without the nodes themselves."""
        start = set(nodes)
        return set().union(*(nx.descendants(self._net, node) for node in start)) - start

    def feeds(self) -> Mapping[str, tuple[str, ...]]:
        """Return the direct successors of every node."""
        return {node: tuple(self._net.successors(node)) for node in self._net}
