"""Regressions on earlier values, of many series together: equal to scikit-learn's, one by one."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from pipelines.modelling.by_group.lags import fit, predict

BACK = [1, 2, 3, 7]


def series(count, times=60, seed=0):
    noise = np.random.default_rng(seed).normal(size=(count, times)).cumsum(axis=1) * 10
    return 1000 + noise + 50 * np.sin(np.arange(times))


def plain(values, back=BACK):
    most = max(back)
    x = np.column_stack([values[most - lag : len(values) - lag] for lag in back])
    there = ~(np.isnan(x).any(axis=1) | np.isnan(values[most:]))
    model = LinearRegression().fit(x[there], values[most:][there])
    return np.array([model.intercept_, *model.coef_])


def test_coefficients_are_those_of_a_loop():
    values = series(40)
    found, unique = fit(values, BACK)
    np.testing.assert_allclose(found, [plain(row) for row in values], rtol=1e-9)
    assert unique.all()


def test_times_with_missing_values_are_left_out():
    values = series(5)
    values[1, 20], values[3, 30:33] = np.nan, np.nan
    np.testing.assert_allclose(fit(values, BACK)[0], [plain(row) for row in values], rtol=1e-9)


@pytest.mark.parametrize("row", [np.full(60, 7.0), np.arange(60.0), np.tile([1.0, 2.0], 30)], ids=["constant", "line", "period"])
def test_of_many_solutions_it_is_the_smallest(row):
    found, unique = fit(np.stack([row, series(1)[0]]), BACK)
    assert unique.tolist() == [False, True]
    np.testing.assert_allclose(found[0], plain(row), atol=1e-9)


def test_a_series_does_not_depend_on_its_neighbours():
    values = series(30)
    together, alone = fit(values, BACK)[0], np.vstack([fit(row[None], BACK)[0] for row in values])
    assert np.array_equal(together, alone)


def test_forecasts_are_those_of_a_loop():
    values = series(20)
    coefficients = fit(values, BACK)[0]
    found = predict(coefficients, BACK, values[:, -7:], np.full((20, 13), np.nan))
    for row, told, known in zip(coefficients, found, values.tolist(), strict=True):
        for _ in range(13):
            known.append(row[0] + sum(slope * known[-lag] for slope, lag in zip(row[1:], BACK, strict=True)))
        np.testing.assert_allclose(told, known[-13:], rtol=1e-9)


def test_a_known_value_is_used_and_a_missing_one_is_predicted():
    coefficients, before = np.array([[1.0, 2.0]]), np.array([[3.0]])
    assert predict(coefficients, [1], before, np.array([[5.0, np.nan, np.nan]])).tolist() == [[7.0, 11.0, 23.0]]
    assert np.isnan(predict(coefficients, [1], np.array([[np.nan]]), np.array([[np.nan]]))).all()
