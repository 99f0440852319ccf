"""From planned instants to ticks: each instant that has come gets one row, with what is to become of it, in one short transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any

from django.db import transaction

from designer.notices import services as notices
from designer.schedules.models import CatchUp, Kind, Origin, Outcome, Overlap, Schedule, Tick
from designer.schedules.times import Times, read_times
from pipelines.flow import TERMINAL
from pipelines.models import Run

PIECE = 500
MOST_WAITING = 100
LATE = timedelta(seconds=60)
AWAY = "No scheduler was running then"


def jitter(schedule: Schedule, planned: datetime) -> timedelta:
    """The delay of an instant: the same whenever it is asked for."""
    if not schedule.jitter_seconds:
        return timedelta(0)
    mark = sha256(f"{schedule.pk} {planned.isoformat()}".encode()).digest()
    return timedelta(seconds=int.from_bytes(mark[:8]) % (schedule.jitter_seconds + 1))


def look_again(schedule: Schedule, times: Times) -> None:
    """Set when the scheduler has to look at a schedule again: at its next planned instant."""
    planned = next(times.after(schedule.through), None)
    schedule.next_at = planned + jitter(schedule, planned) if planned else None


def plan_all(id: str, now: datetime) -> None:
    """Give each instant that has come its tick, however many there are: what changes next must not change what they were."""
    while Schedule.objects.filter(pk=id, kind=Kind.TIMES, next_at__lte=now).exists():
        plan(id, now)


def plan(id: str, now: datetime) -> None:
    """Give each instant of a schedule that has come its tick."""
    with transaction.atomic():
        schedule = Schedule.objects.select_for_update().filter(pk=id, kind=Kind.TIMES, next_at__lte=now).first()
        if schedule is None:
            return
        times = read_times(schedule.times)
        come = []
        for planned in islice(times.after(schedule.through), PIECE):
            if planned + jitter(schedule, planned) > now:
                break
            come.append(planned)
        ticks = _ticks(schedule, come, len(come) == PIECE, now)
        if any(tick.outcome == Outcome.WAITING for tick in ticks):
            _make_room(schedule)
        Tick.objects.bulk_create(ticks, ignore_conflicts=True)  # after the clock was set back an instant may have one
        missed = sum(tick.outcome == Outcome.MISSED for tick in ticks)
        if missed:
            times_ = "1 planned time was" if missed == 1 else f"{missed} planned times were"
            notices.add(schedule, "missed", f"{times_} missed: {ticks[0].reason.rstrip('.')}.", now)
        if come:
            schedule.through = come[-1]
        look_again(schedule, times)
        schedule.save(update_fields=["through", "next_at"])


def _ticks(schedule: Schedule, come: Sequence[datetime], more: bool, now: datetime) -> list[Tick]:
    """The ticks of the instants that have come; `more` when others have come after them."""
    room = MOST_WAITING - waiting(schedule).count()
    busy = is_going(schedule) or room < MOST_WAITING
    ticks = []
    for number, planned in enumerate(come, 1):
        due = planned + jitter(schedule, planned)
        outcome, reason = _fate(schedule, planned, due, is_last=number == len(come) and not more, now=now)
        if outcome == Outcome.WAITING and schedule.overlap == Overlap.SKIP and busy:
            outcome, reason = Outcome.SKIPPED, "An earlier run was still in progress."
        elif outcome == Outcome.WAITING and room <= 0:
            outcome, reason = Outcome.SKIPPED, f"{MOST_WAITING} earlier times were already waiting."
        elif outcome == Outcome.WAITING:
            busy, room = True, room - 1
        ticks.append(
            Tick(
                schedule=schedule,
                origin=Origin.TIMES,
                planned=planned,
                due=due,
                made_at=now,
                outcome=outcome,
                reason=reason,
                overlap=schedule.overlap,
            )
        )
    return ticks


def _fate(schedule: Schedule, planned: datetime, due: datetime, *, is_last: bool, now: datetime) -> tuple[Outcome, str]:
    """What is to become of an instant, but for other runs."""
    if schedule.is_paused(planned):
        note = f": {schedule.pause_note}" if schedule.pause_note else ""
        return Outcome.SKIPPED, f"The schedule was paused by {schedule.paused_by}{note}"[:500]
    if now - due < LATE:
        return Outcome.WAITING, ""
    if now - due > timedelta(seconds=schedule.window_seconds):
        return Outcome.MISSED, f"{AWAY}, and the catch-up window of {_length(schedule.window_seconds)} was over."
    if schedule.catch_up == CatchUp.NONE:
        return Outcome.MISSED, f"{AWAY}, and the schedule does not catch up."
    if schedule.catch_up == CatchUp.LAST and not is_last:
        return Outcome.MISSED, f"{AWAY}, and only the last missed time is caught up."
    return Outcome.WAITING, ""


def _length(seconds: int) -> str:
    for size, unit in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds % size == 0:
            return f"{seconds // size} {unit}{'' if seconds == size else 's'}"
    return f"{seconds} seconds"


def _make_room(schedule: Schedule) -> None:
    """Where one tick waits at most, the newer one takes the place of the older."""
    if schedule.overlap in (Overlap.QUEUE_ONE, Overlap.CANCEL):
        older = waiting(schedule).filter(origin=Origin.TIMES)
        older.update(outcome=Outcome.SKIPPED, reason="A later time took its place while an earlier run was in progress.")


def waiting(schedule: Schedule) -> Any:
    """The ticks of a schedule that wait for their run."""
    return Tick.objects.filter(schedule=schedule, outcome=Outcome.WAITING)


def going(schedule: Schedule) -> list[str]:
    """The runs of a schedule that are not over."""
    runs = list(Tick.objects.filter(schedule=schedule, outcome=Outcome.STARTED, ended="").values_list("run", flat=True))
    return list(Run.objects.filter(pk__in=runs).exclude(state__in=TERMINAL).values_list("pk", flat=True)) if runs else []


def is_going(schedule: Schedule) -> bool:
    """Whether a run of a schedule is not over."""
    return bool(going(schedule))
