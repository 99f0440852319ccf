"""Graphs of 10,000 nodes: checked, compiled and started in a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from tests.bench import drawings

NODES = 10_000
SHAPES = {"": drawings.mixed, "_chain": drawings.chain, "_fan": drawings.fan}
TIMES = 3


def ten_thousand() -> dict[str, float]:
    """Milliseconds to check, compile and start 10,000 nodes: wide and deep mixed, a chain, and a fan. Started is: read, checked, compiled and written."""
    with tempfile.TemporaryDirectory(prefix="easel-bench-") as home:
        env = {
            **os.environ,
            "EASEL_HOME": home,
            "EASEL_MODULES": "tests.easel_modules",
            "DJANGO_SETTINGS_MODULE": "designer.config.settings",
        }
        done = subprocess.run([sys.executable, "-m", __name__], env=env, check=True, stdout=subprocess.PIPE)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def measure() -> dict[str, float]:
    """The same here, in a process whose Django has a home of its own."""
    import django

    django.setup()
    from django.core.management import call_command

    from tests.hand import SampleDatasets

    call_command("migrate", verbosity=0, interactive=False)
    figures: dict[str, float] = {}
    for name, draw in SHAPES.items():
        figures |= _measure(name, draw(NODES), SampleDatasets("bench"))
    return figures


def _measure(name: str, document: drawings.Document, datasets: Any) -> dict[str, float]:
    from pipelines import flow
    from pipelines.catalogue.discover import catalogue
    from pipelines.compilation import compile
    from pipelines.datasets import Once, found_datasets

    graph = flow.read(document)
    problems = flow.check(graph, datasets, "bench").problems
    if problems:
        raise RuntimeError(f"a graph that should be sound is not: {problems[0].words}")
    found = found_datasets(graph, Once(datasets))
    return {
        f"read_ten_thousand{name}_ms": _ms(lambda: flow.read(document)),
        f"validate_ten_thousand{name}_ms": _ms(lambda: flow.check(graph, datasets, "bench")),
        f"compile_ten_thousand{name}_ms": _ms(lambda: compile(graph, catalogue(), found)),
        f"start_ten_thousand{name}_ms": _ms(lambda: flow.start(flow.read(document), scope="bench", datasets=datasets, bell=lambda _: None)),
    }


def _ms(work: Callable[[], Any]) -> float:
    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return median(taken)


if __name__ == "__main__":
    print(json.dumps(measure()))
