"""Baselines: plain scripts that do the same work without Easel."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import pandas as pd
import polars as pl
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

SAMPLES = Path(__file__).resolve().parents[2] / "designer" / "datasets" / "samples"


def seconds(work: Callable[[], Any], times: int = 5) -> float:
    """The median time of some work, after one warm-up."""
    work()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return median(taken)


def plain_loop(folder: Path, steps: int = 100) -> None:
    """A Python loop that writes the automobile table durably after every step: the cost of a chain of 100 without an engine."""
    table = pl.read_csv(SAMPLES / "automobile_price.csv")
    for step in range(steps):
        aside = folder / "aside"
        table.write_ipc(aside, compression="uncompressed")
        with aside.open("rb+") as file:
            os.fsync(file.fileno())
        aside.replace(folder / f"{step}.arrow")


def automobile_script() -> tuple[float, float]:
    """The automobile sample as a plain pandas and scikit-learn script; returns R² and mean absolute error."""
    cars = pd.read_csv(SAMPLES / "automobile_price.csv").drop(columns="normalized-losses").dropna()
    train, test = train_test_split(cars, train_size=0.7, random_state=0)
    texts = cars.select_dtypes(exclude="number").columns.tolist()
    numbers = [column for column in cars.columns if column not in texts and column != "price"]
    prepare = ColumnTransformer([("numbers", StandardScaler(), numbers), ("texts", OneHotEncoder(handle_unknown="ignore"), texts)])
    model = make_pipeline(prepare, LinearRegression()).fit(train.drop(columns="price"), train["price"])
    scored = model.predict(test.drop(columns="price"))
    return float(r2_score(test["price"], scored)), float(mean_absolute_error(test["price"], scored))


def cold_start(times: int = 3) -> float:
    """The same script in a new process, including imports."""
    command = [sys.executable, "-c", "from tests.bench.baselines import automobile_script; automobile_script()"]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return seconds(lambda: subprocess.run(command, check=True, env=env, cwd=SAMPLES.parents[2]), times)


def pandas_million(flights: Path, airports: Path) -> int:
    """Select, filter, join and split a million flights in pandas; the rows are read from the same Parquet file."""
    columns = ["month", "day", "dep_delay", "arr_delay", "carrier", "origin", "dest", "air_time", "distance"]
    table = pd.read_parquet(flights)[columns]
    late = table.query("arr_delay > 0 and distance > 500")
    joined = late.merge(pd.read_csv(airports), left_on="dest", right_on="faa", how="inner")
    first = joined.sample(frac=0.7, random_state=0)
    return len(first) + len(joined.drop(first.index))
