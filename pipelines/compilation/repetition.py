"""Repetition in a plan: the steps that a module repeats become a part of its step, and each of them a step that passes on what was gathered.

The body of the repeating step is JSON: its `steps` in order, as the plan stores steps, under the names s0, s1 and so on; what they read of the item is the
output `rows` of "item", and what each item gets as it is, the outputs 0, 1 and so on of "given". `outputs` are the ends that are gathered, and `kinds` what
comes of them; `titles` and `names` are for people, and no part of the cache key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipelines.catalogue.discover import Catalogue
from pipelines.catalogue.ports import MODEL, TABLE
from pipelines.catalogue.repeated import GIVEN, ROWS
from pipelines.compilation.step import Step
from pipelines.graph.model import Endpoint, Graph
from pipelines.graph.run_options import NONE
from pipelines.graph.shape import Shape
from pipelines.validation.naming import called
from pipelines.validation.repeating import GATHERED, Region, regions, repeating

ITEM = "item"


def contracted(steps: Mapping[str, Step], graph: Graph, catalogue: Catalogue) -> Mapping[str, Step]:
    """Return the steps in topological order, with those that are repeated within the steps that repeat them."""
    found = dict(steps)
    for region in regions(graph, catalogue):
        if region.node in found and not region.nodes.isdisjoint(found):
            found = _Contracted(found, region, graph, catalogue).steps()
    return found


def _ordered(steps: Mapping[str, Step]) -> dict[str, Step]:
    shape = Shape(steps, ((source, node) for node, step in steps.items() for source in step.needs))
    return {node: steps[node] for node in shape.order()}


def gathered_as(at: int) -> str:
    """Return the name under which the repeating step has a gathered output."""
    return f"output_{at}"


class _Contracted:
    """The steps of a plan, with those of a region in one."""

    def __init__(self, steps: Mapping[str, Step], region: Region, graph: Graph, catalogue: Catalogue) -> None:
        self._steps, self._region, self._graph, self._catalogue = steps, region, graph, catalogue
        self._inside = [node for node in steps if node in region.nodes]
        self._places = {node: f"s{at}" for at, node in enumerate(self._inside)}
        self._given: list[Endpoint] = []

    def steps(self) -> dict[str, Step]:
        """Return the steps."""
        outputs = list(self._outputs())
        body = {
            "steps": [self._step(self._steps[node]) for node in self._inside],
            "outputs": [[self._places[end.node], end.port] for end in outputs],
            "titles": [self._title(node) for node in self._inside],
            "names": [f"{self._title(end.node)}, {end.port.replace('_', ' ')}" for end in outputs],
            "kinds": [GATHERED[self._kind(end)] for end in outputs],
        }
        head = self._steps[self._region.node]
        repeating = replace(head, sources={**head.sources, GIVEN: tuple(self._given)}, body=body)
        passing = {node: self._passing(node, outputs) for node in self._inside}
        return _ordered({**self._steps, **passing, head.node: repeating})

    def _step(self, step: Step) -> Mapping[str, Any]:
        sources = {port: tuple(map(self._place, ends)) for port, ends in sorted(step.sources.items())}
        return replace(step, sources=sources, execution=NONE).as_json()

    def _place(self, end: Endpoint) -> Endpoint:
        """Return where a value comes from within the body."""
        if end.node in self._places:
            return Endpoint(self._places[end.node], end.port)
        if end == Endpoint(self._region.node, ROWS):
            return Endpoint(ITEM, ROWS)
        if end not in self._given:
            self._given.append(end)
        return Endpoint(GIVEN, str(self._given.index(end)))

    def _outputs(self) -> Iterator[Endpoint]:
        """Yield the ends to gather: those that are read outside, or not in the region."""
        read = [(end, node) for node, step in self._steps.items() for ends in step.sources.values() for end in ends]
        inner = {end for end, node in read if node in self._places}
        outer = {end for end, node in read if node not in self._places}
        for node in self._inside:
            step = self._steps[node]
            for port in self._ports(step):
                if (end := Endpoint(node, port)) in outer or end not in inner:
                    yield end

    def _ports(self, step: Step) -> Sequence[str]:
        if (passed := step.body.get("passes")) is not None:
            return [port for port in passed if self._kind(Endpoint(step.node, port)) != MODEL]  # which are models by group by now
        module = self._catalogue.modules[step.module]
        rows = ROWS if repeating(module) else ""  # they are those of its input
        return [port.name for port in module.outputs if port.kind in GATHERED and port.name != rows]

    def _kind(self, end: Endpoint) -> str:
        """Return the kind of an output of an item."""
        module = self._catalogue.modules[self._graph.nodes[end.node].module]
        return next((port.kind for port in module.outputs if port.name == end.port), TABLE)

    def _passing(self, node: str, outputs: Sequence[Endpoint]) -> Step:
        """Return the step that stands for a repeated one: it passes on what was gathered of its outputs."""
        head = self._steps[self._region.node]
        sources = {end.port: (Endpoint(head.node, gathered_as(at)),) for at, end in enumerate(outputs) if end.node == node}
        kinds = [GATHERED[self._kind(Endpoint(node, port))] for port in sources]
        return Step(node, head.module, {}, sources or {ROWS: (Endpoint(head.node, ROWS),)}, body={"passes": list(sources), "kinds": kinds})

    def _title(self, node: str) -> str:
        drawn = self._graph.nodes[node]
        return called(drawn, self._catalogue.modules[drawn.module])
