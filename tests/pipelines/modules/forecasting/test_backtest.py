"""Backtest Forecasting Models."""

import numpy as np
import polars as pl
import pytest

from tests.pipelines.modules.forecasting_series import KEYS, car_example, method, on_lags, refused, weekly
from tests.support.module_runner import run

EXAMPLE = car_example(windows=2)
EXAMPLE = type(EXAMPLE)(EXAMPLE.settings, {"methods": lambda: [method(method="window_mean")]})
ASKED = {**KEYS, "horizon": 6, "windows": 3}


def test_figures_are_those_of_the_definitions():
    frame = weekly(4)
    found = run("forecasting.backtest", ASKED, table=frame, methods=method(method="naive"))
    y = frame["y"].to_numpy().reshape(4, -1)
    errors, mase, squares = [], [], []
    for back in (18, 12, 6):
        past, actual = y[:, :-back], y[:, 122 - back : 122 - back + 6]
        error = past[:, -1:] - actual
        errors.append(error)
        mase += list(np.abs(error).mean(axis=1) / np.abs(past[:, 52:] - past[:, :-52]).mean(axis=1))
        squares += list(np.sqrt((error**2).mean(axis=1) / ((past[:, 52:] - past[:, :-52]) ** 2).mean(axis=1)))
    total = np.concatenate([y[:, 122 - back : 122 - back + 6] for back in (18, 12, 6)])
    metrics = {each["name"]: each["metrics"] for each in found["report"].metrics}
    assert metrics.keys() == {"Naive", "Seasonal naive", "Drift", "Mean"}
    wanted = {"mase": np.mean(mase), "rmsse": np.mean(squares), "wape": np.abs(np.concatenate(errors)).sum() / total.sum()}
    wanted["bias"] = np.concatenate(errors).sum() / total.sum()
    assert {key: metrics["Naive"][key] for key in wanted} == pytest.approx(wanted, rel=1e-12)
    assert found["by_series"].frame.height == 16 and found["table"].frame.height == 4 * 3 * 4 * 6


def test_intervals_hold_what_they_say():
    found = run("forecasting.backtest", {**ASKED, "windows": 6}, table=weekly(300), methods=on_lags())["report"].metrics[0]["metrics"]
    assert found["coverage_80"] == pytest.approx(0.8, abs=0.03) and found["coverage_95"] == pytest.approx(0.95, abs=0.03)


def test_mape_is_not_given_where_a_value_is_0():
    frame = weekly(2).with_columns(y=pl.when(pl.col("week") == pl.date(2024, 5, 2)).then(0.0).otherwise("y"))
    assert run("forecasting.backtest", ASKED, table=frame, methods=method())["report"].metrics[0]["metrics"]["mape"] is None


def test_a_history_that_is_too_short_is_refused():
    with refused("too_short", param="horizon"):
        run("forecasting.backtest", {**ASKED, "horizon": 20}, table=weekly(2, 20), methods=method())
