"""Every module beside the plain library call: the same frame in memory, the same job, in turns in one process, medians.

The module runs through `pipelines.catalogue.invoke.call`, as the runtime calls it, and lazy outputs are computed. Tables have a million rows, made
of the repository's flights; learners get 100,000. The baselines are in `module_baselines/`, one file for each shelf. What takes less than
`LEAST_SECONDS` counts as that long, since starting a step costs about as much. Each shelf is measured in a process of its own.
Run: python -m tests.bench modules [SHELF | MODULE ...]
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from tests.bench.module_baselines.case import Case, chosen, reasons

ROOT = Path(__file__).resolve().parents[2]
FEWEST_ROUNDS, MOST_ROUNDS, ENOUGH_SECONDS = 3, 25, 3
LEAST_SECONDS = 0.005
WARMING_ROWS = 2000


@dataclass(frozen=True)
class Measured:
    """Medians of wall and processor seconds, of Easel and of the plain call."""

    seconds: float
    plain: float
    cpu_seconds: float
    cpu_plain: float

    @property
    def ratio(self) -> float:
        return max(self.seconds, LEAST_SECONDS) / max(self.plain, LEAST_SECONDS)

    @property
    def cpu_ratio(self) -> float:
        return max(self.cpu_seconds, LEAST_SECONDS) / max(self.cpu_plain, LEAST_SECONDS)


def measure(wanted: Sequence[str] = ()) -> dict[str, float | None]:
    """The ratios of some shelves or modules; of all when none is named. A case that fails has no figure."""
    shelves = dict.fromkeys(case.module.partition(".")[0] for case in chosen(list(wanted)))
    figures: dict[str, float | None] = {}
    for shelf in shelves:
        names = [name for name in wanted if name.partition(".")[0] == shelf] or [shelf]
        command = [sys.executable, "-m", "tests.bench.modules", *names]
        said = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
        figures |= json.loads(said)
    if not wanted:
        for module, reason in {**reasons(), **dict.fromkeys(sorted(missing()), "nobody has written its plain call yet")}.items():
            print(f"{module:55} not compared: {reason}", file=sys.stderr)
    return summary(figures) | figures


def missing() -> set[str]:
    """The modules that have neither a plain call nor a reason why not."""
    from pipelines.catalogue.discover import catalogue  # noqa: PLC0415

    own = {id for id, module in catalogue().modules.items() if module.function.__module__.startswith("pipelines.")}
    return own - {case.module for case in chosen([])} - set(reasons())


def summary(figures: Mapping[str, float | None]) -> dict[str, float | None]:
    """The ninth of ten and the worst, by wall clock and by processor time."""
    found: dict[str, float | None] = {}
    for kind in ("", "cpu_"):
        ratios = [value for name, value in figures.items() if name.startswith(f"module_{kind}ratio ") and value is not None]
        if ratios:
            found |= {
                f"modules_{kind}ratio_p90": float(np.percentile(ratios, 90, method="inverted_cdf")),
                f"modules_{kind}ratio_worst": max(ratios),
            }
    return found


def beside_each_other(case: Case) -> Measured:
    """Both in turns, after a warm-up on a few rows, for three rounds at least."""
    for work in prepared(case, WARMING_ROWS):
        work()
    ours, plain = prepared(case, case.rows)
    taken: list[list[tuple[float, float]]] = [[], []]
    started = time.perf_counter()
    while len(taken[0]) < FEWEST_ROUNDS or (len(taken[0]) < MOST_ROUNDS and time.perf_counter() - started < ENOUGH_SECONDS):
        for place in (0, 1) if len(taken[0]) % 2 else (1, 0):
            taken[place].append(timed((ours, plain)[place]))
    wall, cpu = ([median(each[of] for each in side) for side in taken] for of in (0, 1))
    return Measured(wall[0], wall[1], cpu[0], cpu[1])


def prepared(case: Case, rows: int) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """The module's call and the plain one, on the same inputs in memory."""
    from pipelines.catalogue.discover import catalogue  # noqa: PLC0415
    from pipelines.catalogue.invoke import call  # noqa: PLC0415

    inputs = {port: make(rows) for port, make in case.inputs.items()}
    if case.ours is not None:
        return case.ours(**inputs), lambda: case.plain(**inputs)
    module = catalogue().modules[case.module]
    settings = module.read_settings(case.settings)
    arriving = {port: as_tables(value) for port, value in inputs.items()}
    return lambda: call(module, module.function, arriving, settings), lambda: case.plain(**inputs)


def as_tables(value: Any) -> list[Any]:
    """The values of a port, frames as tables."""
    import polars as pl  # noqa: PLC0415

    from pipelines.catalogue.ports import Table  # noqa: PLC0415

    return [Table(each) if isinstance(each, pl.DataFrame) else each for each in (value if isinstance(value, list) else [value])]


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Wall and processor seconds of some work; what it returns is freed outside the clock."""
    gc.collect()
    started, used = time.perf_counter(), time.process_time()
    result = work()
    taken = time.perf_counter() - started, time.process_time() - used
    del result
    return taken


def report(found: Iterable[Case]) -> dict[str, float | None]:
    """The figures of some cases; a line for each as it is measured."""
    from pipelines.catalogue.discover import catalogue  # noqa: PLC0415

    figures: dict[str, float | None] = {}
    for case in found:
        if not catalogue().modules[case.module].is_installed:
            print(f"{case.name:55} not compared: its extra is not installed", file=sys.stderr)
            continue
        try:
            one = beside_each_other(case)
        except Exception as wrong:  # affects no other module
            print(f"{case.name:55} failed: {wrong!r}", file=sys.stderr)
            figures[f"module_ratio {case.name}"] = None
            continue
        told = f"{one.ratio:6.2f} ({one.seconds * 1000:,.0f} ms, plain {one.plain * 1000:,.0f}); processor {one.cpu_ratio:.2f}"
        print(f"{case.name:55} {told}", file=sys.stderr, flush=True)
        figures |= {f"module_ratio {case.name}": one.ratio, f"module_cpu_ratio {case.name}": one.cpu_ratio}
        figures |= {f"module_seconds {case.name}": one.seconds}
    return figures


def main() -> None:
    """Measure the named shelves and modules in this process and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.modules", description="Measure modules beside plain calls; prints JSON.")
    parser.add_argument("wanted", nargs="*", metavar="SHELF|MODULE")
    print(json.dumps(report(chosen(parser.parse_args().wanted))))


if __name__ == "__main__":
    main()
