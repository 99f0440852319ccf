"""Who uses a version: pipelines whose kept runs loaded it, and what serves it, which other nouns add at start-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated

import msgspec
from django.db.models import TextField
from django.db.models.functions import Cast

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


def children_of(version: ModelVersion, *, but_own: bool = False) -> list[ModelVersion]:
    """The versions that were made of a version, such as by training on; with `but_own` only those of other models."""
    others = ModelVersion.objects.filter(model__workspace=version.model.workspace_id).exclude(pk=version.pk).select_related("model")
    others = others.exclude(model=version.model_id) if but_own else others
    named = others.annotate(text=Cast("origin", TextField())).filter(text__contains=version.digest).order_by("pk")
    return [each for each in named if any(data["digest"] == version.digest for data in each.origin.get("datasets", ()))]


def users_of(version: ModelVersion) -> list[Use]:
    """What uses a version; what serves it first."""
    served = [use for source in SOURCES for use in source(version)]
    pipelines: dict[str, Use] = {}
    for run in flow.readers(version.output, version.model.workspace_id):
        if run.document:
            use = pipelines.setdefault(run.document, Use("pipeline", run.document, str(run.graph.get("name") or "")))
            use.runs += 1
    return [*served, *pipelines.values()]
