"""The shape of a graph: order, cycles and ancestry. The one file that speaks networkx."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

import networkx as nx

from pipelines.graph.model import Graph


class Shape:
    """The nodes of a graph and who feeds whom, without ports."""

    def __init__(self, nodes: Iterable[str], edges: Iterable[tuple[str, str]]) -> None:
        self._net: nx.DiGraph[str] = nx.DiGraph()
        self._net.add_nodes_from(nodes)
        self._net.add_edges_from(edges)

    @classmethod
    def of(cls, graph: Graph) -> Shape:
        """The shape of a drawing; edges to nodes that are not there are left out."""
        known = graph.nodes
        pairs = ((edge.source.node, edge.target.node) for edge in graph.edges)
        return cls(known, (pair for pair in pairs if pair[0] in known and pair[1] in known))

    def cycles(self) -> list[list[str]]:
        """A cycle for every knot of the graph, each as the nodes along it; empty when there is none."""
        knots = (part for part in nx.strongly_connected_components(self._net) if len(part) > 1 or self._net.has_edge(*list(part) * 2))
        return [[source for source, _ in nx.find_cycle(self._net.subgraph(knot))] for knot in knots]

    def order(self) -> list[str]:
        """Every node after all that feed it; equal graphs give equal orders."""
        return list(nx.lexicographical_topological_sort(self._net))

    def layers(self) -> list[list[str]]:
        """The nodes by how many steps come before each at most; those of cycles, and all that needs them, are the last layer."""
        found: list[list[str]] = []
        with suppress(nx.NetworkXUnfeasible):
            found.extend(map(list, nx.topological_generations(self._net)))
        knotted = set(self._net).difference(*found)
        return [*found, list(knotted)] if knotted else found

    def sources(self, node: str) -> Iterator[str]:
        """The nodes that feed a node directly."""
        return iter(self._net.predecessors(node))

    def upstream(self, nodes: Iterable[str]) -> set[str]:
        """The nodes and all that they need."""
        wanted = set(nodes)
        return wanted.union(*(nx.ancestors(self._net, node) for node in wanted))

    def downstream(self, nodes: Iterable[str]) -> set[str]:
        """All that needs one of the nodes; without the nodes themselves."""
        start = set(nodes)
        return set().union(*(nx.descendants(self._net, node) for node in start)) - start

    def feeds(self) -> Mapping[str, tuple[str, ...]]:
        """For every node, those that it feeds directly."""
        return {node: tuple(self._net.successors(node)) for node in self._net}
