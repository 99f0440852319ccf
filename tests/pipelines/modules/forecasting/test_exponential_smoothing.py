"""Exponential Smoothing."""

import numpy as np
import polars as pl
import pytest

from tests.pipelines.modules.forecasting_series import forecasts, method, weekly


def test_forecasts_are_those_of_statsmodels():
    ets = pytest.importorskip("statsmodels.tsa.exponential_smoothing.ets")
    frame = weekly(2)
    found = forecasts(frame, method("exponential_smoothing"), intervals=False)["Forecast"].to_numpy().reshape(2, 13)
    wanted = [ets.ETSModel(y, trend="add", damped_trend=True).fit(disp=False).forecast(13) for y in frame["y"].to_numpy().reshape(2, -1)]
    np.testing.assert_allclose(found, wanted, rtol=1e-9)


def test_bad_series_do_not_end_the_others():
    pytest.importorskip("statsmodels")
    frame = weekly(3, 30)
    bad = (
        pl.when(pl.col("key") == "s00000").then(7.0).when((pl.col("key") == "s00001") & (pl.col("week") > pl.date(2022, 1, 13))).then(None)
    )
    found = forecasts(frame.with_columns(y=bad.otherwise("y")), method("exponential_smoothing"), intervals=False)
    assert found.filter(pl.col("key") == "s00000")["Forecast"].unique().to_list() == [7.0]
    assert found.group_by("key").len().height == 3 and found["Forecast"].null_count() == 0


def test_the_model_is_chosen_for_each_series(notes):
    pytest.importorskip("statsmodels")
    t = np.arange(96)
    draw = np.random.default_rng(2).normal(0, 1, (2, 96))
    y = np.concatenate([100 + draw[0], (50 + t) * (1 + 0.3 * np.sin(2 * np.pi * t / 12)) * (1 + draw[1] / 100)])
    found = forecasts(weekly(2, 96).with_columns(y=y), method("exponential_smoothing", model="automatic", season=12), intervals=False)
    later = np.arange(96, 109)
    wanted = (50 + later) * (1 + 0.3 * np.sin(2 * np.pi * later / 12))
    np.testing.assert_allclose(found["Forecast"].to_numpy()[13:], wanted, rtol=0.05)
    assert "ETS(A,N,N) of 1" in " ".join(notes) and ",A,M) of 1" in " ".join(notes)


def test_what_a_series_does_not_allow_is_said(notes):
    pytest.importorskip("statsmodels")
    frame = weekly(2, 30).with_columns(y=pl.when(pl.col("key") == "s00000").then(-pl.col("y")).otherwise("y"))
    forecasts(frame, method("exponential_smoothing", error="multiplicative", seasonality="multiplicative"), intervals=False)
    assert "1 series with values of 0 or below, for which it is additive" in " ".join(notes)
    assert "2 series shorter than two seasons, whose season is left out" in " ".join(notes)
