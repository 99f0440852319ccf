"""The ports of a component: what its card takes and gives when nothing is connected to it yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pipelines.catalogue.discover import catalogue
from pipelines.graph.codec import load
from pipelines.graph.model import Endpoint


class ComponentPort(NamedTuple):
    """A port by its end in the component, with its title and kind."""

    end: str
    title: str
    kind: str


def component_ports(document: Mapping[str, Any]) -> tuple[list[ComponentPort], list[ComponentPort]]:
    """Return the inputs that nothing in a document feeds and that are required, and the outputs of its nodes that feed nothing."""
    graph, known = load(document), catalogue()
    fed, feeding = {edge.target for edge in graph.edges}, {edge.source.node for edge in graph.edges}
    inputs: list[ComponentPort] = []
    outputs: list[ComponentPort] = []
    for node in graph.nodes.values():
        if (module := known.get(node.module)) is None:
            continue
        needed = [port for port in module.inputs if not port.optional and Endpoint(node.id, port.name) not in fed]
        given = module.outputs if node.id not in feeding else ()
        inputs += [ComponentPort(f"{node.id}.{port.name}", port.title, port.kind) for port in needed]
        outputs += [ComponentPort(f"{node.id}.{port.name}", port.title, port.kind) for port in given]
    return inputs, outputs
