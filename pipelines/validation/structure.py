"""Checks of a graph's structure: names, edges and the values of settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pipelines.catalogue.discover import Catalogue
from pipelines.catalogue.kind import kinds
from pipelines.catalogue.module import Module
from pipelines.graph.model import Graph, Node
from pipelines.graph.problem import Problem
from pipelines.graph.shape import Shape


def known_modules(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    """Every node's module exists."""
    for node in graph.nodes.values():
        if catalogue.get(node.module) is None:
            yield Problem(
                "unknown_module",
                f"{called(node, None)}: there is no module {node.module}.",
                node=node.id,
                remedy="Replace the node by a module of the palette.",
            )


def known_nodes(graph: Graph, _: Catalogue) -> Iterator[Problem]:
    """Every edge connects existing nodes."""
    for edge in graph.edges:
        for end in (edge.source, edge.target):
            if end.node not in graph.nodes:
                yield Problem(
                    "dangling_edge",
                    f"The edge from {edge.source} to {edge.target} ends at {end.node}, which is not there.",
                    node=end.node,
                    edge=edge.place,
                    remedy="Remove the edge.",
                )


def known_ports(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    """Every edge goes from an output port to an input port."""
    for edge in graph.edges:
        for end, side in ((edge.source, "output"), (edge.target, "input")):
            node = graph.nodes[end.node]
            module = catalogue.modules[node.module]
            ports = module.outputs if side == "output" else module.inputs
            if end.port not in {port.name for port in ports}:
                names = ", ".join(port.name for port in ports) or "none"
                yield Problem(
                    "unknown_port",
                    f"{called(node, module)} has no {side} {end.port}; its {side}s are: {names}.",
                    node=end.node,
                    port=end.port,
                    edge=edge.place,
                    remedy="Remove the edge and draw it again.",
                )


def known_settings(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    """Every given setting is one of the module's."""
    for node in graph.nodes.values():
        module = catalogue.modules[node.module]
        for name in node.params:
            if module.param(name) is None:
                yield Problem(
                    "unknown_setting",
                    f"{called(node, module)} has no setting {name[:60]}.",
                    node=node.id,
                    param=name,
                    remedy="Remove the setting.",
                )


def acyclic(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    """The graph has no cycles."""
    for cycle in Shape.of(graph).cycles():
        along = " → ".join([*cycle, cycle[0]])
        yield Problem(
            "cycle", f"These nodes feed each other in a circle: {along}.", node=cycle[0], remedy="Remove one of the edges between them."
        )


def fitting_kinds(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    """Every edge connects ports of the same kind."""
    for edge in graph.edges:
        source, target = graph.nodes[edge.source.node], graph.nodes[edge.target.node]
        out, into = catalogue.modules[source.module].output(edge.source.port), catalogue.modules[target.module].input(edge.target.port)
        if out and into and out.kind != into.kind:
            yield Problem(
                "wrong_kind",
                f"{edge.target} takes {kinds()[into.kind].words}, but {edge.source} gives {kinds()[out.kind].words}.",
                node=target.id,
                port=into.name,
                edge=edge.place,
                remedy="Connect ports of the same shape and colour.",
            )


def single_inputs(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    """An input has one edge, unless it accepts several."""
    for end, count in Counter(edge.target for edge in graph.edges).items():
        node = graph.nodes[end.node]
        port = catalogue.modules[node.module].input(end.port)
        if count > 1 and port and not port.multiple:
            yield Problem(
                "occupied_input", f"{end} takes one edge; {count} end there.", node=end.node, port=end.port, remedy="Keep one of the edges."
            )


def readable_settings(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    """Every given setting has the right type and is within its range."""
    for node in graph.nodes.values():
        module = catalogue.modules[node.module]
        for name, value in node.params.items():
            param = module.param(name)
            if param is None or (value is None and param.required):
                continue
            try:
                param.read(value)
            except ValueError as wrong:
                yield Problem(
                    "bad_setting",
                    f"{called(node, module)}: {param.title} {wrong}.",
                    node=node.id,
                    param=name,
                    remedy="Give another value, or reset it.",
                    subject=(f"{called(node, module)}: ", f"{param.title} "),
                )


def called(node: Node, module: Module | None) -> str:
    """Return the display name of a node."""
    return node.title or (module.title if module else node.id)
