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
