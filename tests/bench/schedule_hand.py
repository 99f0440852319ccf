"""One version of the code in `tests.bench.schedule_kills`: it makes schedules, looks after them in forked children, and edits them.

Its text is executed with `python -c` in the tree of that version, so it uses only what all versions since the first with schedules have.
A line with a command in, a line of JSON out. Time runs sixty times as fast; EASEL_BENCH_CLOCK is a file with the seconds that the clock was set by.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from designer.documents import services as documents  # noqa: E402
from designer.schedules import controls, scheduler, services  # noqa: E402
from designer.schedules.models import Kind, Schedule  # noqa: E402
from designer.workspaces.people import make_person, make_workspace  # noqa: E402

FROM = datetime(2027, 1, 1, tzinfo=UTC)
SPEED = 60  # simulated seconds in one
LOOK_SECONDS = 0.05
DOCUMENT = {"format": 1, "name": "Cars", "nodes": {"a": {"module": "data.enter_data", "params": {"text": "x\n1"}}}, "edges": []}
CLOCK, BEGAN = Path(os.environ["EASEL_BENCH_CLOCK"]), float(os.environ["EASEL_BENCH_BEGAN"])
luck = random.Random(2)


def now() -> datetime:
    """The simulated time, the same in all processes."""
    return FROM + timedelta(seconds=(time.monotonic() - BEGAN) * SPEED + float(CLOCK.read_text()))


def person() -> Any:
    """The person who makes and edits."""
    from django.contrib.auth.models import User  # noqa: PLC0415

    return User.objects.get(username="ann@example.org")


def make() -> dict[str, str]:
    """Create the tables, a pipeline, and two schedules that tick every minute and every second one; returns when each begins, by its id."""
    call_command("migrate", verbosity=0)
    ann = make_person("ann@example.org", name="Ann")
    pipeline = documents.make(make_workspace("Team", ann), ann, "Cars", documents.sound_document(DOCUMENT))
    more = {"graph": "draft", "overlap": "parallel", "catch_up": "all", "window_seconds": 86_400, "pause_after": 0}
    rules = [{"kind": "every", "minutes": minutes, "anchor": FROM.isoformat()} for minutes in (1, 2)]
    asked = [{"name": str(at), "times": {"rule": rule, "zone": "UTC"}, **more} for at, rule in enumerate(rules)]
    made = [services.make(pipeline, Kind.TIMES, ann, each).schedule for each in asked]
    return {one.pk: one.through.isoformat() for one in made}


def prepare() -> None:
    """Bring the installation up to date, as every start does."""
    call_command("prepare", stdout=sys.stderr)


def edit(id: str, kind: int) -> None:
    """Rename a schedule, pause it, or resume it without what it missed."""
    one = Schedule.objects.get(pk=id)
    if kind == 0:
        services.change(one, person(), {"name": f"Renamed {luck.random()}", "overlap": "parallel"})
    elif kind == 1:
        controls.pause(one, person(), "an edit", None)
    else:
        controls.resume(one, catch_up=False)


def schedule() -> int:
    """Fork a scheduler; returns its process."""
    connection.close()
    pid = os.fork()
    if pid:
        return pid
    while True:
        try:
            scheduler.look(now())
        except Exception as fault:
            print(f"a look failed: {fault}", file=sys.stderr)
        time.sleep(LOOK_SECONDS)


def ended(pid: int) -> None:
    """Wait for the end of a killed scheduler."""
    os.waitpid(pid, 0)


def serve() -> None:
    """Obey until the input ends."""
    assert Path(scheduler.__file__).is_relative_to(Path.cwd()), "this is the code of another version"
    timezone.now = now  # type: ignore[assignment]  # of this process and its children
    verbs: dict[str, Callable[..., Any]] = {each.__name__: each for each in (make, prepare, edit, schedule, ended)}
    for line in sys.stdin:
        verb, *arguments = json.loads(line)
        answer = verbs[verb](*arguments)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    serve()
