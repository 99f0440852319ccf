"""What triggers watch, and the check that no trigger starts itself through others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal

import msgspec

from designer.schedules.sources import DATASET, PIPELINE

# Each says which pipeline adds versions to a dataset; None for a dataset that it does not know.
WRITERS: list[Callable[[str], str | None]] = []


class Watched(msgspec.Struct, frozen=True):
    """A source: a dataset, the successful runs of a pipeline, alarms of an endpoint, an alias of a model (`MODEL:ALIAS`), or the own webhook without an id."""

    kind: Literal["dataset", "pipeline", "monitor", "alias", "webhook"]
    id: Annotated[str, msgspec.Meta(max_length=100)] = ""


class Watch(msgspec.Struct, frozen=True):
    """When a trigger starts a run.

    Args:
        sources: What it watches.
        needs: Whether an event of any source is enough, or all must have one.
        quiet_seconds: How long no further event may have come, so that several changes start one run.
        gap_seconds: The least time between two runs.
    """

    sources: Annotated[list[Watched], msgspec.Meta(min_length=1, max_length=20)]
    needs: Literal["any", "all"] = "any"
    quiet_seconds: Annotated[int, msgspec.Meta(ge=0, le=86_400)] = 60
    gap_seconds: Annotated[int, msgspec.Meta(ge=0, le=31 * 86_400)] = 0


def loop_of(pipeline: str, watch: Watch, others: Iterable[tuple[str, Any]]) -> list[str] | None:
    """The pipelines through which a trigger would start itself, from its own on; None when there is no loop.

    Args:
        pipeline: The pipeline that the trigger runs.
        watch: What it watches.
        others: Pipeline and watch of each other trigger.
    """
    follow: dict[str, set[str]] = {}
    for runs, watched in others:
        for source in watched["sources"]:
            for behind in _behind(source["kind"], source["id"]):
                follow.setdefault(behind, set()).add(runs)
    wanted = {behind for source in watch.sources for behind in _behind(source.kind, source.id)}
    ways = [[pipeline]]
    seen = {pipeline}
    while ways:
        way = ways.pop()
        if way[-1] in wanted:
            return way
        for other in sorted(follow.get(way[-1], set()) - seen):
            seen.add(other)
            ways.append([*way, other])
    return None


def _behind(kind: str, id: str) -> list[str]:
    """The pipelines whose runs make the events of a source."""
    if kind == DATASET:
        return [writer for known in WRITERS if (writer := known(id)) is not None]
    return [id] if kind == PIPELINE else []
