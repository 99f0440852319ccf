"""Many models: one for each of a thousand series of 122 weeks, beside a loop in joblib on the same cores, in turns; and 11,973 series.

Seconds are of the clock, from the click to the last event; `cpu` is the processor time of all processes of the installation, or of joblib and its
processes. What has a goal has a key `…_passes`, 1 or 0; rates pass by processor time, which is comparable on a busy machine. Run: python -m tests.bench many
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from urllib.error import HTTPError

import numpy as np
import polars as pl

from pipelines.procfs import family, name_of
from tests.bench.many_joblib import AHEAD, LAGS, loop
from tests.support.app_server import Person

# By key: the least (>=) or most (<=) that passes.
GOALS: Mapping[str, tuple[str, float]] = {
    "many_linear_cpu_seconds_ratio": (">=", 5),
    "many_linear_largest_difference": ("<=", 1e-9),
    "many_lightgbm_cpu_seconds_ratio": (">=", 0.95),
    "many_11973_series_seconds": ("<=", 20),
    "many_11973_series_grown_mb": ("<=", 128),
    "many_killed_models_trained_again": ("<=", 0),
    "many_changed_series_trained": ("<=", 10),
    "many_poisoned_outcomes": (">=", 50),
}
SERIES, ALL_SERIES, WEEKS = 1000, 11_973, 122
KEYS = ["store"]
TRAIN = "training.train_model_by_group"
POISONED = 50
POISONS = (
    "too_few_rows", "constant_label", "no_values", "label_not_finite", "values_too_large", "duplicate_times", "clock_gap", "missing_values",
)  # fmt: skip
Figures = dict[str, float]


def many(person: Person, folder: Path) -> Figures:
    """Linear models on lags and boosted trees, each beside joblib; all series of the reference; what is known already, and what is poisoned."""
    figures: Figures = {}
    for learner, ours, turns in (("linear", _linear, 3), ("lightgbm", _lightgbm, 1)):
        own, plain = [], []
        for turn in range(turns):
            rows = series(SERIES, turn)
            own.append(ours(person, folder, rows, f"{learner}{turn}"))
            plain.append(loop(learner, rows, folder))
        for what in ("seconds", "cpu_seconds"):
            ours_, theirs = (median(each[what] for each in side) for side in (own, plain))
            figures |= {
                f"many_{learner}_{what}": ours_,
                f"many_{learner}_{what}_joblib": theirs,
                f"many_{learner}_{what}_ratio": theirs / ours_,
            }
        if learner == "linear":
            differences = [one["difference"](other["forecasts"]) for one, other in zip(own, plain, strict=True)]
            figures["many_linear_largest_difference"] = max(differences)
    figures |= _all(person, folder) | _killed(person, folder) | _changed(person, folder)
    passes = {key: figures[key] >= goal if sign == ">=" else figures[key] <= goal for key, (sign, goal) in GOALS.items()}
    return figures | {f"{key}_passes": float(good) for key, good in passes.items()}


def series(count: int, seed: int) -> pl.DataFrame:
    """Weekly sales of stores: an autoregression around a level and a season."""
    random = np.random.default_rng(seed)
    values, noise = np.zeros((count, WEEKS)), random.normal(size=(count, WEEKS))
    for week in range(WEEKS):
        values[:, week] = noise[:, week] + (0.5 * values[:, week - 1] if week else 0) + (0.2 * values[:, week - 4] if week > 3 else 0)
    sales = 15_000 + 3_000 * values + 2_000 * np.sin(np.arange(WEEKS) / 52 * 2 * np.pi)
    weeks = [date(2020, 1, 6) + timedelta(7 * week) for week in range(WEEKS)]
    return pl.DataFrame({"store": np.repeat(np.arange(count), WEEKS), "week": weeks * count, "sales": sales.ravel()})


def with_lags(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the values of the weeks before."""
    lags = [pl.col("sales").shift(lag).over("store").alias(f"lag_{lag}") for lag in range(1, LAGS + 1)]
    return rows.with_columns(lags).drop_nulls().drop("week")


