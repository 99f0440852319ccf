"""Forecasting beside statsforecast, mlforecast and utilsforecast on the same series, and the coverage of intervals: `python -m tests.bench.forecasting`.

`python -m tests.bench.forecasting Theta ARIMA` compares methods whose name starts so, and prints no coverage. The peers run in an environment of their own in `.make/peer-forecasting`, which is made on demand. Times are of fits on one core, without compilation.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tests.bench.automl import installed
from tests.support.module_runner import only, run

PEERS = ("statsforecast", "mlforecast", "utilsforecast", "lightgbm", "polars", "pyarrow")
SERIES, MONTHS, AHEAD, DAYS = 100, 120, 12, 35
COVERED, WEEKS, STEPS = 1000, 122, 13
TREES = {"leaves": 16, "rows_per_leaf": 5, "learning_rate": 0.05, "trees": 100, "row_share": 1, "column_share": 1, "l2_weight": 1}
COLUMNS = {"time": "ds", "value": "y", "series": ["unique_id"]}
Method = Any


def lags(learner: str, settings: Mapping[str, Any], **more: Any) -> Callable[[], Method]:
    """A regression on lags."""
    return lambda: only("forecasting.regression_on_lags", {"season": 12, **more}, untrained=only(learner, settings))


def method(id: str, **settings: Any) -> Callable[[], Method]:
    """A method that is fitted to each series."""
    return lambda: only(f"forecasting.{id}", settings)


LINEAR = ("regression.linear_regression", {"l2_weight": 0})
BOOSTED = ("regression.boosted_trees", TREES)
ETS = "AutoETS"
# name: our method, the table, and what the peer is asked for
METHODS: Mapping[str, tuple[Callable[[], Method], str, list[Any]]] = {
    "Naive": (method("baseline", method="naive"), "monthly", ["series", "Naive", {}]),
    "Seasonal naive": (method("baseline", season=12), "monthly", ["series", "SeasonalNaive", {"season_length": 12}]),
    "Drift": (method("baseline", method="drift"), "monthly", ["series", "RandomWalkWithDrift", {}]),
    "Mean": (method("baseline", method="mean"), "monthly", ["series", "HistoricAverage", {}]),
    "Window mean (4)": (method("baseline", method="window_mean", window=4), "monthly", ["series", "WindowAverage", {"window_size": 4}]),
    "Seasonal window mean (2)": (
        method("baseline", method="seasonal_window_mean", window=2, season=12),
        "monthly",
        ["series", "SeasonalWindowAverage", {"season_length": 12, "window_size": 2}],
    ),
    "Croston": (method("intermittent_demand", method="croston"), "rare", ["series", "CrostonClassic", {}]),
    "SBA": (method("intermittent_demand", method="sba"), "rare", ["series", "CrostonSBA", {}]),
    "TSB (0.2, 0.1)": (
        method("intermittent_demand", method="tsb", size=0.2, rate=0.1),
        "rare",
        ["series", "TSB", {"alpha_d": 0.2, "alpha_p": 0.1}],
    ),
    "ETS(A,N,N)": (method("exponential_smoothing", trend="none"), "monthly", ["series", ETS, {"model": "ANN", "damped": False}]),
    "ETS(A,Ad,N)": (method("exponential_smoothing", trend="damped"), "monthly", ["series", ETS, {"model": "AAN", "damped": True}]),
    "ETS(A,A,A)": (
        method("exponential_smoothing", trend="additive", seasonality="additive"),
        "monthly",
        ["series", ETS, {"model": "AAA", "damped": False, "season_length": 12}],
    ),
    "ETS automatic": (method("exponential_smoothing", model="automatic"), "monthly", ["series", ETS, {"season_length": 12}]),
    "Theta": (method("theta", test=False), "monthly", ["series", "Theta", {"season_length": 12}]),
    "ARIMA(1,1,1)": (method("arima"), "monthly", ["series", "ARIMA", {"order": [1, 1, 1]}]),
    "ARIMA(1,0,1)(0,1,1)": (
        method("arima", autoregressive=1, differences=0, moving_average=1, seasonal_differences=1, seasonal_moving_average=1),
        "monthly",
        ["series", "ARIMA", {"order": [1, 0, 1], "seasonal_order": [0, 1, 1], "season_length": 12}],
    ),
    "ARIMA automatic": (method("arima", orders="automatic"), "monthly", ["series", "AutoARIMA", {"season_length": 12}]),
    "MSTL (24, 168)": (method("decompose"), "hourly", ["series", "MSTL", {"season_length": [24, 168]}]),
    "Linear on lags": (lags(*LINEAR, lags="1-3", scaled=False), "monthly", ["lags", None, [1, 2, 3, 12], [], False, []]),
    "Linear, scaled, window 4": (
        lags(*LINEAR, lags="1-3", windows="4"),
        "monthly",
        ["lags", None, [1, 2, 3, 12], [4], True, []],
    ),
    "Linear, differences 1, 12": (
        lags(*LINEAR, lags="1-3", scaled=False, differences="1, 12"),
        "monthly",
        ["lags", None, [1, 2, 3, 12], [], False, [1, 12]],
    ),
    "LightGBM on lags": (lags(*BOOSTED, lags="1-3", scaled=False), "monthly", ["lags", "trees", [1, 2, 3, 12], [], False, []]),
}  # fmt: skip


def main() -> None:
    """Print a line for each method, the figures, and the coverage."""
    asked = tuple(sys.argv[1:])
    python = installed("forecasting", PEERS)
    if python:
        with tempfile.TemporaryDirectory() as folder:
            _compare(Path(folder), python, [name for name in METHODS if not asked or name.startswith(asked)])
    if not asked:
        _cover()


def _compare(folder: Path, python: Path, names: Sequence[str]) -> None:
    tables = {"monthly": monthly(), "rare": rare(), "hourly": hourly()}
    horizons = {"monthly": AHEAD, "rare": AHEAD, "hourly": 48}
    past = {
        name: frame.filter(pl.int_range(pl.len()).over("unique_id") < pl.len().over("unique_id") - horizons[name])
        for name, frame in tables.items()
    }
    for name, frame in past.items():
        frame.write_parquet(folder / f"{name}.parquet")
    params = only(*BOOSTED).estimator.get_params()
    asked = {}
    for name in names:
        _, table, peer = METHODS[name]
        asked[name] = (table, [params if each == "trees" else each for each in peer], horizons[table])
    (folder / "asked.json").write_text(json.dumps({"tables": list(tables), "methods": asked}))
    backtest = _figures(tables["monthly"], folder)
    ours, seconds = {}, {}
    for name in names:
        make, table, _ = METHODS[name]
        started = time.perf_counter()
        forecaster = only(
            "forecasting.train_forecasting", {**COLUMNS, "horizon": horizons[table], "intervals": False}, method=make(), table=past[table]
        )
        ours[name] = only("forecasting.forecast", {"levels": ""}, forecaster=forecaster).frame["Forecast"].to_numpy()
        seconds[name] = time.perf_counter() - started
    done = subprocess.run([python, Path(__file__).with_name("forecasting_peer.py"), folder], stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    found = pl.read_parquet(folder / "found.parquet")
    print(
        f"{'method':28} {'largest':>9} {'median':>9}  {'MASE':>7} {'theirs':>7}  {'s':>6} {'theirs':>6}   differences in units of the mean of a series"
    )
    for name, mine in ours.items():
        table = METHODS[name][1]
        theirs = found.filter(pl.col("method") == name)["found"].to_numpy()
        _line(name, mine, theirs, tables[table], past[table], horizons[table], (seconds[name], told["seconds"][name]))
    print("\nmeasure      Easel        utilsforecast")
    for name, value in told["figures"].items():
        print(f"{name:12} {backtest[name]:.10f} {value:.10f}")


def _line(
    name: str, mine: np.ndarray, theirs: np.ndarray, frame: pl.DataFrame, past: pl.DataFrame, horizon: int, took: tuple[float, float]
) -> None:
    size = frame["unique_id"].n_unique()
    y = frame["y"].to_numpy().reshape(size, -1)
    before, actual = y[:, :-horizon], y[:, -horizon:]
    ours, peers = mine.reshape(size, horizon), theirs.reshape(size, horizon)
    failed = ~np.isfinite(peers).all(axis=1)
    before, actual, ours, peers = (each[~failed] for each in (before, actual, ours, peers))
    note = f"  they fail on {failed.sum()} series" if failed.any() else ""
    apart = np.abs(ours - peers).max(axis=1) / np.abs(before).mean(axis=1)
    scale = np.abs(before[:, 12:] - before[:, :-12]).mean(axis=1)
    scores = [float((np.abs(each - actual).mean(axis=1) / scale).mean()) for each in (ours, peers)]
    print(
        f"{name:28} {apart.max():9.1e} {np.median(apart):9.1e}  {scores[0]:7.4f} {scores[1]:7.4f}  {took[0]:6.2f} {took[1]:6.2f}{note}",
        flush=True,
    )


def _figures(frame: pl.DataFrame, folder: Path) -> Mapping[str, float]:
    """Our figures of a backtest from one origin whose intervals are of earlier ones; its forecasts and bounds are written for the peer."""
    asked = {**COLUMNS, "horizon": AHEAD, "windows": 4}
    found = run("forecasting.backtest", asked, table=frame, methods=[METHODS["Linear on lags"][0]()])
    rows = found["table"].frame.filter(pl.col("Method").str.starts_with("Linear"))
    last = rows.filter(pl.col("Origin") == pl.col("Origin").max())
    cv = last.rename({"Actual": "y", "Forecast": "found"}).drop("Step", "Method").rename({"Origin": "cutoff"}).drop("cutoff")
    cv.write_parquet(folder / "figures_cv.parquet")
    frame.filter(pl.int_range(pl.len()).over("unique_id") < MONTHS).write_parquet(folder / "figures_train.parquet")
    return _of_last(frame, last)


def _of_last(frame: pl.DataFrame, last: pl.DataFrame) -> Mapping[str, float]:
    from pipelines.catalogue.ports import Table  # noqa: PLC0415
    from pipelines.modelling.forecasting.intervals import scales, square_scales  # noqa: PLC0415
    from pipelines.modelling.forecasting.measures import Window, measured  # noqa: PLC0415
    from pipelines.modelling.forecasting.reading import Names, read_panel  # noqa: PLC0415

    panel = read_panel(Table(frame), Names("ds", "y", ("unique_id",))).cut(AHEAD)
    of = {
        name: last[name].to_numpy().reshape(SERIES, AHEAD)
        for name in ("Actual", "Forecast", "Lower 80", "Upper 80", "Lower 95", "Upper 95")
    }
    bounds = {level / 100: (of[f"Lower {level}"], of[f"Upper {level}"]) for level in (80, 95)}
    return measured(Window(AHEAD, of["Actual"], of["Forecast"], scales(panel, 12), square_scales(panel, 12), bounds))


def _cover() -> None:
    """Print which share of the values after training intervals hold, over all series and by step."""
    whole = weekly()
    y = whole["y"].to_numpy().reshape(COVERED, WEEKS + STEPS)
    past = whole.filter(pl.int_range(pl.len()).over("unique_id") < WEEKS)
    print(f"\ncoverage of {COVERED:,} series, {STEPS} weeks after {WEEKS}: overall, and the least and the most of a step")
    made = {
        "Seasonal naive": method("baseline"),
        "Linear on lags": lags("regression.linear_regression", {}, season=52),
        "LightGBM on lags": lags(*BOOSTED, season=52),
        "Theta": method("theta"),
    }
    for name, make in made.items():
        trained = only("forecasting.train_forecasting", {**COLUMNS, "horizon": STEPS}, method=make(), table=past)
        found = only("forecasting.forecast", {}, forecaster=trained).frame
        for level in (80, 95):
            low, high = (found[f"{side} {level}"].to_numpy().reshape(COVERED, STEPS) for side in ("Lower", "Upper"))
            inside = (y[:, WEEKS:] >= low) & (y[:, WEEKS:] <= high)
            steps = inside.mean(axis=0)
            print(f"{name:26} {level} %: {inside.mean() * 100:.2f}   {steps.min() * 100:.1f} to {steps.max() * 100:.1f}", flush=True)


def _long(values: np.ndarray, times: list[Any]) -> pl.DataFrame:
    size = len(values)
    keys = np.repeat([f"s{place:05d}" for place in range(size)], len(times))
    return pl.DataFrame({"unique_id": keys, "ds": times * size, "y": values.ravel()})


def monthly() -> pl.DataFrame:
    """Series with a level that walks, a trend and a season of months."""
    draw, t = np.random.default_rng(12), np.arange(MONTHS + AHEAD)
    level = (
        draw.uniform(80, 400, (SERIES, 1)) + draw.normal(0, 2, (SERIES, len(t))).cumsum(axis=1) + draw.uniform(-0.1, 0.4, (SERIES, 1)) * t
    )
    y = level * (1 + 0.15 * np.sin(2 * np.pi * (t + draw.uniform(0, 12, (SERIES, 1))) / 12)) + draw.normal(0, 4, (SERIES, len(t)))
    return _long(y, [date(2010 + month // 12, month % 12 + 1, 1) for month in t.tolist()])


def rare() -> pl.DataFrame:
    """Series with a demand in one of three weeks."""
    draw = np.random.default_rng(13)
    y = draw.poisson(6, (SERIES, MONTHS + AHEAD)) * (draw.random((SERIES, MONTHS + AHEAD)) < 0.33)
    y[:, 0] += 1  # so that all series start there
    return _long(y.astype(float), [date(2022, 1, 6) + timedelta(weeks=week) for week in range(MONTHS + AHEAD)])


def hourly() -> pl.DataFrame:
    """Series of hours with a day and a week."""
    draw, t = np.random.default_rng(14), np.arange(24 * DAYS)
    week = draw.normal(0, 1, (10, 7, 1)).repeat(24, axis=2).reshape(10, -1)[:, t % 168]
    y = 50 + 8 * np.sin(2 * np.pi * t / 24) + 5 * week + draw.normal(0, 1, (10, len(t)))
    return _long(y, [datetime(2024, 1, 1) + timedelta(hours=hour) for hour in t.tolist()])


def weekly() -> pl.DataFrame:
    """Series with a yearly season and noise, each of its own size."""
    draw, t = np.random.default_rng(15), np.arange(WEEKS + STEPS)
    level, phase = draw.uniform(50, 500, (COVERED, 1)), draw.uniform(0, 52, (COVERED, 1))
    y = level * (1 + 0.2 * np.sin(2 * np.pi * (t + phase) / 52)) + draw.normal(0, 0.1, (COVERED, len(t))) * level
    return _long(y, [date(2022, 1, 6) + timedelta(weeks=week) for week in t.tolist()])


if __name__ == "__main__":
    main()
