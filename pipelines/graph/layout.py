"""Automatic layout of documents that programs create without positions."""

from __future__ import annotations

from dataclasses import replace
from statistics import fmean

from pipelines.graph.model import Graph
from pipelines.graph.shape import Shape

ACROSS, DOWN = 260.0, 140.0  # the size of a card with its margin, in pixels


def with_positions(graph: Graph) -> Graph:
    """Lay a graph out from top to bottom: nodes of equal depth in a row, each below its inputs and near their middle."""
    shape = Shape.of(graph)
    across: dict[str, float] = {}
    down: dict[str, float] = {}
    for depth, layer in enumerate(shape.layers()):
        above = {node: fmean([across[source] for source in shape.sources(node) if source in across] or [0.0]) for node in layer}
        for place, node in enumerate(sorted(layer, key=lambda node: (above[node], node))):
            across[node], down[node] = (place - (len(layer) - 1) / 2) * ACROSS, depth * DOWN
    return replace(graph, nodes={id: replace(node, position=(across[id], down[id])) for id, node in graph.nodes.items()})
