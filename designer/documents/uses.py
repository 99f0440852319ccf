"""Where a pipeline is in use, such as endpoints and schedules, which other nouns add at start-up; and what has changed in it since."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from designer.documents import repository, schemas
from designer.documents.models import Pipeline
from pipelines import flow
from pipelines.catalogue.discover import catalogue
from pipelines.graph.binding import bind
from pipelines.graph.changes import changed_steps

Kind = Literal["endpoint", "published", "schedule", "trigger"]


@dataclass(frozen=True)
class Use:
    """Something that was made from a pipeline.

    `graph` is what it executes: None where that is the current state, or is not known any more (`is_current` tells which). Only what leads to `node`
    counts, if it is given. `values` are those of the parameters in `graph`, if it has no references to them.
    """

    kind: Kind
    id: str
    name: str
    version: int | None = None
    graph: flow.Graph | None = None
    is_current: bool = False
    node: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


# Nouns above documents, such as endpoints, add here what of theirs uses a pipeline.
SOURCES: list[Callable[[Pipeline], Iterable[Use]]] = []


def uses_of(pipeline: Pipeline) -> list[schemas.PipelineUse]:
    """Where a pipeline is in use, with the steps of its current state that differ from what is in use."""
    found = [use for source in SOURCES for use in source(pipeline)]
    if not found:
        return []
    _, reading = repository.read_draft(pipeline.pk)
    return [schemas.PipelineUse(use.kind, use.id, use.name, use.version, _changed(reading.drawing, use)) for use in found]


def _changed(drawing: flow.Graph, use: Use) -> list[str] | None:
    if use.graph is None:
        return [] if use.is_current else None
    now = bind(drawing, {name: value for name, value in use.values.items() if name in drawing.parameters}).graph if use.values else drawing
    return changed_steps(_with_defaults(now), _with_defaults(use.graph), use.node)


def _with_defaults(graph: flow.Graph) -> flow.Graph:
    """A graph with every setting: one that was put back to its default equals one that was never set."""
    modules = catalogue().modules
    nodes = {
        id: replace(node, params=modules[node.module].settings(node.params)) if node.module in modules else node
        for id, node in graph.nodes.items()
    }
    return replace(graph, nodes=nodes)
