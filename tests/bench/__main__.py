"""`make bench`: every figure with its baseline, as one JSON object. Only some parts: `python -m tests.bench chain fanout cached`.
Modules and shelves after `modules` restrict that part: `python -m tests.bench modules transform.join statistics`.

The requirements of all parts are checked before the first part starts. A failing part affects no other figure.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

import polars as pl

from tests.bench import baselines, canvas_page, drawings, large
from tests.bench import fit as fits
from tests.bench import modules as side_by_side
from tests.bench import palette as palettes
from tests.bench import tuning as searches
from tests.bench import viewers as windows
from tests.bench.clicking import click_to_first_state
from tests.bench.engine import cached, celery, chain, deep, done, fair, fanout, growth
from tests.bench.items import items
from tests.bench.many import many
from tests.bench.module_baselines.case import chosen
from tests.bench.report import Figures, Need, can_run, measured
from tests.bench.serving import serving
from tests.support.app_server import ROOT, Person, easel
from tests.support.chromium import CHROMIUM

MILLION = 1_000_000


def main() -> None:
    """Measure the requested parts and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure Easel beside its baselines; prints JSON.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all when none is named")
    asked = parser.parse_args().parts or list(PARTS)
    wanted = [name for name in asked if "modules" in asked and chosen([name])]
    if strange := set(asked) - PARTS.keys() - set(wanted):
        parser.error(f"no such part: {', '.join(sorted(strange))}; there are {', '.join(PARTS)}")
    parts = [name for name in asked if name not in wanted and can_run(name, NEEDS)]
    with tempfile.TemporaryDirectory(prefix="easel-bench-") as scratch, easel() as person:
        each = dict(PARTS) | {"modules": lambda *_: side_by_side.measure(wanted)}
        figures, failed = measured(parts, lambda name: each[name](person, Path(scratch)))
        print(json.dumps({name: None if value is None else float(f"{value:.4g}") for name, value in figures.items()}, indent=2), flush=True)
    if failed:
        sys.exit(f"Not measured, for the reasons above: {', '.join(failed)}.")


def automobile(person: Person, _: Path) -> Figures:
    """The basic sample, warm, with every step executed, from the click to the last event."""
    pipeline = person.call("POST", "/api/samples/automobile_price/open/", {})["id"]
    person.run(pipeline, force=True)
    taken = median(done(person.run(pipeline, force=True)) for _ in range(9))
    warm, cold = baselines.seconds(baselines.automobile_script), baselines.cold_start()
    return {
        "automobile_ms": taken * 1000,
        "automobile_baseline_warm_script_ms": warm * 1000,
        "automobile_baseline_cold_script_ms": cold * 1000,
        "automobile_ratio_to_warm_script": taken / warm,
        "automobile_ratio_to_cold_script": taken / cold,
    }


def click(person: Person, _: Path) -> Figures:
    """From the click on Run to the first change on the canvas, in Chromium."""
    pipeline = person.call("POST", "/api/samples/automobile_price/open/", {})["id"]
    firsts, answers = (sorted(waits) for waits in zip(*click_to_first_state(person, pipeline, times=20), strict=True))
    return {
        "click_to_first_state_ms_median": median(firsts),
        "click_to_first_state_ms_p95": firsts[int(len(firsts) * 0.95) - 1],
        "click_to_first_word_of_the_server_ms_median": median(answers),
        "click_to_first_word_of_the_server_ms_p95": answers[int(len(answers) * 0.95) - 1],
    }


def million_rows(person: Person, folder: Path) -> Figures:
    """A million flights through select, filter by SQL, join and split."""
    flights = folder / "flights_million.parquet"
    table = pl.read_parquet(baselines.SAMPLES / "flights.parquet")
    pl.concat([table] * 3).head(MILLION).write_parquet(flights)
    pipeline = person.pipeline(drawings.million(person.upload(flights)["name"]))
    person.run(pipeline, force=True)
    taken = median(done(person.run(pipeline, force=True)) for _ in range(3))
    pandas = baselines.seconds(lambda: baselines.pandas_million(flights, baselines.SAMPLES / "airports.csv"), times=3)
    return {
        "million_rows_seconds": taken,
        "million_rows_baseline_pandas_seconds": pandas,
        "million_rows_ratio_to_pandas": taken / pandas,
    }


def big_graphs(_: Person, __: Path) -> Figures:
    """Ten thousand nodes validated, compiled and started, in a separate process."""
    with tempfile.TemporaryDirectory(prefix="easel-bench-") as home:
        env = {
            **os.environ,
            "EASEL_HOME": home,
            "EASEL_MODULES": "tests.easel_modules",
            "DJANGO_SETTINGS_MODULE": "designer.config.settings",
        }
        command = "import django; django.setup(); from tests.bench.ten_thousand import measure; measure()"
        taken = subprocess.run([sys.executable, "-c", command], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE)
    figures: Figures = json.loads(taken.stdout)
    return figures


def viewers(_: Person, __: Path) -> Figures:
    """Five hundred windows on one run, on a separate installation."""
    return windows.viewers()


def large_data(_: Person, __: Path) -> Figures:
    """Ten million rows, against Polars and pandas, each in a separate process."""
    return large.measure()


def canvas(person: Person, _: Path) -> Figures:
    """The page of the canvas: the time until it can be used, what it loads, and frames a second over a thousand cards."""
    return canvas_page.measure(person)


def modules(_: Person, __: Path) -> Figures:
    """Every module beside the plain library call, on a million rows."""
    return side_by_side.measure()


def palette(person: Person, _: Path) -> Figures:
    """The list of all modules, warm, over HTTP and in the process; its goal includes that nothing is added to the start."""
    return palettes.measure(person)


def fit(_: Person, __: Path) -> Figures:
    """Train Model against the plain libraries, in the short form; `python -m tests.bench.fit --whole` has all cases."""
    return fits.measure()


def tuning(person: Person, _: Path) -> Figures:
    """A search of 200 trials beside Optuna called directly; several minutes."""
    return searches.measure(person)


Part = Callable[[Person, Path], Figures]
PARTS: Mapping[str, Part] = {
    part.__name__: part
    for part in (
        chain,
        celery,
        fanout,
        items,
        cached,
        deep,
        growth,
        fair,
        viewers,
        automobile,
        click,
        canvas,
        million_rows,
        large_data,
        big_graphs,
        fit,
        many,
        palette,
        serving,
        tuning,
        modules,
    )
}

NEEDS = {"click": Need(CHROMIUM, "chromium", "click_to_first_*"), "canvas": Need(CHROMIUM, "chromium", "canvas_*")}


if __name__ == "__main__":
    main()
