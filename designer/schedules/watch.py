"""What triggers watch, and the check that no trigger starts itself through others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

import msgspec

from designer.http.errors import Refusal
from designer.schedules.models import Kind, Schedule
from designer.schedules.sources import DATASET, PIPELINE
from designer.schedules.targets import events_of, name_of

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


class _Link(msgspec.Struct, frozen=True):
    """A trigger as others see it: the name of what it runs, the events that this makes, and those that it watches, by kind and subject."""

    runs: str
    makes: set[tuple[str, str]]
    watches: set[tuple[str, str]]


def check_loop(schedule: Schedule) -> None:
    """Check that a trigger does not start itself, also through others.

    Raises:
        Refusal: 422 with the way when it does.
    """
    others = Schedule.objects.filter(workspace=schedule.workspace_id, kind=Kind.EVENTS, watch__isnull=False).exclude(pk=schedule.pk)
    triggers = [schedule, *others.select_related("pipeline", "published")]
    watches = [{(each["kind"], each["id"]) for each in (trigger.watch or {"sources": ()})["sources"]} for trigger in triggers]
    imports = [((PIPELINE, writer), (kind, id)) for kind, id in set().union(*watches) if kind == DATASET for writer in _writers(id)]
    links = []
    for trigger, watched in zip(triggers, watches, strict=True):
        made = events_of(trigger)
        links.append(_Link(name_of(trigger), made | {dataset for run, dataset in imports if run in made}, watched))
    if way := _loop(links[0], links[1:]):
        told = " starts ".join(f"“{link.runs}”" for link in [*way, way[0]])
        raise Refusal(422, "trigger_loop", f"The trigger would start itself: {told}.", remedy="Watch something else.", field="watch")


def _loop(own: _Link, others: Sequence[_Link]) -> list[_Link] | None:
    """The triggers through which one starts itself, from itself on; None when there is no loop."""
    ways, left = [[own]], list(others)
    while ways:
        way = ways.pop()
        if way[-1].makes & own.watches:
            return way
        ways += [[*way, link] for link in left if link.watches & way[-1].makes]
        left = [link for link in left if not link.watches & way[-1].makes]
    return None


def _writers(dataset: str) -> list[str]:
    """The pipelines that add versions to a dataset."""
    return [writer for known in WRITERS if (writer := known(dataset)) is not None]