def _linear(person: Person, folder: Path, rows: pl.DataFrame, name: str) -> dict[str, Any]:
    parts = {
        "train": rows.filter(pl.col("week").rank("dense") <= WEEKS - AHEAD),
        "test": rows.filter(pl.col("week").rank("dense") > WEEKS - AHEAD),
    }
    files = _uploaded(person, folder, {f"{name}_{part}": frame for part, frame in parts.items()})
    train = {"label": "sales", "time": "week", "groups": KEYS, "lags": LAGS, "horizon": 0}
    drawing = {
        "train": ("data.dataset", {"dataset": files[0]}),
        "test": ("data.dataset", {"dataset": files[1]}),
        "models": ("training.train_lag_models", train),
        "score": ("scoring.score_model_by_group", {}),
    }
    edges = ["train.table models.table", "models.models score.models", "test.table score.table"]

    def difference(forecasts: np.ndarray) -> float:
        from tests.support.module_runner import only  # noqa: PLC0415

        models = only("training.train_lag_models", train, table=parts["train"])
        found = only("scoring.score_model_by_group", models=models, table=parts["test"].drop("sales"))
        return float(np.abs(found.frame["Scored Labels"].to_numpy() / forecasts.ravel() - 1).max())

    return _measured(person, _drawn(drawing, edges)) | {"difference": difference}


def _lightgbm(person: Person, folder: Path, rows: pl.DataFrame, name: str) -> dict[str, Any]:
    (file,) = _uploaded(person, folder, {name: with_lags(rows)})
    settings = {"label": "sales", "groups": KEYS, "judge_on": "nothing"}
    drawing = {
        "data": ("data.dataset", {"dataset": file}),
        "learner": ("regression.boosted_trees", {}),
        "models": (TRAIN, settings),
    }
    return _measured(person, _drawn(drawing, ["data.table models.table", "learner.model models.untrained"]))


def _all(person: Person, folder: Path) -> Figures:
    """Memory is the largest of a worker process: of all series, and of a twelfth of them before."""
    found: Figures = {}
    for count in (SERIES, ALL_SERIES):
        (file,) = _uploaded(person, folder, {f"all{count}": series(count, 9)})
        taken = _measured(person, _lag_models(file))
        found |= {f"many_{count}_series_seconds": taken["seconds"], f"many_{count}_series_cpu_seconds": taken["cpu_seconds"]}
        found[f"many_{count}_series_peak_mb"] = max(map(_peak, _workers(person))) / 1e6
    grown = found[f"many_{ALL_SERIES}_series_peak_mb"] - found[f"many_{SERIES}_series_peak_mb"]
    return {**found, f"many_{ALL_SERIES}_series_grown_mb": grown}


