"""Pages of 100,000 items, in milliseconds of processor time. Imported in a process whose Django has a separate home; see `items_databases`."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from pipelines import flow
from pipelines.models import Fan, Item, Run, Step

ITEMS = 100_000
TIMES = 10
PAGE = 200
PAGES: dict[str, dict[str, Any]] = {
    "first": {},
    "middle": {"offset": ITEMS // 2},
    "last": {"offset": ITEMS - PAGE},
    "last_by_key": {"offset": ITEMS - PAGE, "sort": "-key"},
    "middle_by_key": {"offset": ITEMS // 2, "sort": "key"},
    "best_by_score": {"sort": "-figures.score"},
    "middle_by_score": {"sort": "figures.score", "offset": ITEMS // 2},
    "slowest": {"sort": "-seconds"},
    "by_state": {"sort": "-state"},
    "failed": {"state": "failed"},
    "done_last": {"state": "done", "offset": 90_000},
    "search": {"search": "099"},
    "search_by_score": {"search": "store-0000", "sort": "-figures.score"},
    "search_without_match": {"search": "nothing like it"},
}


def measure() -> None:
    """Fill this process's database and print the figures."""
    call_command("migrate", verbosity=0, interactive=False)
    run, step = make_items(ITEMS)
    figures = {name: _ms(lambda asked=asked: flow.items(run, step, limit=PAGE, **asked)) for name, asked in PAGES.items()}
    print(json.dumps({**figures, "best_so_far": _ms(lambda: flow.best_items(run, step))}))


def make_items(number: int, run: Run | None = None, node: str = "many") -> tuple[Run, Step]:
    """Write a step with ended items: one in a hundred failed, one in twenty reused."""
    run = run or Run.objects.create(scope="bench", graph={}, plan={}, created_at=timezone.now())
    step, _ = Step.objects.update_or_create(run=run, node=node, defaults={"fans": 1, "state": "done", "reused": False})
    rows = list(_rows(run, node, number))
    failed, reused = sum(row.state == "failed" for row in rows), sum(row.reused for row in rows)
    counts = {"total": number, "ended": number, "failed": failed, "reused": reused}
    Fan.objects.create(run=run, node=node, index=0, noun="stores", opened_at=timezone.now(), **counts)
    Item.objects.bulk_create(rows, batch_size=2000)
    return run, step


def _rows(run: Run, node: str, number: int) -> Iterator[Item]:
    chance = random.Random(1)
    error = {"code": "no_rows", "words": "There are too few rows.", "remedy": "Add rows.", "port": None, "param": None, "column": None}
    for ordinal in range(number):
        failed = chance.random() < 0.01
        ended: dict[str, Any] = {"state": "failed", "error": error} if failed else {"state": "done", "reused": chance.random() < 0.05}
        figures = None if failed else {"score": chance.random(), "mae": chance.random(), "rows": 122}
        key = f"store-{chance.randrange(10**6):06}-{ordinal}"
        place = {"run": run, "node": node, "fan": 0, "ordinal": ordinal, "key": key, "content": f"{ordinal:064}"}
        yield Item(**place, **ended, seconds=chance.random(), figures=figures)


def _ms(work: Callable[[], Any]) -> float:
    """Return the mean of several times: the system counts the time of PostgreSQL in hundredths of a second."""
    before = _processor_seconds()
    for _ in range(TIMES):
        work()
    return round((_processor_seconds() - before) * 1000 / TIMES, 1)


def _processor_seconds() -> float:
    """Return what this process and its PostgreSQL have taken."""
    if connection.vendor == "sqlite":
        return time.process_time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return time.process_time() + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
