"""Checks of completeness: open inputs and settings, missing extras. Unfinished nodes are left out of a run."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.catalogue import extras
from pipelines.catalogue.discover import Catalogue
from pipelines.catalogue.kind import kinds
from pipelines.graph.model import Graph
from pipelines.graph.problem import Problem
from pipelines.graph.shape import Shape
from pipelines.validation.naming import called
from pipelines.validation.repeating import repeatable


def finished(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    """Every node and everything it needs is ready to run."""
    found = [
        *installed_extras(graph, catalogue),
        *wired_inputs(graph, catalogue),
        *given_settings(graph, catalogue),
        *repeatable(graph, catalogue),
    ]
    yield from found
    unfinished = {problem.node for problem in found if problem.node and problem.severity == "unfinished"}
    if unfinished:
        yield from _left_out(graph, catalogue, unfinished)


def _left_out(graph: Graph, catalogue: Catalogue, unfinished: set[str]) -> Iterator[Problem]:
    """Yield a problem for every node that needs an unfinished one, directly or indirectly, and name one of those."""
    shape = Shape.of(graph)
    root = {node: node for node in unfinished}
    for node in shape.order():
        needed = next((root[source] for source in shape.sources(node) if source in root), None)
        if needed is None or node in root:
            continue
        root[node] = needed
        names = [called(graph.nodes[each], catalogue.modules[graph.nodes[each].module]) for each in (node, needed)]
        yield Problem(
            "needs_unfinished",
            f"{names[0]} is left out of the run: {names[1]}, which it depends on, is not finished.",
            node=node,
            remedy=f"Finish {names[1]}.",
            severity="unfinished",
        )


def installed_extras(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    """Every module's extra is installed."""
    for node in graph.nodes.values():
        module = catalogue.modules[node.module]
        if not module.is_installed:
            yield Problem(
                "extra_missing",
                f"{called(node, module)} needs the extra “{module.extra}”, which is not installed.",
                node=node.id,
                remedy=extras.remedy(module.extra),
                severity="unfinished",
            )


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
                    f"{called(node, module)} needs {kinds()[port.kind].words} at {port.title}.",
                    node=node.id,
                    port=port.name,
                    remedy="Connect this input.",
                    severity="unfinished",
                )


def given_settings(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    """Every setting without a default that matters has a value."""
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
                    remedy="Enter it in the settings.",
                    severity="unfinished",
                    subject=(f"{called(node, module)}: ", f"{param.title} "),
                )
