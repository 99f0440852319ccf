"""Regression on Lags."""

import numpy as np
import polars as pl
import pytest

from tests.pipelines.modules.forecasting_series import forecasts, on_lags, refused, weekly
from tests.support.module_runner import only

PLAIN = ("regression.scikit_learn_regressor", {"estimator": "LinearRegression"})


def by_hand(frame, lags, horizon=13):
    """One linear regression of all series on their lags, recursive."""
    y = frame["y"].to_numpy().reshape(frame["key"].n_unique(), -1)
    rows = [[1.0, *(series[t - lag] for lag in lags)] for series in y for t in range(max(lags), len(series))]
    target = [series[t] for series in y for t in range(max(lags), len(series))]
    weights = np.linalg.lstsq(np.array(rows), np.array(target), rcond=None)[0]
    wide = [list(series) for series in y]
    for series in wide:
        for _ in range(horizon):
            series.append(weights @ [1.0, *(series[-lag] for lag in lags)])
    return np.array(wide)[:, -horizon:]


def test_recursive_forecasts_are_those_of_plain_numpy():
    frame = weekly(5)
    found = forecasts(frame, on_lags(*PLAIN, lags="1-3, 8", seasonal_lags="1", scaled=False), intervals=False)
    np.testing.assert_allclose(found["Forecast"].to_numpy().reshape(5, 13), by_hand(frame, (1, 2, 3, 8, 52)), rtol=1e-9)


@pytest.mark.parametrize("strategy", ["recursive", "direct"])
def test_a_column_that_acts_at_one_step_is_used_at_that_step(strategy):
    draw = np.random.default_rng(1)
    frame = weekly(4).with_columns(offer=draw.integers(0, 2, 488).astype(float)).with_columns(y=pl.col("y") + 500 * pl.col("offer"))
    weeks = [np.datetime64("2022-01-06") + 7 * (122 + step) for step in range(4)]
    known = pl.DataFrame(
        {"key": np.repeat(frame["key"].unique().sort().to_numpy(), 4), "week": np.array(weeks * 4), "offer": [0.0, 0.0, 1.0, 0.0] * 4}
    )
    found = forecasts(frame, on_lags(strategy=strategy, scaled=False), known, known_ahead=["offer"], horizon=4, intervals=False)
    steps = found["Forecast"].to_numpy().reshape(4, 4)
    assert (steps[:, 2] - steps[:, [0, 1, 3]].max(axis=1) > 300).all()


@pytest.mark.parametrize(
    "settings", [{}, {"models": "each"}, {"strategy": "direct", "windows": "4", "calendar": True, "holidays": "US", "fourier": 2}]
)
def test_every_kind_of_feature_is_forecast_with(settings):
    found = forecasts(weekly(3), on_lags(**settings), horizon=5, intervals=False)
    assert found["Forecast"].is_finite().all() and found.height == 15


def test_it_refuses_what_it_cannot_use():
    with refused("not_regression", port="untrained"):
        only("forecasting.regression_on_lags", {}, untrained=only("classification.two_class_logistic_regression"))
    with refused("wrong_numbers", param="lags"):
        on_lags(lags="0")
    with refused("unknown_country", param="holidays"):
        forecasts(weekly(2), on_lags(holidays="XX"), intervals=False)


@pytest.mark.parametrize("strategy", ["recursive", "direct"])
def test_differences_continue_a_trend_and_a_season(strategy):
    t = np.arange(60)
    frame = weekly(2, 60).with_columns(y=np.concatenate([5 * t + np.resize([0, 9, 2, 4], 60), 100 - t / 2]))
    made = on_lags("regression.boosted_trees", strategy=strategy, differences="1, 4", seasonal_lags="")
    found = forecasts(frame, made, horizon=8, intervals=False)["Forecast"].to_numpy().reshape(2, 8)
    later = np.arange(60, 68)
    np.testing.assert_allclose(found, [5 * later + np.resize([0, 9, 2, 4], 8), 100 - later / 2], atol=1e-8)
