"""Ten million rows, twenty columns, through select, filter, derive, group, join, split: Easel, Polars and pandas, in separate processes.

All read the same Arrow file, warm, draw the same rows, and end when both halves are Arrow files that are synced to the disk. The plain Polars
script is the obvious one: one lazy query, collected by the streaming engine, then split. The best one uses Easel's method by hand: the rows
are counted first, and both halves are then written as they stream. Peak memory is the resident high-water mark, including mapped files; the
anonymous part, which the kernel cannot reclaim, is also reported. Run: python -m tests.bench.large [ROWS]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import polars as pl

from pipelines import ALLOCATOR

ROOT = Path(__file__).resolve().parents[2]
TEN_MILLION = 10_000_000
TIMES = 3
COLUMNS = ["id", "store", "product", "day", "region", "price", "quantity", "discount", "x0", "x1"]
FRACTION, SEED = 0.7, 0
LAYOUT: Any = {"compression": "uncompressed", "record_batch_size": 2**17}


def measure(rows: int = TEN_MILLION, times: int = TIMES) -> dict[str, float]:
    """Time and peak memory of each, the medians of some rounds; all must yield the same rows."""
    with tempfile.TemporaryDirectory(prefix="easel-large-") as scratch:
        file = Path(scratch) / "sales.arrow"
        _write_sales(rows, file)
        rounds = [{way: _in_a_process(way, file) for way in WAYS} for _ in range(times)]
    if len({(one["rows"], one["ids"]) for turn in rounds for one in turn.values()}) != 1:
        raise RuntimeError(f"the ways do not come to the same rows: {rounds}")
    names = {"pipeline": "large", "polars": "large_polars", "best_polars": "large_best_polars", "pandas": "large_pandas"}
    figures = {
        f"{name}_{what}": median(turn[way][what] for turn in rounds)
        for way, name in names.items()
        for what in ("seconds", "peak_bytes", "peak_anonymous_bytes")
    }
    ratios = {
        "large_ratio_to_polars": figures["large_seconds"] / figures["large_polars_seconds"],
        "large_ratio_to_best_polars": figures["large_seconds"] / figures["large_best_polars_seconds"],
        "large_memory_ratio_to_pandas": figures["large_peak_bytes"] / figures["large_pandas_peak_bytes"],
    }
    return {**figures, **ratios}


def pipeline(file: Path, folder: Path) -> Callable[[], tuple[Path, Path]]:
    """Easel's engine in this process, with its database and store in a folder; dataset and modules are loaded before, as in a worker."""
    os.environ |= {"EASEL_HOME": str(folder / "home"), "DJANGO_SETTINGS_MODULE": "designer.config.settings"}
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from pipelines import flow  # noqa: PLC0415
    from pipelines.catalogue.discover import catalogue  # noqa: PLC0415
    from pipelines.catalogue.ports import Table  # noqa: PLC0415
    from pipelines.execution.output import Output, describe  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    catalogue()
    store = flow.store("bench")
    (scratch := store.scratch()).hardlink_to(file)
    digest, size = store.keep(scratch)
    head = pl.scan_ipc(file)
    record = Output("table", digest, size, head.select(pl.len()).collect().item(), describe(Table(head.head(0).collect())))

    class Sales:
        def find(self, name: str, version: int | None) -> flow.Dataset | None:
            return flow.Dataset(record, "bench")

        def find_model(self, name: str, version: str | None) -> flow.Dataset | None:
            return None

    def run() -> tuple[Path, Path]:
        done = flow.run_locally(flow.read(DOCUMENT), scope="bench", datasets=Sales())
        halves = [flow.output(done, "split", port) for port in ("first", "second")]
        first, second = (store.path(half.digest) for half in halves if half is not None)
        return first, second

    return run


def polars(file: Path, folder: Path) -> Callable[[], tuple[Path, Path]]:
    """One lazy query, collected, then split."""

    def run() -> tuple[Path, Path]:
        frame = _joined(pl.scan_ipc(file)).collect(engine="streaming")
        drawn = pl.Series(_drawn(frame.height))
        halves = folder / "first.arrow", folder / "second.arrow"
        frame.filter(drawn).write_ipc(halves[0], **LAYOUT)
        frame.filter(~drawn).write_ipc(halves[1], **LAYOUT)
        return _synced(*halves)

    return run


def best_polars(file: Path, folder: Path) -> Callable[[], tuple[Path, Path]]:
    """The rows counted, then both halves written as they stream."""

    def run() -> tuple[Path, Path]:
        query = _joined(pl.scan_ipc(file))
        rows = query.select(pl.len()).collect(engine="streaming").item()
        marked = pl.concat([query, pl.LazyFrame({"drawn": _drawn(rows)})], how="horizontal")
        halves = folder / "first.arrow", folder / "second.arrow"
        parts = [marked.filter(pl.col("drawn")), marked.filter(~pl.col("drawn"))]
        sinks = [part.drop("drawn").sink_ipc(half, lazy=True, **LAYOUT) for part, half in zip(parts, halves, strict=True)]
        pl.collect_all(sinks, engine="streaming")
        return _synced(*halves)

    return run


