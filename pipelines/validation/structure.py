"""Checks of a graph's structure: names, edges and the values of settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pipelines.catalogue.discover import Catalogue
from pipelines.catalogue.kind import kinds
from pipelines.graph import groups
from pipelines.graph.model import Graph
from pipelines.graph.problem import Problem
from pipelines.graph.shape import Shape
from pipelines.validation.naming import called
from pipelines.validation.repeating import kind_along


def known_modules(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    """Every node's module exists."""
    for node in graph.nodes.values():
        if catalogue.get(node.module) is None:
            yield Problem(
                "unknown_module",
                f"{called(node, None)}: the module {node.module} is not installed.",
                node=node.id,
                remedy="Replace it with a module from the palette.",
            )


def known_nodes(graph: Graph, _: Catalogue) -> Iterator[Problem]:
    """Every edge connects existing nodes."""
    for edge in graph.edges:
        for end in (edge.source, edge.target):
            if end.node not in graph.nodes:
                yield Problem(
                    "dangling_edge",
                    f"The connection from {edge.source} to {edge.target} ends at {end.node}, which does not exist.",
                    node=end.node,
                    edge=edge.place,
                    remedy="Delete the connection.",
                )


def known_groups(graph: Graph, _: Catalogue) -> Iterator[Problem]:
    """Every sub-pipeline that is named exists, and what it promotes is in it."""
    yield from groups.dangling(graph)


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
                    remedy="Delete the connection and connect it again.",
                )


def known_settings(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    """Every given setting is one of the module's."""
    for node in graph.nodes.values():
        module = catalogue.modules[node.module]
        for name in node.params:
            if module.param(name) is None:
                yield Problem(
                    "unknown_setting",
                    f"{called(node, module)} has no setting “{name[:60]}”.",
                    node=node.id,
                    param=name,
                    remedy="Remove the setting.",
                )


def acyclic(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    """The graph has no cycles."""
    for cycle in Shape.of(graph).cycles():
        along = " → ".join([*cycle, cycle[0]])
        yield Problem("cycle", f"These modules form a loop: {along}.", node=cycle[0], remedy="Delete one of their connections.")


def fitting_kinds(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    """Every edge connects ports of the same kind."""
    for edge in graph.edges:
        source, target = graph.nodes[edge.source.node], graph.nodes[edge.target.node]
        out, into = catalogue.modules[source.module].output(edge.source.port), catalogue.modules[target.module].input(edge.target.port)
        kind = kind_along(graph, catalogue, edge, out.kind) if out else ""
        if out and into and kind != into.kind:
            yield Problem(
                "wrong_kind",
                f"{edge.target} accepts {kinds()[into.kind].words}, but {edge.source} returns {kinds()[kind].words}.",
                node=target.id,
                port=into.name,
                edge=edge.place,
                remedy="Connect ports of the same kind.",
            )


def single_inputs(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    """An input has one edge, unless it accepts several."""
    for end, count in Counter(edge.target for edge in graph.edges).items():
        node = graph.nodes[end.node]
        port = catalogue.modules[node.module].input(end.port)
        if count > 1 and port and not port.multiple:
            yield Problem(
                "occupied_input",
                f"{end} accepts one connection, but has {count}.",
                node=end.node,
                port=end.port,
                remedy="Keep one of them.",
            )


def readable_settings(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    """Every given setting has the right type and is within its range."""
    for node in graph.nodes.values():
        module = catalogue.modules[node.module]
        values = module.settings(node.params)
        for name, value in node.params.items():
            param = module.param(name)
            if param is None or (value is None and param.required):
                continue
            try:
                param.read(value, values)
            except ValueError as wrong:
                yield Problem(
                    "bad_setting",
                    f"{called(node, module)}: {param.title} {wrong}.",
                    node=node.id,
                    param=name,
                    remedy="Enter another value, or reset it.",
                    subject=(f"{called(node, module)}: ", f"{param.title} "),
                )
