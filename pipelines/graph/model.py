"""The graph model: frozen nodes, edges, groups and notes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pipelines.graph.run_options import RunOptions

FORMAT = 1


@dataclass(frozen=True, slots=True, order=True)
class Endpoint:
    """A named port of a named node, written `node.port`."""

    node: str
    port: str

    def __str__(self) -> str:
        return f"{self.node}.{self.port}"


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """An edge from an output port to an input port."""

    source: Endpoint
    target: Endpoint

    @property
    def place(self) -> tuple[str, str]:
        """Return the edge as problems name it."""
        return (str(self.source), str(self.target))


def in_order(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """Return unique edges, sorted by target, then source."""
    return tuple(sorted(set(edges), key=lambda edge: (edge.target.node, edge.target.port, edge.source.node, edge.source.port)))


@dataclass(frozen=True, slots=True)
class Node:
    """A module in a graph, with the settings that differ from its defaults; `execution` are its run options (see `graph.run_options`).

    `group` is the sub-pipeline that it is folded into.
    """

    id: str
    module: str
    params: Mapping[str, Any] = field(default_factory=dict)
    position: tuple[float, float] = (0.0, 0.0)
    title: str | None = None
    comment: str | None = None
    execution: Mapping[str, Any] = field(default_factory=dict)
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Promoted:
    """A setting of a node in a sub-pipeline that its card shows as its own; the value stays in the node."""

    node: str
    param: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The version of a component that a sub-pipeline is an instance of; `parts` gives, for its nodes and sub-pipelines, their ids in the component."""

    id: str
    version: int
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """A sub-pipeline: the nodes that name it as their group, drawn as one card. It changes nothing about how they run.

    `group` is the sub-pipeline that it is nested in, `promoted` the settings of its card by name, `component` what it was inserted from.
    """

    id: str
    title: str
    position: tuple[float, float] = (0.0, 0.0)
    group: str | None = None
    promoted: Mapping[str, Promoted] = field(default_factory=dict)
    component: Origin | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph. `execution` holds the default run options of its nodes; `presets` are values of parameters by name (see `graph.presets`).

    Edges are sorted by target, then source, so that equal graphs compare equal.
    """

    name: str = "Untitled"
    nodes: Mapping[str, Node] = field(default_factory=dict)
    edges: tuple[Edge, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    frames: tuple[Any, ...] = ()
    notes: tuple[Any, ...] = ()
    execution: Mapping[str, Any] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def only(self, nodes: Collection[str]) -> Graph:
        """Return the subgraph of these nodes and the edges among them."""
        kept = {id: node for id, node in self.nodes.items() if id in nodes}
        edges = tuple(edge for edge in self.edges if edge.target.node in kept and edge.source.node in kept)
        return replace(self, nodes=kept, edges=edges)

    def execution_of(self, node: str) -> RunOptions:
        """Return a node's run options: its own, else the graph's."""
        return RunOptions.from_json({**self.execution, **self.nodes[node].execution})

    def with_params(self, node: str, **params: Any) -> Graph:
        """Return a copy in which a node's settings are changed."""
        changed = replace(self.nodes[node], params={**self.nodes[node].params, **params})
        return replace(self, nodes={**self.nodes, node: changed})
