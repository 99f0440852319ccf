"""Stage 3, compilation: a sound graph becomes a frozen plan of steps, pruned to the requested nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pipelines.catalogue.discover import Catalogue
from pipelines.catalogue.params import ParamKind
from pipelines.compilation import repetition
from pipelines.compilation.step import Plan, Step
from pipelines.graph.model import Endpoint, Graph, Node
from pipelines.graph.run_options import RunOptions
from pipelines.graph.shape import Shape
from pipelines.validation.refitting import Path, Paths, asking
from pipelines.validation.repeating import needed

# Settings that name what a plan pins by content, so that names, numbers and aliases are in no key of a result.
RESOLVED = (ParamKind.DATASET, ParamKind.MODEL_VERSION)

__all__ = ["Plan", "Step", "compile", "options_of"]


def compile(
    graph: Graph, catalogue: Catalogue, found: Mapping[str, Mapping[str, Mapping[str, Any]]], to: Iterable[str] | None = None
) -> Plan:
    """Compile a sound graph into a plan.

    Args:
        graph: A graph without problems, with current names.
        catalogue: The modules.
        found: Per node with datasets: the records of the datasets, by setting.
        to: The nodes whose results are wanted, with all they need; None for all.
    """
    shape = Shape.of(graph)
    asked = frozenset(to or ())
    wanted = set(graph.nodes) if to is None else needed(graph, catalogue, asked)
    sources = _sources(graph)
    steps = {
        node: _step(
            graph.nodes[node], catalogue, sources.get(node, {}), found.get(node, {}), options_of(graph, graph.nodes[node], catalogue)
        )
        for node in shape.order()
        if node in wanted
    }
    return Plan(repetition.contracted(_with_paths(steps, graph, catalogue), graph, catalogue), asked)


def _with_paths(steps: Mapping[str, Step], graph: Graph, catalogue: Catalogue) -> Mapping[str, Step]:
    """Return the steps; those whose modules fit what prepares their tables get the tables at the start of the paths instead, and the paths."""
    ports = [(step, port.name) for step in steps.values() for port in asking(catalogue.modules[step.module])]
    if not ports:
        return steps
    paths, found = Paths(graph, catalogue), dict(steps)
    for step, port in ports:
        path = paths.before(step.node, port)
        if path and (path.nodes or path.once):
            sources, described = _path(path, steps)
            old = found[step.node]
            found[step.node] = replace(old, sources={**old.sources, port: sources}, paths={**old.paths, port: described})
    return found


def _path(path: Path, steps: Mapping[str, Step]) -> tuple[tuple[Endpoint, ...], Mapping[str, Any]]:
    """Return the sources of a path, and the path as JSON: its modules in order, and where each of their inputs comes from (`preprocessing.Place`)."""
    places = {each.node: at for at, each in enumerate(path.nodes)}
    sources = [path.start]

    def place(end: Endpoint) -> list[Any]:
        if end != path.start and end.node in places:
            return [places[end.node], end.port]
        if end not in sources:
            sources.append(end)
        return [-1 - sources.index(end), ""]

    described = [
        {
            "module": steps[each.node].module,
            "settings": dict(steps[each.node].settings),
            "how": each.how,
            "inputs": {port: [place(end) for end in ends] for port, ends in sorted(steps[each.node].sources.items())},
            "rows_in": each.rows_in,
            "rows_out": list(each.rows_out),
            "transform": each.transform,
        }
        for each in path.nodes
    ]
    once = [[steps[node].module, why] for node, why in path.once.items()]
    return tuple(sources), {"steps": described, "output": place(path.end), "once": once}


def options_of(graph: Graph, node: Node, catalogue: Catalogue) -> RunOptions:
    """Return the run options of a node: its own, else the graph's. A graph-wide target `worker` does not apply to user code."""
    options = graph.execution_of(node.id)
    if options.target == "worker" and "target" not in node.execution and catalogue.modules[node.module].runs_code:
        return replace(options, target=None)
    return options


def _sources(graph: Graph) -> dict[str, dict[str, tuple[Endpoint, ...]]]:
    sources: dict[str, dict[str, tuple[Endpoint, ...]]] = {}
    for edge in graph.edges:
        ports = sources.setdefault(edge.target.node, {})
        ports[edge.target.port] = (*ports.get(edge.target.port, ()), edge.source)
    return sources


def _step(
    node: Node,
    catalogue: Catalogue,
    sources: Mapping[str, tuple[Endpoint, ...]],
    found: Mapping[str, Mapping[str, Any]],
    execution: RunOptions,
) -> Step:
    module = catalogue.modules[node.module]
    settings = module.settings(node.params)
    kept = {param.name: settings[param.name] for param in module.params if param.kind not in RESOLVED}
    return Step(node.id, module.id, kept, sources, found, execution)
