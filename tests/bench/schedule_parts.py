"""The parts of `tests.bench.schedules`, each in a process of its own, whose environment that program sets: Django is set up on import."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from itertools import pairwise, takewhile
from statistics import quantiles
from typing import Any
from zoneinfo import ZoneInfo

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from designer.documents import services as documents  # noqa: E402
from designer.schedules import controls, scheduler, services, sources  # noqa: E402
from designer.schedules.local_time import zone_names  # noqa: E402
from designer.schedules.models import Kind, Source, Tick  # noqa: E402
from designer.schedules.scheduler import Scheduler  # noqa: E402
from designer.schedules.times import read_times  # noqa: E402
from designer.workspaces.people import make_person, make_workspace  # noqa: E402
from pipelines.models import Run  # noqa: E402
from tests.bench.schedule_kills import kills, upgrade  # noqa: E402

YEARS = 10
FROM = datetime(2027, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
EVENTS = 10_000
DOCUMENT = {"format": 1, "name": "Cars", "nodes": {"a": {"module": "data.enter_data", "params": {"text": "x\n1"}}}, "edges": []}


def planned_date(at: datetime, clock: ZoneInfo, planned: clock_time) -> date:
    """The local date of a fixed time: where the clock skips it, that of the skipped time, also when the gap ends after midnight."""
    before, after = ((at - back).astimezone(clock).replace(tzinfo=None) for back in (timedelta(seconds=1), timedelta(0)))
    skipped = [each.date() for each in (before, after) if before < datetime.combine(each.date(), planned) < after]
    return after.date() if after.time() == planned else skipped[0]


def times(years: int = YEARS) -> dict[str, float]:
    """Zones with the same rules are computed once."""
    end = datetime(2027 + years, 1, 1, tzinfo=UTC)
    hours = [FROM + HOUR * number for number in range(int((end - FROM) / HOUR))]
    distinct: dict[int, str] = {}
    for name in sorted(zone_names()):
        clock = ZoneInfo(name)
        distinct.setdefault(hash(tuple(at.astimezone(clock).utcoffset() for at in hours[::3])), name)
    wrong = checked = 0
    for name in distinct.values():
        clock = ZoneInfo(name)
        dates = sorted({at.astimezone(clock).date() for at in hours})[1:-1]
        for minute, hour in ((30, 0), (30, 2), (45, 23), (0, 12)):
            for rule in ({"kind": "cron", "line": f"{minute} {hour} * * *"}, {"kind": "calendar", "times": [f"{hour:02}:{minute:02}"]}):
                planned = takewhile(lambda at: at < end, read_times({"rule": rule, "zone": name}).after(FROM - HOUR))
                found = [planned_date(at, clock, clock_time(hour, minute)) for at in planned]
                wrong += [each for each in found if dates[0] <= each <= dates[-1]] != dates
                checked += 1
        every = read_times({"rule": {"kind": "every", "minutes": 45, "anchor": FROM.isoformat()}, "zone": name})
        at = list(takewhile(lambda at: at < end, every.after(FROM)))
        wrong += {later - earlier for earlier, later in pairwise(at)} != {timedelta(minutes=45)}
    return {"zones": len(zone_names()), "distinct": len(distinct), "years": years, "rules_checked": checked, "wrong": wrong}


def prepare() -> Any:
    """A fresh installation on SQLite with a pipeline; returns the pipeline and a person."""
    call_command("migrate", verbosity=0)
    person = make_person("ann@example.org", name="Ann")
    pipeline = documents.make(make_workspace("Team", person), person, "Cars", documents.sound_document(DOCUMENT))
    connection.close()
    return pipeline, person


def end_runs() -> None:
    """End all runs, as if they had been executed."""
    Run.objects.exclude(state="done").update(state="done", finished_at=timezone.now())


def events(count: int = EVENTS) -> dict[str, float]:
    """The trigger's overlap policy waits for the run in progress; pauses end with and without a run to make up."""
    pipeline, person = prepare()
    asked = {"name": "Hook", "graph": "draft", "watch": {"sources": [{"kind": "webhook"}], "quiet_seconds": 0}}
    trigger = services.make(pipeline, Kind.EVENTS, person, asked).schedule
    source, luck, doubled = Source.objects.get(), random.Random(1), 0
    for number in range(count):
        sources.receive(source, str(number), "", timezone.now())
        doubled += sources.receive(source, str(number), "", timezone.now()) if luck.random() < 0.02 else 0
        if luck.random() < 0.01:
            controls.pause(trigger, person, "", None)
        if luck.random() < 0.03:
            controls.resume(trigger, catch_up=True)
        if luck.random() < 0.05:
            scheduler.look(timezone.now())
        if luck.random() < 0.05:
            end_runs()
    controls.resume(trigger, catch_up=True)
    for _ in range(3):
        end_runs()
        scheduler.look(timezone.now())
    used = [number for tick in Tick.objects.order_by("pk") for each in tick.events for number in range(each["from"], each["through"] + 1)]
    lost = len(set(range(1, count + 1)) - set(used))
    doubled += len(used) - len(set(used)) + abs(Run.objects.count() - Tick.objects.count())
    return {"events": count, "runs": Run.objects.count(), "lost": lost, "doubled": doubled, "wrong": lost + doubled}


def delay(number: int = 40) -> dict[str, float]:
    """The scheduler as it runs in a web process, with schedules that are due over half a minute, four of them at once."""
    pipeline, person = prepare()
    start = timezone.now().replace(microsecond=0) + timedelta(seconds=10)
    for each in range(number):
        at = start + timedelta(seconds=each // 4 * 3)
        times = {"rule": {"kind": "every", "minutes": 60, "anchor": at.isoformat()}, "zone": "UTC"}
        services.make(pipeline, Kind.TIMES, person, {"name": str(each), "times": times, "graph": "draft"})
    scheduler = Scheduler()
    scheduler.start()
    until = time.monotonic() + 120
    while Tick.objects.filter(outcome="started").count() < number and time.monotonic() < until:
        time.sleep(0.5)
    scheduler.stop()
    rows = Tick.objects.filter(outcome="started")
    found = sorted((tick.started_at - tick.planned).total_seconds() for tick in rows if tick.started_at)
    p95 = quantiles(found, n=20)[-1]
    return {"started": len(found), "p50_s": found[len(found) // 2], "p95_s": p95, "max_s": found[-1], "wrong": number - len(found)}


PARTS: dict[str, Callable[..., dict[str, float]]] = {each.__name__: each for each in (times, events, kills, upgrade, delay)}
