"""Decompose and Forecast."""

from datetime import datetime

import numpy as np
import polars as pl
import pytest

from tests.pipelines.modules.forecasting_series import forecasts, method, refused


def hours(days=30):
    t = np.arange(24 * days)
    times = pl.datetime_range(datetime(2024, 1, 1), interval="1h", end=datetime(2024, 1, 1 + days - 1, 23), eager=True)
    y = 50 + 10 * np.sin(2 * np.pi * t / 24) + 20 * (t // 24 % 7 >= 5) + np.random.default_rng(0).normal(0, 0.5, len(t))
    return pl.DataFrame({"week": times, "key": "a", "y": y})


def test_both_seasons_of_hours_go_on():
    pytest.importorskip("statsmodels")
    frame = hours()
    kept = frame[:-72]
    found = forecasts(kept, method("decompose"), horizon=72, intervals=False)["Forecast"].to_numpy()
    assert np.abs(found - frame["y"].to_numpy()[-72:]).mean() < 1.5


def test_what_cannot_be_decomposed_is_said(notes):
    pytest.importorskip("statsmodels")
    found = forecasts(hours(2), method("decompose", seasons="7, 400"), horizon=2, intervals=False)["Forecast"]
    assert found.null_count() == 0 and "1 series shorter than two seasons, whose season is left out" in " ".join(notes)
    with refused("wrong_numbers", param="seasons"):
        method("decompose", seasons="1, 7")