def _killed(person: Person, folder: Path) -> Figures:
    """How many finished models are trained again after all worker processes were killed in the middle."""
    (file,) = _uploaded(person, folder, {"killed": with_lags(series(SERIES // 4, 5))})
    settings = {"label": "sales", "groups": KEYS, "judge_on": "nothing"}
    drawing = {"data": ("data.dataset", {"dataset": file}), "learner": ("regression.boosted_trees", {}), "models": (TRAIN, settings)}
    pipeline = person.pipeline(_drawn(drawing, ["data.table models.table", "learner.model models.untrained"]))
    run = person.call("POST", f"/api/pipelines/{pipeline}/runs/", {})["id"]
    while len(before := _ended_items(person, run)) < SERIES // 16:
        time.sleep(0.1)
    for pid in _workers(person):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    while not (state := person.call("GET", f"/api/runs/{run}/"))["finished_at"]:
        time.sleep(0.2)
    if state["state"] != "done":
        raise RuntimeError(f"a run that should be done is {state['state']}")
    after = _ended_items(person, run)
    return {
        "many_killed_models_finished_before": float(len(before)),
        "many_killed_models_trained_again": float(sum(after[key] != seconds for key, seconds in before.items())),
    }


def _ended_items(person: Person, run: str) -> dict[str, float]:
    """The seconds that each finished item took: trained again, it would take others."""
    try:
        found = person.call("GET", f"/api/runs/{run}/steps/models/items/?limit=500&state=done")["items"]
    except HTTPError:  # there is no such step yet
        return {}
    return {item["key"]: item["seconds"] for item in found}


def _changed(person: Person, folder: Path) -> Figures:
    """How many series are trained again when one in a hundred changes, and how many of fifty poisoned ones have the outcome that their poison has."""
    rows = series(SERIES, 7)
    changed = rows.with_columns(pl.when(pl.col("store") % 100 == 0).then(pl.col("sales") + 1).otherwise("sales").alias("sales"))
    runs = []
    for name, table in (("first", rows), ("changed", changed), ("poisoned", poisoned(rows))):
        (file,) = _uploaded(person, folder, {name: table})
        pipeline = person.pipeline(_lag_models(file))
        assert person.run(pipeline)[1] == "done"
        runs.append(person.call("GET", f"/api/pipelines/{pipeline}/runs/")[0]["id"])
    page = f"/api/runs/{runs[1]}/steps/models/items/?limit=1"
    counts = person.call("GET", page)["fans"][0]
    items = person.call("GET", f"/api/runs/{runs[2]}/steps/models/items/?limit=500")["items"]
    told = {int(item["key"]): {item["error"]["code"]} if item["error"] else set(item["figures"]["remarks"]) for item in items}
    return {
        "many_changed_series_trained": counts["total"] - counts["reused"],
        "many_poisoned_outcomes": float(sum(POISONS[store % len(POISONS)] in told[store] for store in range(POISONED))),
    }


def poisoned(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows, with one of the poisons in each of the first series, in turns."""
    kind, week, sales = pl.col("store") % len(POISONS), pl.col("week").rank("dense").over("store"), pl.col("sales")
    is_bad = pl.col("store") < POISONED
    bad = dict(zip(POISONS, (is_bad & (kind == place) for place in range(len(POISONS))), strict=True))
    value = (
        pl.when(bad["label_not_finite"] & (week == 9)).then(float("inf")).when(bad["constant_label"]).then(7.0).when(bad["no_values"]).then(None)
        .when(bad["missing_values"] & (week == 40)).then(None).when(bad["values_too_large"] & (week == 3)).then(1e200).otherwise(sales)
    )  # fmt: skip
    later = pl.when(bad["clock_gap"] & (week > 60)).then(pl.col("week") + pl.duration(days=70)).otherwise("week")
    twice = pl.when(bad["duplicate_times"] & (week == 5)).then(pl.col("week") - pl.duration(days=7)).otherwise(later)
    return rows.filter(~bad["too_few_rows"] | (week == 1)).with_columns(value.alias("sales"), twice.alias("week"))


def _lag_models(file: str) -> Mapping[str, Any]:
    settings = {"label": "sales", "time": "week", "groups": KEYS, "lags": LAGS}
    drawing = {"data": ("data.dataset", {"dataset": file}), "models": ("training.train_lag_models", settings)}
    return _drawn(drawing, ["data.table models.table"])


def _uploaded(person: Person, folder: Path, tables: Mapping[str, pl.DataFrame]) -> list[str]:
    names = []
    for name, table in tables.items():
        table.write_parquet(file := folder / f"many_{name}.parquet")
        names.append(person.upload(file)["name"])
    return names


def _drawn(nodes: Mapping[str, tuple[str, Mapping[str, Any]]], edges: list[str]) -> Mapping[str, Any]:
    from tests.support.graph_builder import document  # noqa: PLC0415

    return {"format": 1, "name": "Many models", **document(nodes, *edges)}


def _measured(person: Person, graph: Mapping[str, Any]) -> dict[str, Any]:
    pipeline, before = person.pipeline(graph), cpu_seconds(person)
    seconds, state = person.run(pipeline, force=True)
    if state != "done":
        raise RuntimeError(f"a run that should be done is {state}")
    return {"seconds": seconds, "cpu_seconds": cpu_seconds(person) - before}


def cpu_seconds(person: Person) -> float:
    """Return the processor time that an installation has used so far."""
    ticks = 0
    for pid in family(person.supervisor, 1000):
        parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, parts[11:15]))  # with children that have ended
    return ticks / os.sysconf("SC_CLK_TCK")


def _workers(person: Person) -> list[int]:
    """The processes that execute steps."""
    return [pid for pid in family(person.supervisor, 1000) if name_of(pid).startswith("easel ")]


def _peak(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return float(status.partition("VmHWM:")[2].split()[0]) * 1024 if "VmHWM:" in status else 0.0
