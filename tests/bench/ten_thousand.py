"""Graphs of 10,000 nodes: validated, compiled and started. Imported in a process whose Django has a separate home; see `__main__`."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from django.core.management import call_command

from pipelines import flow
from pipelines.catalogue.discover import catalogue
from pipelines.compilation import compile
from pipelines.execution.datasets import resolve
from tests.bench import drawings
from tests.support.remote_control import SampleDatasets

NODES = 10_000
SHAPES = {"": drawings.mixed, "_chain": drawings.chain, "_fan": drawings.fan}
TIMES = 3


def measure() -> None:
    """Print milliseconds to read, validate, compile and start: wide and deep mixed, chain, fan. A start does all of these and writes."""
    call_command("migrate", verbosity=0, interactive=False)
    catalogue()
    gc.collect()
    gc.freeze()  # as the web process does
    figures: dict[str, float] = {}
    for name, draw in SHAPES.items():
        figures |= _measure(name, draw(NODES), SampleDatasets("bench"))
    print(json.dumps(figures))


def _measure(name: str, document: drawings.Document, datasets: SampleDatasets) -> dict[str, float]:
    graph = flow.read(document)
    started = time.perf_counter()
    problems = flow.check(graph, datasets, "bench").problems
    first = (time.perf_counter() - started) * 1000
    if problems:
        raise RuntimeError(f"a graph that should be sound is not: {problems[0].words}")
    found = resolve(graph, datasets).records
    return {
        f"read_ten_thousand{name}_ms": _ms(lambda: flow.read(document)),
        f"validate_ten_thousand{name}_first_ms": first,  # nothing is cached yet, and hardly two settings are the same
        f"validate_ten_thousand{name}_ms": _ms(lambda: flow.check(graph, datasets, "bench")),
        f"compile_ten_thousand{name}_ms": _ms(lambda: compile(graph, catalogue(), found)),
        f"start_ten_thousand{name}_ms": _ms(
            lambda: flow.start(flow.read(document), scope="bench", datasets=datasets, enqueue=lambda _: None)
        ),
    }


def _ms(work: Callable[[], Any]) -> float:
    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return median(taken)
