"""Draws graphs for tests in a few words."""

import itertools
from collections.abc import Mapping
from typing import Any

from pipelines.graph import codec
from pipelines.graph.model import Graph

CSV = {"text": "a,b\n1,x\n2,y\n3,z"}
TABLE = ("data.enter_data", CSV)


def document(nodes: Mapping[str, str | tuple[Any, ...]], *edges: str) -> dict[str, Any]:
    """A document of nodes (module, or module, settings and execution) and edges written "a.table b.table"."""
    named = {id: (node,) if isinstance(node, str) else node for id, node in nodes.items()}
    drawn = {id: dict(zip(("module", "params", "execution"), node, strict=False)) for id, node in named.items()}
    return {"nodes": drawn, "edges": [edge.split() for edge in edges]}


def draw(nodes: Mapping[str, str | tuple[Any, ...]], *edges: str) -> Graph:
    """The graph of such a document."""
    return codec.load(document(nodes, *edges))


def chain(length: int, module: str = "trial.pass_on", **params: Any) -> Graph:
    """A table `source` and steps `n0`, `n1`… behind each other; each is marked with its number where it can be."""
    nodes = {"source": TABLE, **{f"n{index}": (module, {"mark": index, **params}) for index in range(length)}}
    names = list(nodes)
    return draw(nodes, *(f"{one}.table {next}.table" for one, next in itertools.pairwise(names)))


def fan(width: int, module: str = "trial.pass_on", **params: Any) -> Graph:
    """A table `source` and steps `n0`, `n1`… that all read it."""
    nodes = {"source": TABLE, **{f"n{index}": (module, {"mark": index, **params}) for index in range(width)}}
    return draw(nodes, *(f"source.table n{index}.table" for index in range(width)))


def codes(problems: Any) -> list[str]:
    """The codes of problems, sorted."""
    return sorted(problem.code for problem in problems)
