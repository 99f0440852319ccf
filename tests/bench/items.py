"""Items of fan-outs: ten thousand that do nothing, and ten new ones beside ten thousand that are known; two worker processes."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from tests.bench import baselines, drawings
from tests.bench.engine import done
from tests.support.app_server import Person

ITEMS, NEW = 10_000, 10


def items(person: Person, folder: Path) -> dict[str, float]:
    """From the click to the last event; beside a loop that inserts a row for each item into SQLite and commits each second."""
    mark = drawings.salt()
    first = person.pipeline(drawings.items(ITEMS, mark))
    taken = done(person.run(first))
    second = person.pipeline(drawings.items(ITEMS + NEW, mark))
    again = done(person.run(second))
    computed = sum(fan["total"] - fan["reused"] for fan in _fans(person, second))
    if computed != NEW:
        raise RuntimeError(f"{computed} items were computed beside {ITEMS} known ones, and {NEW} are new")
    loop = baselines.seconds(lambda: _rows(folder / "rows.sqlite3"), times=3)
    return {
        "items_per_second": ITEMS / taken,
        "items_known_per_second": ITEMS / again,
        "items_baseline_plain_loop_of_rows_per_second": ITEMS / loop,
    }


def _fans(person: Person, pipeline: str) -> list[dict[str, int]]:
    run = person.call("GET", f"/api/pipelines/{pipeline}/runs/")[0]["id"]
    fans: list[dict[str, int]] = person.call("GET", f"/api/runs/{run}/steps/spread/items/?limit=1")["fans"]
    return fans


def _rows(file: Path) -> None:
    file.unlink(missing_ok=True)
    database = sqlite3.connect(file)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE item (number INTEGER PRIMARY KEY, square INTEGER)")
    committed = time.monotonic()
    for number in range(ITEMS):
        database.execute("INSERT INTO item VALUES (?, ?)", (number, number**2))
        if time.monotonic() - committed > 1.0:
            database.commit()
            committed = time.monotonic()
    database.commit()
    database.close()
