"""Values that depend on the run. A schedule gives one for a parameter as `{"$value": "scheduled_time"}`; the run gets the value it stands for then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from designer.datasets.models import DatasetVersion
from designer.http.errors import Refusal
from designer.schedules.models import Event, Outcome, Schedule, Tick
from designer.schedules.sources import DATASET
from pipelines.flow import Graph, State

VALUE = "$value"
SCHEDULED, STARTED, SUCCEEDED, VERSION = "scheduled_time", "run_time", "previous_success_time", "dataset_version"
_FORMS: Mapping[str, Callable[[datetime], str]] = {
    "text": lambda at: at.isoformat(timespec="seconds"),
    "date": lambda at: at.date().isoformat(),
    "time": lambda at: at.strftime("%H:%M"),
}
_TIMES = frozenset(_FORMS)
SUITS = {SCHEDULED: _TIMES, STARTED: _TIMES, SUCCEEDED: _TIMES, VERSION: frozenset({"integer", "number"})}


def check(schedule: Schedule, graph: Graph) -> None:
    """Refuse a built-in value that there is none of, or that its parameter cannot have.

    Raises:
        Refusal: 422 with the name of the parameter.
    """
    watched = [source for source in (schedule.watch or {}).get("sources", ()) if source["kind"] == DATASET]
    for name, value in schedule.parameters.items():
        known = built_in(value)
        if known is None:
            continue
        if known not in SUITS:
            words, remedy = f"There is no built-in value “{known[:64]}”.", f"Choose one of {', '.join(SUITS)}."
        elif (type := graph.parameters.get(name, {}).get("type")) and type not in SUITS[known]:
            words = f"The parameter {name} is of the type {type}, which {known} does not suit."
            remedy = f"Types that it suits: {', '.join(sorted(SUITS[known]))}."
        elif known == VERSION and len(watched) != 1:
            words, remedy = f"{known} is for a trigger that watches one dataset.", "Watch one dataset, or give another value."
        else:
            continue
        raise Refusal(422, "bad_built_in", words, remedy=remedy, field="parameters")


def built_in(value: object) -> str | None:
    """The name of a built-in value; None for a plain value."""
    return value[VALUE] if isinstance(value, dict) and value.keys() == {VALUE} and isinstance(value[VALUE], str) else None


def resolved(schedule: Schedule, graph: Graph, tick: Tick | None, now: datetime) -> dict[str, Any]:
    """The values of a schedule's parameters for the run of a tick; None for one that is only checked.

    Times are those of the schedule's zone; a trigger's are UTC. What has no value yet, such as the time before the first success, is left out:
    the parameter has its default then.

    Raises:
        Refusal: 422 when one cannot be used, perhaps because the pipeline has changed.
    """
    check(schedule, graph)
    given = {name: value for name, value in schedule.parameters.items() if built_in(value) is None}
    for name, value in schedule.parameters.items():
        if known := built_in(value):
            found = _value(known, graph.parameters.get(name, {}).get("type", "text"), schedule, tick, now)
            given |= {} if found is None else {name: found}
    return given


def _value(known: str, type: str, schedule: Schedule, tick: Tick | None, now: datetime) -> Any:
    if known == VERSION:
        return _version(tick) if tick else 1
    at: datetime | None = tick.planned if tick and known == SCHEDULED else now
    if known == SUCCEEDED:
        at = _succeeded(tick) if tick else None
    zone = ZoneInfo(schedule.times["zone"]) if schedule.times else UTC
    return _FORMS[type](at.astimezone(zone)) if at else None


def _succeeded(tick: Tick) -> datetime | None:
    """The planned instant of the last successful run before a tick, by planned instants: a backfill gives what was so then."""
    earlier = Tick.objects.filter(schedule=tick.schedule_id, outcome=Outcome.STARTED, ended=State.DONE, planned__lt=tick.planned)
    last = earlier.order_by("-planned").first()
    return last.planned if last else None


def _version(tick: Tick) -> int | None:
    """The number of the dataset's version that the newest event of a tick tells."""
    for used in tick.events:
        if used["kind"] == DATASET:
            event = Event.objects.filter(source=used["source"], number=used["through"]).first()
            version = DatasetVersion.objects.filter(pk=event.ref).first() if event else None
            return version.number if version else None
    return None