def pandas(file: Path, folder: Path) -> Callable[[], tuple[Path, Path]]:
    """The columns that are needed, step by step."""
    import pandas as pd  # noqa: PLC0415

    def run() -> tuple[Path, Path]:
        sales = pd.read_feather(file, columns=COLUMNS)
        sales = sales[(sales["quantity"] > 3) & (sales["price"] > 10)]
        sales = sales.assign(revenue=sales["price"] * sales["quantity"] * (1 - sales["discount"]))
        stores = sales.groupby("store", sort=False).agg(rows=("revenue", "size"), revenue_mean=("revenue", "mean")).reset_index()
        sales = sales.merge(stores, on="store")
        drawn = _drawn(len(sales))
        halves = folder / "first.arrow", folder / "second.arrow"
        sales[drawn].reset_index(drop=True).to_feather(halves[0], compression="uncompressed")
        sales[~drawn].reset_index(drop=True).to_feather(halves[1], compression="uncompressed")
        return _synced(*halves)

    return run


WAYS: Mapping[str, Callable[[Path, Path], Callable[[], tuple[Path, Path]]]] = {
    "pipeline": pipeline,
    "polars": polars,
    "best_polars": best_polars,
    "pandas": pandas,
}
DOCUMENT: Mapping[str, Any] = {
    "format": 1,
    "name": "Ten million sales",
    "nodes": {
        "sales": {"module": "data.dataset", "params": {"dataset": "sales"}},
        "select": {"module": "transform.select_columns", "params": {"columns": COLUMNS}},
        "filter": {"module": "transform.filter_rows", "params": {"condition": "formula", "formula": "quantity > 3 and price > 10"}},
        "derive": {"module": "transform.derive_column", "params": {"name": "revenue", "formula": "price * quantity * (1 - discount)"}},
        "group": {"module": "transform.group_by", "params": {"keys": ["store"], "columns": ["revenue"]}},
        "join": {"module": "transform.join", "params": {"left_keys": ["store"], "right_keys": ["store"], "keep_right_keys": False}},
        "split": {"module": "transform.split_data", "params": {"fraction": FRACTION, "seed": SEED}},
    },
    "edges": [
        ["sales.table", "select.table"],
        ["select.table", "filter.table"],
        ["filter.table", "derive.table"],
        ["derive.table", "group.table"],
        ["derive.table", "join.left"],
        ["group.table", "join.right"],
        ["join.table", "split.table"],
    ],
}


def _joined(sales: pl.LazyFrame) -> pl.LazyFrame:
    sales = sales.select(COLUMNS).filter((pl.col("quantity") > 3) & (pl.col("price") > 10))
    sales = sales.with_columns(revenue=pl.col("price") * pl.col("quantity") * (1 - pl.col("discount")))
    stores = sales.group_by("store").agg(rows=pl.len(), revenue_mean=pl.col("revenue").mean())
    return sales.join(stores, on="store", maintain_order="left")


def _drawn(rows: int) -> np.ndarray:
    drawn = np.zeros(rows, dtype=bool)
    drawn[np.random.Generator(np.random.PCG64(SEED)).permutation(rows)[: int(rows * FRACTION)]] = True
    return drawn


def _synced(*files: Path) -> Any:
    for file in files:
        with file.open("rb+") as handle:
            os.fsync(handle.fileno())
    return files


def _write_sales(rows: int, file: Path) -> None:
    random = np.random.default_rng(0)
    numbers = {"store": 1000, "product": 50_000, "day": 365, "quantity": 20}
    columns = {"id": np.arange(rows), **{name: random.integers(0, most, rows) for name, most in numbers.items()}}
    texts = {"region": ["north", "south", "east", "west"], "channel": ["web", "shop", "phone"]}
    columns |= {name: pl.Series(np.array(values)[random.integers(0, len(values), rows)]) for name, values in texts.items()}
    columns |= {"price": random.gamma(2, 20, rows), "discount": random.random(rows) * 0.3}
    columns |= {f"x{index}": random.standard_normal(rows) for index in range(11)}
    pl.DataFrame(columns).write_ipc(file, compression="uncompressed")


def _in_a_process(way: str, file: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="easel-large-", dir=file.parent) as folder:
        command = [sys.executable, "-m", "tests.bench.large", way, str(file), folder]
        # Easel configures Polars' allocator; the scripts use its defaults
        env = {name: value for name, value in os.environ.items() if name != ALLOCATOR[0] or way == "pipeline"}
        said = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout
    figures: dict[str, float] = json.loads(said)
    return figures


def _measure_one(way: str, file: Path, folder: Path) -> dict[str, float]:
    work = WAYS[way](file, folder)
    with file.open("rb") as handle:  # loads the file into the page cache for all of them
        while handle.read(2**24):
            pass
    Path("/proc/self/clear_refs").write_text("5")
    ended, peak = threading.Event(), {"VmHWM": 0, "RssAnon": 0}
    watch = threading.Thread(target=_watch, args=(ended, peak))
    watch.start()
    started = time.perf_counter()
    try:
        first, second = work()
        seconds = time.perf_counter() - started
    finally:
        ended.set()
        watch.join()
    one, other = (pl.scan_ipc(half).select(pl.len(), pl.col("id").sum()).collect().row(0) for half in (first, second))
    memory = {"peak_bytes": peak["VmHWM"], "peak_anonymous_bytes": peak["RssAnon"]}
    return {"seconds": seconds, **memory, "rows": one[0] + other[0], "ids": one[1]}


def _watch(ended: threading.Event, peak: dict[str, int]) -> None:
    """Track the high-water marks, which the engine resets at every step."""
    while True:
        last = ended.wait(0.005)
        for name, _, value in (line.partition(":") for line in Path("/proc/self/status").read_text().splitlines()):
            if name in peak:
                peak[name] = max(peak[name], int(value.split()[0]) * 1024)
        if last:
            return


if __name__ == "__main__":
    if len(sys.argv) == 4:
        print(json.dumps(_measure_one(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))
    else:
        print(json.dumps(measure(*map(int, sys.argv[1:3])), indent=2))
