"""Repetition: the nodes that a module repeats for parts of its rows (catalogue/repeated.py), and what cannot be repeated.

They are the nodes of the sub-pipeline that the module is in, as far as its rows reach. What is in the sub-pipeline and does not depend on them is
executed once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipelines.catalogue.discover import Catalogue
from pipelines.catalogue.kind import kinds
from pipelines.catalogue.module import Module, Port
from pipelines.catalogue.params import ParamKind
from pipelines.catalogue.ports import MODEL, MODELS, REPORT, TABLE
from pipelines.catalogue.repeated import FORM, ROWS
from pipelines.graph import groups
from pipelines.graph.model import Edge, Endpoint, Graph, Node
from pipelines.graph.problem import Problem
from pipelines.graph.shape import Shape
from pipelines.validation.naming import called

# The kinds of which the items' values are put together, and the kind of what comes of it: of reports the figures, and of models one for each item.
GATHERED = {TABLE: TABLE, REPORT: TABLE, MODEL: MODELS}
TAKE_OUT = "Take it out of the sub-pipeline, or take out For Each."


def repeating(module: Module | None) -> Port | None:
    """Return the input port at which the rows arrive whose parts a module repeats its sub-pipeline for; None for other modules."""
    return next((port for port in module.inputs if port.form == FORM), None) if module else None


@dataclass(frozen=True)
class Region:
    """The nodes that are repeated: `node` repeats `nodes` of its sub-pipeline `group`; they are none while it feeds nothing there."""

    node: str
    group: str
    nodes: frozenset[str]

    def leaves(self, edge: Edge) -> bool:
        """Return whether an edge leads out of it."""
        return edge.source.node in self.nodes and edge.target.node not in self.nodes


def regions(graph: Graph, catalogue: Catalogue) -> list[Region]:
    """Return what is repeated, the innermost first. Of two modules that repeat the same sub-pipeline, only the first by id counts."""
    found: list[Region] = []
    heads: dict[str, str] = {}
    for node in sorted(_heads(graph, catalogue), key=lambda node: (-len(groups.path(graph, node.group)), node.id)):
        if node.group in graph.groups and node.group is not None and node.group not in heads.values():
            heads[node.id] = node.group
    back = set[tuple[str, str]]()
    pairs = {(edge.source.node, edge.target.node) for edge in graph.edges}
    for head, group in heads.items():
        inside = groups.members(graph, group)
        first = {edge.target.node for edge in graph.edges if edge.source == Endpoint(head, ROWS) and edge.target.node in inside}
        within = Shape(inside, (pair for pair in pairs | back if inside.issuperset(pair) and head not in pair))
        nodes = frozenset(first | within.downstream(first)) - {head}
        back |= {(node, head) for node in nodes}  # what repeats a node is repeated with it
        found.append(Region(head, group, nodes))
    return found


def _heads(graph: Graph, catalogue: Catalogue) -> list[Node]:
    return [node for node in graph.nodes.values() if repeating(catalogue.modules.get(node.module))]


def needed(graph: Graph, catalogue: Catalogue, nodes: Iterable[str]) -> set[str]:
    """Return the nodes and everything they need; of nodes that are repeated together, all or none."""
    shape, wanted, together = Shape.of(graph), set(nodes), regions(graph, catalogue)
    while True:
        wanted = shape.upstream(wanted)
        more = {node for each in together if not wanted.isdisjoint({each.node, *each.nodes}) for node in (each.node, *each.nodes)}
        if more <= wanted:
            return wanted
        wanted |= more


def kind_along(graph: Graph, catalogue: Catalogue, edge: Edge, kind: str) -> str:
    """Return the kind of a value where an edge leads: out of a sub-pipeline that is repeated, that of what is put together (GATHERED)."""
    if not graph.groups:
        return kind
    left = set(groups.path(graph, graph.nodes[edge.source.node].group)) - set(groups.path(graph, graph.nodes[edge.target.node].group))
    return GATHERED.get(kind, kind) if any(node.group in left for node in _heads(graph, catalogue)) else kind


def repeated_by(found: Iterable[Region]) -> Mapping[str, frozenset[str]]:
    """Return the modules that repeat each node, for the nodes that are repeated."""
    by: dict[str, frozenset[str]] = {}
    for region in found:
        for node in region.nodes:
            by[node] = by.get(node, frozenset()) | {region.node}
    return by


def repeatable(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    """Every module that repeats is in a sub-pipeline of its own, whose nodes can be repeated."""
    heads = _heads(graph, catalogue)
    if not heads:
        return
    found = {region.node: region for region in regions(graph, catalogue)}
    for node in heads:
        title = called(node, catalogue.modules[node.module])
        if region := found.get(node.id):
            inner = frozenset(each for other in found.values() if other.node in region.nodes for each in other.nodes)
            yield from _Checked(graph, catalogue, region, title, inner).problems()
        elif node.group in graph.groups:
            words = f"{title} is in a sub-pipeline that has another For Each."
            remedy = "Remove one of them, or fold it with the modules that it repeats into a sub-pipeline of their own."
            yield Problem("for_each_twice", words, node.id, remedy=remedy)
        else:
            words = f"{title} repeats the sub-pipeline that it is in, and it is in none."
            remedy = "Select it together with the modules to repeat, and fold them."
            yield Problem("for_each_alone", words, node.id, remedy=remedy, severity="unfinished")


class _Checked:
    """The checks of one region; `inner` are its nodes that another one repeats for each of its items."""

    def __init__(self, graph: Graph, catalogue: Catalogue, region: Region, title: str, inner: frozenset[str]) -> None:
        self._graph, self._catalogue, self._region, self._title, self._inner = graph, catalogue, region, title, inner
        self._read = {edge.source for edge in graph.edges}

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong."""
        if not self._region.nodes:
            words = f"{self._title} repeats nothing: no module of its sub-pipeline reads its rows."
            yield Problem("for_each_alone", words, self._region.node, ROWS, remedy="Connect Rows to a module in it.", severity="unfinished")
        yield from self._between()
        for node in sorted(self._region.nodes):
            yield from self._member(node)

    def _between(self) -> Iterator[Problem]:
        """Yield a problem where a repeated node needs what exists only when all items have ended."""
        region, shape = self._region, Shape.of(self._graph)
        after = shape.downstream({region.node, *region.nodes}) - region.nodes
        for edge in self._graph.edges:
            own = edge.source.node == region.node and edge.source.port != ROWS
            if edge.target.node in region.nodes and (own or edge.source.node in after):
                words = f"{self._called(edge.target.node)} is repeated for each item, and reads what {self._called(edge.source.node)} makes of all of them."
                remedy = "Delete the connection, or move the modules between into the sub-pipeline."
                yield Problem("for_each_between", words, edge.target.node, edge.target.port, edge=edge.place, remedy=remedy)

    def _member(self, node: str) -> Iterator[Problem]:
        module = self._module(node)
        if why := self._reason(node, module):
            yield Problem("not_repeatable", f"{self._called(node)} {why}, and cannot be repeated by {self._title}.", node, remedy=TAKE_OUT)
        for port in (port for port in module.outputs if not self._is_gathered(node, port.kind)):
            away = [edge for edge in self._graph.edges if edge.source == Endpoint(node, port.name) and self._region.leaves(edge)]
            words = f"{self._called(node)} gives {kinds()[port.kind].words} for each item at {port.title}, which cannot be put together."
            if away:
                remedy = "Use it inside the sub-pipeline, such as to score rows."
                yield Problem("not_gathered", words, node, port.name, edge=away[0].place, remedy=remedy)
            elif not any(Endpoint(node, each.name) in self._read for each in module.outputs):
                remedy = "To see its effect, add a module that gives a table, such as Score Model."
                yield Problem("not_gathered", f"{words} It is not kept.", node, port.name, severity="warning", remedy=remedy)

    def _is_gathered(self, node: str, kind: str) -> bool:
        """Return whether values of a kind are put together: of models the inner module has made models by group, and these are no rows."""
        return kind in GATHERED and not (kind == MODEL and node in self._inner)

    def _reason(self, node: str, module: Module) -> str:
        """Return why a node cannot be repeated; empty if it can."""
        own, head = (self._graph.execution_of(each) for each in (node, self._region.node))
        if module.runs_code:
            return "runs code of its own in a sandbox"
        if module.freshness or any(param.kind in (ParamKind.DATASET, ParamKind.CONNECTION) for param in module.params):
            return "reaches data of its own"
        if (own.target or "worker", own.environment) != (head.target or "worker", head.environment):
            return "is executed in another place or environment than For Each"
        return ""

    def _module(self, node: str) -> Module:
        return self._catalogue.modules[self._graph.nodes[node].module]

    def _called(self, node: str) -> str:
        return called(self._graph.nodes[node], self._module(node))
