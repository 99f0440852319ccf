"""Checks of what a run needs beside a well-drawn graph: nothing left open."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.catalogue.discover import Catalogue
from pipelines.graph.model import Graph
from pipelines.graph.problem import Problem
from pipelines.validation.structure import a_kind, called


def wired_inputs(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    """Every input that is not optional has an edge."""
    wired = {edge.target for edge in graph.edges}
    reached = {(end.node, end.port) for end in wired}
    for node in graph.nodes.values():
        module = catalogue.modules[node.module]
        for port in module.inputs:
            if not port.optional and (node.id, port.name) not in reached:
                yield Problem(
                    "unwired_input",
                    f"{called(node, module)} needs {a_kind(port.kind)} at {port.title}.",
                    node=node.id,
                    port=port.name,
                    remedy="Draw an edge to this input.",
                )


def given_settings(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    """Every setting that has no default and matters has a value."""
    for node in graph.nodes.values():
        module = catalogue.modules[node.module]
        values = module.settings(node.params)
        for param in module.params:
            if param.required and values[param.name] in (None, "") and param.matters(values):
                yield Problem(
                    "missing_setting",
                    f"{called(node, module)}: {param.title} needs a value.",
                    node=node.id,
                    param=param.name,
                    remedy="Set it in the inspector.",
                )
