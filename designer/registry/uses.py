"""Who uses a version: pipelines whose kept runs loaded it, and what serves it, which other nouns add at start-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated

import msgspec

from designer.registry.models import ModelVersion
from pipelines import flow


class Use(msgspec.Struct):
    """Something that uses a version."""

    kind: Annotated[str, msgspec.Meta(description="`pipeline`, or what serves it, such as `endpoint`.")]
    id: str
    name: str
    serves: Annotated[bool, msgspec.Meta(description="Whether it answers requests with the version now.")] = False
    runs: int = 0


# Nouns above the registry, such as endpoints, add here what uses a version of theirs.
SOURCES: list[Callable[[ModelVersion], Iterable[Use]]] = []


def users_of(version: ModelVersion) -> list[Use]:
    """What uses a version; what serves it first."""
    served = [use for source in SOURCES for use in source(version)]
    pipelines: dict[str, Use] = {}
    for run in flow.readers(version.output, version.model.workspace_id):
        if run.document:
            use = pipelines.setdefault(run.document, Use("pipeline", run.document, str(run.graph.get("name") or "")))
            use.runs += 1
    return [*served, *pipelines.values()]
