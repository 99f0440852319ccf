"""From waiting ticks to runs: a run and its tick are written in one transaction, so that each tick starts one run."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import Exists, F, OuterRef

from designer.audit import trail
from designer.http.errors import Refusal
from designer.notices import services as notices
from designer.schedules import targets
from designer.schedules.models import Kind, Origin, Outcome, Overlap, Schedule, Tick
from designer.schedules.planning import AWAY, LATE, going
from designer.schedules.watch import check_loop
from designer.workspaces.people import email_of
from designer.workspaces.permissions import require
from pipelines import flow
from pipelines.models import Run

log = logging.getLogger(__name__)
BY_EASEL = "Easel"
DELETED = "deleted"
MOST_SETTLED = 1000
BROKEN = "An unexpected error occurred; the log of the server has it."


class Taken(Exception):
    """Another scheduler started it, or it has to wait."""


def start_waiting(id: str, now: datetime) -> None:
    """Start what waits at a schedule, as far as its overlap policy lets it."""
    schedule = Schedule.objects.select_related("pipeline", "published__workspace", "run_as", "version", "workspace").filter(pk=id).first()
    if schedule is None:
        return
    for tick in Tick.objects.filter(schedule=schedule, outcome=Outcome.WAITING).order_by("pk"):
        window = timedelta(seconds=schedule.window_seconds)
        if tick.origin == Origin.TIMES and now - tick.due > window and tick.made_at < now - LATE:
            _end(tick, Outcome.MISSED, "It waited for an earlier run until the catch-up window was over.")
            continue
        if tick.overlap == Overlap.CANCEL:
            _cancel(schedule)
        if tick.overlap != Overlap.PARALLEL and going(schedule):
            continue
        _start(schedule, tick, now)


def _start(schedule: Schedule, tick: Tick, now: datetime) -> None:
    """Start the run of a tick, or say why there is none."""

    def alongside(run: Run) -> None:
        locked = Schedule.objects.select_for_update().get(pk=schedule.pk)
        if tick.overlap != Overlap.PARALLEL and going(locked):
            raise Taken
        late = now - tick.due > LATE
        why = (f"{AWAY}." if tick.made_at - tick.due > LATE else "It waited for an earlier run.") if late else ""
        found = Tick.objects.filter(pk=tick.pk, outcome=Outcome.WAITING)
        if not found.update(outcome=Outcome.STARTED, run=run.pk, started_at=run.created_at, late=late, reason=tick.reason or why):
            raise Taken

    person = schedule.run_as
    if person is None or not _may(person, schedule):
        return _lose_person(schedule, tick, now)
    with trail.drafting(_action(schedule)) as draft:
        draft.kind, draft.workspace, draft.via = "run", schedule.workspace_id, "schedule"
        draft.user_id, draft.user_name, draft.details = person.pk, email_of(person), {"schedule": schedule.name}
        try:
            if schedule.kind == Kind.EVENTS:
                check_loop(schedule)
            run = targets.start(schedule, tick, person, now, alongside)
        except Taken:
            return
        except (Refusal, flow.UnsoundGraph) as refused:
            code, words = _words(refused)
            if _end(tick, Outcome.FAILED, words):
                draft.code = code
                trail.record(draft, 422)
                fail(schedule, tick, f"The run of “{schedule.name}” could not start: {words}", None, now)
            return
        except (DatabaseError, InterfaceError):
            raise  # it waits until the database is there again
        except Exception:
            log.exception("the run of schedule %s could not start", schedule.pk)
            if _end(tick, Outcome.FAILED, BROKEN):
                fail(schedule, tick, f"The run of “{schedule.name}” could not start. {BROKEN}", None, now)
            return
        draft.subject, draft.name = run.pk, targets.name_of(schedule)
        trail.record(draft, 201)


def _words(refused: Refusal | flow.UnsoundGraph) -> tuple[str, str]:
    """The code of a refusal, and its words with the remedy."""
    if isinstance(refused, flow.UnsoundGraph):
        first = refused.problems[0]
        return first.code, f"{first.words} {first.remedy or ''}".strip()[:500]
    error = refused.body["error"]
    return error["code"], f"{error['words']} {error['remedy'] or ''}".strip()[:500]


def _action(schedule: Schedule) -> str:
    """What the person must be allowed to do."""
    return "run.start" if schedule.pipeline_id else "published.run"


def _may(person: User, schedule: Schedule) -> bool:
    try:
        require(person, _action(schedule), schedule.workspace_id)
    except Refusal:
        return False
    return True


def _lose_person(schedule: Schedule, tick: Tick, now: datetime) -> None:
    """Pause a schedule whose person may not start runs any more."""
    who = email_of(schedule.run_as) if schedule.run_as else "The person"
    words = f"{who}, as whom it runs, may not start runs in this workspace any more."
    if _end(tick, Outcome.FAILED, words):
        pause(schedule, f"{words} Choose another person, then resume.", now)


def _end(tick: Tick, outcome: Outcome, reason: str) -> bool:
    """End a waiting tick without a run; returns whether it still waited."""
    return bool(Tick.objects.filter(pk=tick.pk, outcome=Outcome.WAITING).update(outcome=outcome, reason=reason[:500]))


def _cancel(schedule: Schedule) -> None:
    for run in Run.objects.filter(pk__in=going(schedule), cancelling=False):
        flow.cancel(run)


def fail(schedule: Schedule, tick: Tick, words: str, run: str | None, now: datetime) -> None:
    """Count a failure, tell about it, and pause the schedule after too many in a row. Backfills do not count."""
    notices.add(schedule, "failed", words, now, run)
    if tick.origin == Origin.BACKFILL:
        return
    Schedule.objects.filter(pk=schedule.pk).update(failures=F("failures") + 1)
    schedule.refresh_from_db(fields=["failures", "paused_at", "paused_until"])
    if schedule.pause_after and schedule.failures >= schedule.pause_after and not schedule.is_paused(now):
        pause(schedule, "A run failed." if schedule.failures == 1 else f"{schedule.failures} failures in a row.", now)


def pause(schedule: Schedule, note: str, now: datetime) -> None:
    """Pause a schedule by the scheduler itself, and tell about it."""
    Schedule.objects.filter(pk=schedule.pk).update(paused_at=now, paused_until=None, paused_by=BY_EASEL, pause_note=note[:500])
    notices.add(schedule, "paused", f"“{schedule.name}” was paused: {note}", now)


def settle(now: datetime) -> None:
    """Note how the runs of ticks ended."""
    going_on = Run.objects.filter(pk=OuterRef("run")).exclude(state__in=flow.TERMINAL)
    over = Tick.objects.filter(~Exists(going_on), outcome=Outcome.STARTED, ended="")
    open_ = dict(over.values_list("pk", "run")[:MOST_SETTLED])
    states = dict(Run.objects.filter(pk__in=open_.values()).values_list("pk", "state"))
    for pk, run in open_.items():
        _settle(pk, states.get(run or "", DELETED), now)


def _settle(pk: int, state: str, now: datetime) -> None:
    with transaction.atomic():
        tick = Tick.objects.select_related("schedule").select_for_update(of=("self",)).get(pk=pk)
        if tick.ended:
            return
        Tick.objects.filter(pk=pk).update(ended=state)
        schedule = tick.schedule
        if state == flow.State.FAILED:
            fail(schedule, tick, f"A run of “{schedule.name}” failed.", tick.run, now)
        elif state == flow.State.DONE and tick.origin != Origin.BACKFILL and schedule.failures:
            Schedule.objects.filter(pk=schedule.pk).update(failures=0)
            notices.add(schedule, "recovered", f"“{schedule.name}” has recovered: its run was successful.", now, tick.run)
