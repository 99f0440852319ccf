"""A sub-pipeline as the content of a component: a document of its own, the same however the sub-pipeline was placed or named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import count
from typing import NamedTuple

from pipelines.graph.binding import references
from pipelines.graph.groups import members, path
from pipelines.graph.model import Edge, Endpoint, Graph, Group, Node, Origin, Promoted, in_order

ROOT = "component"


class Content(NamedTuple):
    """The content of a component; `parts` gives, for each node and sub-pipeline of the instance, its id in the content."""

    graph: Graph
    parts: Mapping[str, str]


def content_of(graph: Graph, group: str) -> Content:
    """Return a sub-pipeline as a document of its own, in which it has the id `ROOT`.

    Nodes that the instance got from its component keep their ids there, so that versions can be compared by id.

    Raises:
        KeyError: When the graph has no such sub-pipeline.
    """
    origin = graph.groups[group].component
    inside = sorted(members(graph, group))
    nested = sorted(id for id in graph.groups if id != group and group in path(graph, id))
    parts = _parts(group, [*inside, *nested], origin.parts if origin else {})
    nodes = {parts[id]: _node(graph.nodes[id], parts) for id in inside}
    groups = {parts[id]: _group(graph.groups[id], parts) for id in [group, *nested]}
    groups[ROOT] = replace(groups[ROOT], title="", position=(0.0, 0.0), group=None, component=None)
    part = Graph("Component", dict(sorted(nodes.items())), _edges(graph.edges, parts, inside), groups=dict(sorted(groups.items())))
    driving = {name for _, _, name in references(part)}
    return Content(replace(part, parameters={name: each for name, each in graph.parameters.items() if name in driving}), parts)


def uses(graph: Graph) -> list[str]:
    """Return the components whose instances are in a graph, by id."""
    return sorted({group.component.id for group in graph.groups.values() if group.component})


def _parts(group: str, ids: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    parts = {group: ROOT}
    for id in sorted(ids, key=lambda id: id not in known):  # those of the component first: a new one must not take their ids
        wanted, taken = known.get(id, id), set(parts.values())
        numbered = (f"{wanted[:56]}_{number}" for number in count(2))
        parts[id] = wanted if wanted not in taken else next(each for each in numbered if each not in taken)
    return parts


def _node(node: Node, parts: Mapping[str, str]) -> Node:
    return replace(node, id=parts[node.id], group=parts[node.group or ""])


def _group(group: Group, parts: Mapping[str, str]) -> Group:
    promoted = {name: Promoted(parts[each.node], each.param) for name, each in group.promoted.items() if each.node in parts}
    origin = group.component
    if origin:
        origin = Origin(origin.id, origin.version, {parts[here]: there for here, there in origin.parts.items() if here in parts})
    return replace(group, id=parts[group.id], group=parts.get(group.group or ""), promoted=promoted, component=origin)


def _edges(edges: Iterable[Edge], parts: Mapping[str, str], inside: Iterable[str]) -> tuple[Edge, ...]:
    kept = set(inside)
    return in_order(
        Edge(Endpoint(parts[source.node], source.port), Endpoint(parts[target.node], target.port))
        for source, target in ((edge.source, edge.target) for edge in edges)
        if source.node in kept and target.node in kept
    )
