"""The list of all modules: over HTTP and in a process, warm and first, and how soon Easel is up with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from statistics import median

from tests.bench.baselines import seconds
from tests.bench.report import Figures
from tests.support.app_server import ROOT, Person, easel

TIMES = 20
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}  # as `make run` starts it
LISTED = """
import json, time
started = time.perf_counter()
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.palette import palette
import msgspec
import polars
imported = time.perf_counter()
msgspec.json.encode(palette())
first = time.perf_counter()
taken = []
for _ in range(20):
    again = time.perf_counter()
    msgspec.json.encode(palette())
    taken.append(time.perf_counter() - again)
print(json.dumps([len(catalogue().modules), first - imported, sorted(taken)[10]]))
"""


def measure(person: Person, starts: int = 3) -> Figures:
    """Medians, and the seconds from starting Easel on an empty home to its link."""
    taken = [
        json.loads(subprocess.check_output([sys.executable, "-c", LISTED], cwd=ROOT, env={**os.environ, **COMPILED})) for _ in range(3)
    ]
    modules, first, again = (median(each) for each in zip(*taken, strict=True))
    return {
        "palette_modules": modules,
        "palette_ms": 1000 * seconds(lambda: person.call("GET", "/api/modules/"), TIMES),
        "palette_made_ms": 1000 * again,
        "palette_made_first_ms": 1000 * first,
        "start_seconds": median(_start() for _ in range(starts)),
    }


def _start() -> float:
    started = time.perf_counter()
    with easel(COMPILED):
        return time.perf_counter() - started
