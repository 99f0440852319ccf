"""What the part `many` is compared with: a script that trains a model for each store of a pandas frame with joblib, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from pipelines.procfs import family
from tests.support.app_server import ROOT

AHEAD, LAGS, CORES = 13, 8, 2


def loop(learner: str, rows: pl.DataFrame, folder: Path) -> dict[str, Any]:
    """The same in a process of its own: joblib over the groups of a pandas frame."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        file, answer = Path(scratch) / "rows.parquet", Path(scratch) / "answer.npy"
        rows.write_parquet(file)
        command = [sys.executable, "-m", "tests.bench.many_joblib", learner, str(file), str(answer)]
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
