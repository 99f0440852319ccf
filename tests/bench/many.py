"""Many models: one for each of a thousand series of 122 weeks, beside a loop in joblib on the same cores, in turns; and 11,973 series.

Seconds are of the clock, from the click to the last event; `cpu` is the processor time of all processes of the installation, or of joblib and its
processes. Run: python -m tests.bench many
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import polars as pl

from pipelines.procfs import family
from tests.support.app_server import ROOT, Person

SERIES, ALL_SERIES, WEEKS, AHEAD, LAGS, CORES = 1000, 11_973, 122, 13, 8, 2
KEYS = ["store"]
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
    return figures | _all(person, folder) | _changed(person, folder)


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
        "models": ("training.train_model_by_group", settings),
    }
    return _measured(person, _drawn(drawing, ["data.table models.table", "learner.model models.untrained"]))


def _all(person: Person, folder: Path) -> Figures:
    """Memory is the largest of a worker process: of all series, and of a twelfth of them before."""
    found: Figures = {}
    for count in (SERIES, ALL_SERIES):
        (file,) = _uploaded(person, folder, {f"all{count}": series(count, 9)})
        settings = {"label": "sales", "time": "week", "groups": KEYS, "lags": LAGS}
        drawing = {"data": ("data.dataset", {"dataset": file}), "models": ("training.train_lag_models", settings)}
        taken = _measured(person, _drawn(drawing, ["data.table models.table"]))
        found |= {f"many_{count}_series_seconds": taken["seconds"], f"many_{count}_series_cpu_seconds": taken["cpu_seconds"]}
        found[f"many_{count}_series_peak_mb"] = max(map(_peak, family(person.supervisor, 1000))) / 1e6
    return found


def _changed(person: Person, folder: Path) -> Figures:
    """How many series are trained again when one in a hundred changes, and how many outcomes fifty poisoned ones have."""
    rows = series(SERIES, 7)
    changed = rows.with_columns(pl.when(pl.col("store") % 100 == 0).then(pl.col("sales") + 1).otherwise("sales").alias("sales"))
    poisoned = rows.with_columns(pl.when(pl.col("store") < 50).then(float("inf")).otherwise("sales").alias("sales"))
    settings = {"label": "sales", "time": "week", "groups": KEYS, "lags": LAGS}
    counts = []
    for name, table in (("first", rows), ("changed", changed), ("poisoned", poisoned)):
        (file,) = _uploaded(person, folder, {name: table})
        drawing = {"data": ("data.dataset", {"dataset": file}), "models": ("training.train_lag_models", settings)}
        pipeline = person.pipeline(_drawn(drawing, ["data.table models.table"]))
        assert person.run(pipeline)[1] == "done"
        run = person.call("GET", f"/api/pipelines/{pipeline}/runs/")[0]["id"]
        counts.append(person.call("GET", f"/api/runs/{run}/steps/models/items/?limit=1")["fans"][0])
    return {
        "many_changed_series_trained": counts[1]["total"] - counts[1]["reused"],
        "many_poisoned_series_failed": counts[2]["failed"],
    }


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


def _peak(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return float(status.partition("VmHWM:")[2].split()[0]) * 1024 if "VmHWM:" in status else 0.0


def loop(learner: str, rows: pl.DataFrame, folder: Path) -> dict[str, Any]:
    """The same in a process of its own: joblib over the groups of a pandas frame."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        file, answer = Path(scratch) / "rows.parquet", Path(scratch) / "answer.npy"
        rows.write_parquet(file)
        command = [sys.executable, "-m", "tests.bench.many", learner, str(file), str(answer)]
        done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        return {**json.loads(done.stdout), "forecasts": np.load(answer)}


def _in_joblib(learner: str, file: str, answer: str) -> None:
    """What a script does: lags by shifting, a model for each store, its file, and a forecast."""
    import joblib  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    table = pd.read_parquet(file)
    work: Callable[..., np.ndarray] = _one_linear if learner == "linear" else _one_lightgbm
    pool = joblib.Parallel(CORES)
    pool(joblib.delayed(work)(store, rows, tempfile.gettempdir()) for store, rows in list(table.groupby("store"))[:8])  # warm
    before, started = sum(os.times()[:4]), time.perf_counter()
    before_children = _children()
    with tempfile.TemporaryDirectory() as models:
        found = pool(joblib.delayed(work)(store, rows, models) for store, rows in table.groupby("store"))
    seconds = time.perf_counter() - started
    cpu = sum(os.times()[:4]) - before + _children() - before_children
    np.save(answer, np.array(found))
    print(json.dumps({"seconds": seconds, "cpu_seconds": cpu}))


def _children() -> float:
    """The processor time of joblib's processes, which live on."""
    ticks = 0
    for pid in family(os.getpid(), 100):
        if pid != os.getpid():
            ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _lagged(rows: Any) -> Any:
    return rows.assign(**{f"lag_{lag}": rows["sales"].shift(lag) for lag in range(1, LAGS + 1)}).dropna()


def _one_linear(store: int, rows: Any, folder: str) -> np.ndarray:
    import joblib  # noqa: PLC0415
    from sklearn.linear_model import LinearRegression  # noqa: PLC0415

    train = _lagged(rows.iloc[:-AHEAD])
    names = [f"lag_{lag}" for lag in range(1, LAGS + 1)]
    model = LinearRegression().fit(train[names].to_numpy(), train["sales"].to_numpy())
    joblib.dump(model, f"{folder}/{store}.joblib")
    known = rows["sales"].iloc[:-AHEAD].tolist()
    for _ in range(AHEAD):
        known.append(float(model.predict(np.array([known[: -LAGS - 1 : -1]]))[0]))
    return np.array(known[-AHEAD:])


def _one_lightgbm(store: int, rows: Any, folder: str) -> np.ndarray:
    import joblib  # noqa: PLC0415
    from lightgbm import LGBMRegressor  # noqa: PLC0415

    train = _lagged(rows)
    names = [f"lag_{lag}" for lag in range(1, LAGS + 1)]
    settings = {
        "num_leaves": 20,
        "min_child_samples": 5,
        "learning_rate": 0.05,
        "subsample": 0.8,
        "subsample_freq": 1,
        "colsample_bytree": 0.5,
    }
    model = LGBMRegressor(**settings, reg_lambda=1.0, random_state=0, deterministic=True, force_col_wise=True, n_jobs=1, verbose=-1)
    model.fit(train[names].to_numpy(), train["sales"].to_numpy())
    joblib.dump(model, f"{folder}/{store}.joblib")
    return np.zeros(1)


if __name__ == "__main__":
    _in_joblib(*sys.argv[1:])
