"""Backtest Forecasting Models."""

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.fan_out import fan_out, run_by
from pipelines.catalogue.items import Trial
from pipelines.modelling.forecasting import rolling
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


class Kept:
    """Executes the items of a fan-out, and keeps their results by content, as the engine does for items that depend on their content alone."""

    def __init__(self):
        self.known, self.executed = {}, []

    def run(self, fan):
        with run_by(None):
            asked = list(fan.items.values())
            assert all(item.content and not item.of_inputs for item in asked)
            new = [item for item in asked if item.content not in self.known]
            self.executed.append([item.key for item in new])
            self.known |= {item.content: result for item, result in zip(new, fan_out(new, fan.each), strict=True)}
            return [Trial(item, self.known[item.content]) for item in asked]


def test_after_a_series_has_changed_only_it_is_forecast_again(monkeypatch):
    pytest.importorskip("statsmodels")
    kept, theta = Kept(), method("theta", season=4)

    def forecast(frame):
        return run("forecasting.backtest", {**ASKED, "horizon": 2}, table=frame, methods=theta)["table"].frame

    def again(frame):
        with run_by(kept):
            forecast(frame)
        return kept.executed[-1]

    frame = weekly(12, 20)
    assert len(again(frame)) == 12, "an item has all origins of a series"
    changed = frame.with_columns(y=pl.when(pl.col("key") == "s00003").then(pl.col("y") + 1).otherwise("y"))
    (key,) = again(changed)
    assert key.startswith("Theta · s00003 · ")
    assert again(changed.sample(fraction=1, shuffle=True, seed=1)) == []
    more = pl.concat([changed, weekly(1, 20, seed=9).with_columns(key=pl.lit("a new one"))])
    assert [key.split(" · ")[1] for key in again(more)] == ["a new one"]

    before = forecast(more)
    monkeypatch.setattr(rolling, "ALONE", 8)
    first = again(more)
    blocks = len({rolling.crc32(repr((name,)).encode()) % 8 for name in more["key"].unique()})
    assert len(first) <= blocks, "more series than that share items, by their keys"
    assert len(again(more.with_columns(y=pl.when(pl.col("key") == "s00005").then(pl.col("y") * 2).otherwise("y")))) == 1
    with run_by(kept):
        assert forecast(more).equals(before), "kept results give the same table"
