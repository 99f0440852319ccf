"""The names of nodes in sentences for people."""

from __future__ import annotations

from pipelines.catalogue.module import Module
from pipelines.graph.model import Node


def called(node: Node, module: Module | None) -> str:
    """Return the display name of a node."""
    return node.title or (module.title if module else node.id)
