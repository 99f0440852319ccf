"""Places on the canvas for the nodes of a document that a program wrote without any."""

from __future__ import annotations

from dataclasses import replace
from statistics import fmean

from pipelines.graph.model import Graph
from pipelines.graph.shape import Shape

ACROSS, DOWN = 260.0, 140.0  # a card and the space beside it, in pixels


def with_positions(graph: Graph) -> Graph:
    """The graph from top to bottom: each node below all that feed it, in a row with those as deep, about below the middle of what feeds it."""
    shape = Shape.of(graph)
    across: dict[str, float] = {}
    down: dict[str, float] = {}
    for depth, layer in enumerate(shape.layers()):
        above = {node: fmean([across[source] for source in shape.sources(node) if source in across] or [0.0]) for node in layer}
        for place, node in enumerate(sorted(layer, key=lambda node: (above[node], node))):
            across[node], down[node] = (place - (len(layer) - 1) / 2) * ACROSS, depth * DOWN
    return replace(graph, nodes={id: replace(node, position=(across[id], down[id])) for id, node in graph.nodes.items()})
