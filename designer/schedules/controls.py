"""What people do with a schedule beside changing it: pause, resume, run now, backfill, and empty its queue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from designer.http.errors import Refusal
from designer.schedules.models import Cursor, Origin, Outcome, Overlap, Schedule, Tick
from designer.schedules.planning import plan_all
from designer.schedules.times import Times
from designer.workspaces.people import name_of
from pipelines import flow

MOST_BACKFILL = 100
EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)


def pause(schedule: Schedule, person: User, note: str, until: datetime | None) -> None:
    """Pause a schedule, until it is resumed or until a time."""
    Schedule.objects.filter(pk=schedule.pk).update(
        paused_at=timezone.now(), paused_until=until, paused_by=name_of(person), pause_note=note[:500]
    )
    schedule.refresh_from_db()


def resume(schedule: Schedule, *, catch_up: bool) -> None:
    """End a pause. What fell into it is caught up by at most one run, if wanted; else the times stay skipped and the events are read."""
    now = timezone.now()
    with transaction.atomic():
        locked = Schedule.objects.select_for_update().get(pk=schedule.pk)
        if locked.paused_at is None:
            return
        plan_all(locked.pk, now)
        locked.refresh_from_db()
        skipped = Tick.objects.filter(schedule=locked, origin=Origin.TIMES, outcome=Outcome.SKIPPED, planned__gte=locked.paused_at)
        last = skipped.order_by("-planned").first()
        if catch_up and last is not None:
            Tick.objects.filter(pk=last.pk).update(outcome=Outcome.WAITING, reason="Caught up after the pause.", due=now, made_at=now)
        if not catch_up:
            for cursor in Cursor.objects.filter(schedule=locked).select_related("source"):
                Cursor.objects.filter(pk=cursor.pk).update(through=cursor.source.last)
        locked.paused_at, locked.paused_until, locked.paused_by, locked.pause_note, locked.failures = None, None, "", "", 0
        locked.save()
    schedule.refresh_from_db()


def run_now(schedule: Schedule, overlap: str) -> Tick:
    """Start one run with the values of the schedule. It moves no planned time, and works in a pause too."""
    now = timezone.now()
    return Tick.objects.create(
        schedule=schedule, origin=Origin.NOW, planned=now, due=now, made_at=now, outcome=Outcome.WAITING, overlap=overlap
    )


def backfill(schedule: Schedule, start: datetime, end: datetime, *, again: bool, newest_first: bool, dry: bool) -> list[datetime]:
    """Start a run for each planned instant of a time span, one after another; returns the instants.

    Args:
        schedule: A schedule with times.
        start, end: The span, with its ends.
        again: Also those that have a successful run.
        newest_first: The order.
        dry: Only return them.

    Raises:
        Refusal: When there are too many.
    """
    times = msgspec.convert(schedule.times, Times)
    start = max(start, EARLIEST)
    found: list[datetime] = []
    for planned in times.after(start.astimezone(UTC) - timedelta(microseconds=1)):
        if planned > min(end, timezone.now()) or len(found) > MOST_BACKFILL:
            break
        found.append(planned)
    done = Tick.objects.filter(schedule=schedule, planned__in=found, ended=flow.State.DONE).values_list("planned", flat=True)
    missing = found if again else [each for each in found if each not in set(done)]
    if len(found) > MOST_BACKFILL:
        words = f"The span has more than {MOST_BACKFILL} planned times."
        raise Refusal(422, "too_many_times", words, remedy="Choose a shorter span, and repeat.", field="end")
    missing = missing[::-1] if newest_first else missing
    if not dry:
        now = timezone.now()
        facts = {"schedule": schedule, "origin": Origin.BACKFILL, "due": now, "made_at": now, "outcome": Outcome.WAITING}
        Tick.objects.bulk_create(Tick(planned=each, overlap=Overlap.QUEUE_ALL, **facts) for each in missing)
    return missing


def drop_waiting(schedule: Schedule, person: User) -> int:
    """Skip what waits at a schedule, such as the rest of a backfill; returns how many."""
    found = Tick.objects.filter(schedule=schedule, outcome=Outcome.WAITING)
    return found.update(outcome=Outcome.SKIPPED, reason=f"Taken out of the queue by {name_of(person)}.")
