"""The scheduler: looks twice a second at what is due. Any number of them may run, in any web processes, and each may be killed at any moment.

Whatever it decides stands in rows first, in short transactions under the schedule's lock; a tick becomes a run in one transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from django.db import DatabaseError, InterfaceError, close_old_connections, connection, connections
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from designer.notices import delivery
from designer.notices.services import KEPT
from designer.notices.services import forget as forget_notices
from designer.published import saving
from designer.schedules import planning, sources, starting, triggers
from designer.schedules.models import Cursor, Event, Kind, Outcome, Schedule, Source, Tick
from pipelines.flow import log_context
from pipelines.periodic import Periodic

log = logging.getLogger(__name__)
LOOK_SECONDS = 0.5
DELIVER_SECONDS = 2.0
FORGET_EVERY = 7200
KEPT_TICKS, KEPT_EVENTS = 10_000, 1000
# What other apps do at each look, with the present time; like all of it, it may be called by several processes at once.
LOOKS: list[Callable[[datetime], None]] = [saving.settle]


class Scheduler:
    """Two threads of a web process: one makes ticks and starts runs, the other sends notices, which may take long."""

    def __init__(self) -> None:
        self._looks = 0
        self._threads = (
            Periodic(LOOK_SECONDS, self._look, at_end=connections.close_all),
            Periodic(DELIVER_SECONDS, partial(_calmly, delivery.deliver), at_end=connections.close_all),
        )

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        for thread in self._threads:
            thread.stop()

    def _look(self) -> None:
        self._looks += 1
        _calmly(look)
        if self._looks % FORGET_EVERY == 0:
            _calmly(forget)


def _calmly(work: Callable[[datetime], None]) -> None:
    """Work that is repeated soon: an unreachable database is one line in the log."""
    close_old_connections()
    try:
        work(timezone.now())
    except (DatabaseError, InterfaceError) as fault:
        log.warning("the scheduler could not reach the database: %s", fault)
        connection.close()
    finally:
        close_old_connections()


def look(now: datetime) -> None:
    """Do everything that is due. What fails at one schedule does not keep others."""
    _each([partial(starting.settle, now)])
    due = Schedule.objects.filter(kind=Kind.TIMES, next_at__lte=now).order_by("next_at").values_list("pk", flat=True)
    _each(partial(planning.plan, id, now) for id in list(due))
    _each([partial(sources.collect, now), partial(triggers.react, now)])
    waiting = Tick.objects.filter(outcome=Outcome.WAITING).values_list("schedule_id", flat=True).distinct()
    _each(partial(starting.start_waiting, id, now) for id in list(waiting))
    _each(partial(further, now) for further in LOOKS)


def _each(work: Iterable[Callable[[], None]]) -> None:
    for one in work:
        try:
            with log_context():
                one()
        except (DatabaseError, InterfaceError):
            raise
        except Exception:
            log.exception("a schedule could not be looked after")


def forget(now: datetime) -> None:
    """Delete the oldest ticks of schedules that have very many, old notices, and events that all have read. None of them comes again."""
    for id in Schedule.objects.values_list("pk", flat=True):
        oldest = Tick.objects.filter(schedule_id=id).order_by("-pk").values_list("pk", flat=True)[KEPT_TICKS : KEPT_TICKS + 1]
        for pk in list(oldest):
            Tick.objects.filter(schedule_id=id, pk__lte=pk).exclude(outcome=Outcome.WAITING).delete()
    forget_notices(now)
    Source.objects.filter(cursors=None, since__lt=now - KEPT).delete()
    unread = Cursor.objects.filter(source=OuterRef("source"), through__lt=OuterRef("number"))
    Event.objects.filter(~Exists(unread), number__lt=F("source__last") - KEPT_EVENTS).delete()
