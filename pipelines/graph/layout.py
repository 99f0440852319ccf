"""Automatic layout of documents that programs create without positions."""

from __future__ import annotations

from dataclasses import replace
from statistics import fmean

from pipelines.graph.model import Graph
from pipelines.graph.shape import Shape

ACROSS, DOWN = 260.0, 140.0  # the size of a card with its margin, in pixels


def with_positions(graph: Graph) -> Graph:
    """Lay a graph out from top to bottom: nodes of equal depth in a row in the graph's order, each below its inputs and near their middle.

    A node without inputs is in the row above the first that it feeds, so that its connections pass behind no card.
    """
    shape = Shape.of(graph)
    place = {node: number for number, node in enumerate(graph.nodes)}
    depth = {node: number for number, layer in enumerate(shape.layers()) for node in layer}
    depth |= {node: min(depth[each] for each in fed) - 1 for node, fed in shape.feeds().items() if fed and not any(shape.sources(node))}
    across: dict[str, float] = {}
    for number in sorted(set(depth.values())):
        layer = [node for node in depth if depth[node] == number]
        above = {node: fmean([across[source] for source in shape.sources(node) if source in across] or [0.0]) for node in layer}
        for column, node in enumerate(sorted(layer, key=lambda node: (above[node], place[node]))):
            across[node] = (column - (len(layer) - 1) / 2) * ACROSS
    positions = {node: (across[node], depth[node] * DOWN) for node in graph.nodes}
    return replace(graph, nodes={id: replace(node, position=positions[id]) for id, node in graph.nodes.items()})
