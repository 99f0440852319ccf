"""Baseline Forecasting."""

import numpy as np
import pytest

from tests.pipelines.modules.forecasting_series import forecasts, method, weekly


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({"method": "naive"}, lambda y: np.full(13, y[-1])),
        ({"method": "seasonal_naive"}, lambda y: y[-52 : -52 + 13]),
        ({"method": "seasonal_naive", "season": 4}, lambda y: np.resize(y[-4:], 13)),
        ({"method": "drift"}, lambda y: y[-1] + (y[-1] - y[0]) / (len(y) - 1) * np.arange(1, 14)),
        ({"method": "mean"}, lambda y: np.full(13, y.mean())),
        ({"method": "window_mean", "window": 7}, lambda y: np.full(13, y[-7:].mean())),
        ({"method": "seasonal_window_mean", "window": 2, "season": 13}, lambda y: y[-26:].reshape(2, 13).mean(axis=0)),
    ],
    ids=["naive", "seasonal naive", "season of 4", "drift", "mean", "window mean", "seasonal window mean"],
)
def test_forecasts_are_those_of_the_definition(settings, wanted):
    frame = weekly(3)
    found = forecasts(frame, method(**settings), intervals=False)["Forecast"].to_numpy().reshape(3, 13)
    series = frame["y"].to_numpy().reshape(3, -1)
    np.testing.assert_allclose(found, [wanted(y) for y in series], rtol=1e-12)
