"""Sub-pipelines: groups of nodes that are drawn as one card, and what a document may say of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pipelines.graph.model import Graph, Promoted
from pipelines.graph.problem import Problem
from pipelines.graph.shape import Shape

DEEPEST_GROUP = 5
_problem = partial(Problem, remedy="Remove it.")


def path(graph: Graph, group: str | None) -> list[str]:
    """Return the sub-pipelines around a place, outermost first; it ends before one that does not exist or that is around itself."""
    found: list[str] = []
    while group is not None and group in graph.groups and group not in found:
        found.append(group)
        group = graph.groups[group].group
    return found[::-1]


def members(graph: Graph, group: str) -> set[str]:
    """Return the nodes in a sub-pipeline, at any depth."""
    return {node.id for node in graph.nodes.values() if group in path(graph, node.group)}


def dangling(graph: Graph) -> Iterator[Problem]:
    """Yield what refers to something that does not exist; the key of each problem is what to leave out."""
    for node in graph.nodes.values():
        if node.group is not None and node.group not in graph.groups:
            words = f"Node {node.id} is in the sub-pipeline {node.group}, which does not exist."
            yield _problem("unknown_group", words, node.id, key="group")
    for id, group in graph.groups.items():
        called, around = f"Sub-pipeline “{group.title}”", path(graph, id)
        if id in graph.nodes:
            yield _problem("bad_group", f"{called} has the id of a node, {id}.", key=f"groups.{id}")
        if group.group is not None and (group.group not in graph.groups or graph.groups[around[0]].group is not None):
            words = f"{called} is nested in {group.group}, which does not exist or is nested in itself."
            yield _problem("unknown_group", words, key=f"groups.{id}.group")
        elif len(around) > DEEPEST_GROUP:
            words = f"{called} is nested {len(around)} deep; the maximum is {DEEPEST_GROUP}."
            yield _problem("nested_too_deep", words, key=f"groups.{id}.group")
        if group.component and any(_same(graph, each, group.component.id) for each in around[:-1]):
            words = f"{called} is an instance of the component that it is nested in; a component cannot be in itself."
            yield _problem("component_in_itself", words, key=f"groups.{id}.component")
        for name, each in group.promoted.items():
            if not _reaches(graph, id, each):
                words = f"{called}: the setting “{name}” is promoted from {each.node}, which is not in it."
                yield _problem("unknown_promoted", words, key=f"groups.{id}.promoted.{name}")


def _same(graph: Graph, group: str, component: str) -> bool:
    origin = graph.groups[group].component
    return origin is not None and origin.id == component


def _reaches(graph: Graph, group: str, promoted: Promoted) -> bool:
    node = graph.nodes.get(promoted.node)
    return node is not None and group in path(graph, node.group)


def looped(graph: Graph) -> Iterator[Problem]:
    """Yield a warning for every sub-pipeline that feeds what feeds it: its card would be before and after that card."""
    around = {node.id: [*path(graph, node.group), node.id] for node in graph.nodes.values()} if graph.groups else {}
    levels: dict[str | None, set[tuple[str, str]]] = {}
    for edge in graph.edges if around else ():
        one, other = around[edge.source.node], around[edge.target.node]
        at = next((at for at, cards in enumerate(zip(one, other, strict=False)) if cards[0] != cards[1]), None)
        if at is not None:
            levels.setdefault(one[at - 1] if at else None, set()).add((one[at], other[at]))
    for pairs in levels.values():
        for cycle in Shape((), pairs).cycles():
            if not graph.groups.keys().isdisjoint(cycle):  # else it is a loop of modules, which is told as one
                yield _looped(graph, cycle)


def _looped(graph: Graph, cycle: list[str]) -> Problem:
    group = next(id for id in cycle if id in graph.groups)
    other = next(id for id in cycle if id != group)
    title = (graph.groups.get(other) or graph.nodes[other]).title or other
    words = f"“{title}” is between steps of the sub-pipeline “{graph.groups[group].title}”, and is not in it."
    node = min(members(graph, other)) if other in graph.groups else other
    return Problem("split_group", words, node=node, severity="warning", remedy="Fold both together, or unfold the sub-pipeline.")
