"""`make bench`: chains, the automobile sample, a click, a million rows; each beside its baseline, as one JSON object."""

from __future__ import annotations

import itertools
import json
import random
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl

from tests.bench import baselines
from tests.bench.clicking import click_to_first_state
from tests.tree import Person, easel

STEPS = 100
MILLION = 1_000_000


def main() -> None:
    """Measure everything and print it."""
    with tempfile.TemporaryDirectory(prefix="easel-bench-") as scratch, easel() as person:
        folder = Path(scratch)
        figures: dict[str, float] = {}
        for part in (chain, automobile, click, million_rows):
            print(f"measuring {part.__name__} …", file=sys.stderr)
            figures |= part(person, folder)
    print(json.dumps({name: float(f"{value:.4g}") for name, value in figures.items()}, indent=2))


def chain(person: Person, folder: Path) -> dict[str, float]:
    """A hundred steps that do nothing on 205 x 26, every output durable and visible: first all carried out, then all reused."""
    fresh, cached = [], []
    for _ in range(5):
        pipeline = person.pipeline(_chain(random.randrange(2**31)))
        fresh.append(_done(person.run(pipeline)))
        cached.append(_done(person.run(pipeline)))
    loop = baselines.seconds(lambda: baselines.plain_loop(folder, STEPS))
    return {
        "chain_ms_per_step": median(fresh) * 1000 / STEPS,
        "cached_ms_per_step": median(cached) * 1000 / STEPS,
        "chain_baseline_plain_loop_ms_per_step": loop * 1000 / STEPS,
    }


def automobile(person: Person, _: Path) -> dict[str, float]:
    """The basic sample, warm, every step carried out, from the click to the last event."""
    pipeline = person.call("POST", "/api/samples/automobile_price/open/", {})["id"]
    person.run(pipeline, force=True)
    taken = median(_done(person.run(pipeline, force=True)) for _ in range(9))
    warm, cold = baselines.seconds(baselines.automobile_script), baselines.cold_start()
    return {
        "automobile_ms": taken * 1000,
        "automobile_baseline_warm_script_ms": warm * 1000,
        "automobile_baseline_cold_script_ms": cold * 1000,
        "automobile_ratio_to_warm_script": taken / warm,
        "automobile_ratio_to_cold_script": taken / cold,
    }


def click(person: Person, _: Path) -> dict[str, float]:
    """From the click on Run to the first change on the canvas, in Chromium."""
    pipeline = person.call("POST", "/api/samples/automobile_price/open/", {})["id"]
    firsts, answers = (sorted(waits) for waits in zip(*click_to_first_state(person, pipeline, times=20), strict=True))
    return {
        "click_to_first_state_ms_median": median(firsts),
        "click_to_first_state_ms_p95": firsts[int(len(firsts) * 0.95) - 1],
        "click_to_first_word_of_the_server_ms_median": median(answers),
        "click_to_first_word_of_the_server_ms_p95": answers[int(len(answers) * 0.95) - 1],
    }


def million_rows(person: Person, folder: Path) -> dict[str, float]:
    """A million flights through select, filter by SQL, join and split."""
    flights = folder / "flights_million.parquet"
    table = pl.read_parquet(baselines.SAMPLES / "flights.parquet")
    pl.concat([table] * 3).head(MILLION).write_parquet(flights)
    name = person.upload(flights)["name"]
    pipeline = person.pipeline(_million(name))
    person.run(pipeline, force=True)
    taken = median(_done(person.run(pipeline, force=True)) for _ in range(3))
    pandas = baselines.seconds(lambda: baselines.pandas_million(flights, baselines.SAMPLES / "airports.csv"), times=3)
    return {
        "million_rows_seconds": taken,
        "million_rows_baseline_pandas_seconds": pandas,
        "million_rows_ratio_to_pandas": taken / pandas,
    }


def _done(run: tuple[float, str]) -> float:
    taken, state = run
    if state != "done":
        raise RuntimeError(f"a run that should be done is {state}")
    return taken


def _chain(salt: int) -> Mapping[str, Any]:
    nodes: dict[str, Any] = {"cars": {"module": "data.dataset", "params": {"dataset": "automobile_price"}}}
    nodes |= {f"pass_{step}": {"module": "trial.pass_on", "params": {"mark": salt + step}} for step in range(1, STEPS)}
    names = list(nodes)
    edges = [[f"{source}.table", f"{target}.table"] for source, target in itertools.pairwise(names)]
    return {"format": 1, "name": "Chain", "nodes": nodes, "edges": edges}


def _million(flights: str) -> Mapping[str, Any]:
    columns = ["month", "day", "dep_delay", "arr_delay", "carrier", "origin", "dest", "air_time", "distance"]
    query = "select * from t1 where arr_delay > 0 and distance > 500"
    return {
        "format": 1,
        "name": "A million flights",
        "nodes": {
            "flights": {"module": "data.dataset", "params": {"dataset": flights}},
            "airports": {"module": "data.dataset", "params": {"dataset": "airports"}},
            "select": {"module": "transform.select_columns", "params": {"columns": columns}},
            "late": {"module": "transform.sql", "params": {"query": query}},
            "join": {"module": "transform.join", "params": {"left_keys": ["dest"], "right_keys": ["faa"]}},
            "split": {"module": "transform.split_data", "params": {"fraction": 0.7, "seed": 0}},
        },
        "edges": [
            ["flights.table", "select.table"],
            ["select.table", "late.t1"],
            ["late.table", "join.left"],
            ["airports.table", "join.right"],
            ["join.table", "split.table"],
        ],
    }


if __name__ == "__main__":
    main()
