"""From events to ticks: the tick of a trigger and its cursors are written in one transaction, so that no event is lost or used twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from django.db import transaction
from django.db.models import F

from designer.schedules.models import Cursor, Event, Kind, Origin, Outcome, Overlap, Schedule, Tick
from designer.schedules.planning import is_going, waiting
from designer.schedules.watch import Watch

# A source that never rests starts a run after this many quiet times.
PATIENCE = 10


def react(now: datetime) -> None:
    """Make a tick for each trigger whose events are due."""
    unread = Cursor.objects.filter(source__last__gt=F("through")).values_list("schedule_id", flat=True).distinct()
    for id in list(unread):
        fire(id, now)


def fire(id: str, now: datetime) -> None:
    """Make the tick of a trigger, if its events are due; else they stay unread."""
    with transaction.atomic():
        schedule = Schedule.objects.select_for_update().filter(pk=id, kind=Kind.EVENTS).first()
        if schedule is None or schedule.is_paused(now):
            return
        watch = msgspec.convert(schedule.watch, Watch)
        cursors = list(Cursor.objects.filter(schedule=schedule).select_related("source").order_by("pk"))
        unread = [cursor for cursor in cursors if cursor.source.last > cursor.through]
        if not unread or (watch.needs == "all" and len(unread) < len(cursors)) or not _is_time(schedule, watch, unread, now):
            return
        read = [
            {"source": each.source_id, "kind": each.source.kind, "from": each.through + 1, "through": each.source.last} for each in unread
        ]
        last = Event.objects.get(source=unread[-1].source_id, number=unread[-1].source.last)
        Tick.objects.create(
            schedule=schedule,
            origin=Origin.EVENTS,
            planned=now,
            due=now,
            made_at=now,
            outcome=Outcome.WAITING,
            overlap=schedule.overlap,
            last_event=last,
            events=read,
        )
        for cursor in unread:
            cursor.through = cursor.source.last
            cursor.save(update_fields=["through"])


def _is_time(schedule: Schedule, watch: Watch, unread: list[Cursor], now: datetime) -> bool:
    """Whether the sources are quiet, the last run is long enough ago, and no earlier one is in progress."""
    if schedule.overlap == Overlap.QUEUE_ONE and (waiting(schedule).exists() or is_going(schedule)):
        return False
    ends = [(each.source_id, number) for each in unread for number in (each.through + 1, each.source.last)]
    at = [Event.objects.values_list("at", flat=True).get(source=source, number=number) for source, number in ends]
    quiet = timedelta(seconds=watch.quiet_seconds)
    if timedelta(0) <= now - max(at) < quiet and now - min(at) < PATIENCE * quiet:
        return False
    before = Tick.objects.filter(schedule=schedule, origin=Origin.EVENTS).order_by("-pk").values_list("made_at", flat=True).first()
    return before is None or not timedelta(0) <= now - before < timedelta(seconds=watch.gap_seconds)
