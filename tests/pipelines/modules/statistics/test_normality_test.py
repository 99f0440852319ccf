"""Test Normality."""

import json
import warnings

import numpy as np
import polars as pl
import pytest
from scipy import stats

from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, run


def examine(frame, **settings):
    found = run("statistics.normality_test", settings, table=frame)
    return {(row["Column"], row["Test"]): row for row in found["table"].frame.rows(named=True)}, found["report"]


def test_it_is_what_r_and_scipy_compute():
    found, _ = examine(dataset("automobile_price").frame)
    row = found["price", "Shapiro-Wilk"]  # shapiro.test of R 4.5
    assert (row["Rows"], row["Statistic"], row["P Value"]) == pytest.approx((201, 0.798519446783118, 2.21598455278389e-15), rel=1e-6)
    assert row["Normal"] is False
    for column in ("price", "height", "bore", "symboling"):
        x = dataset("automobile_price").frame[column].drop_nulls().to_numpy().astype(float)
        assert found[column, "Shapiro-Wilk"]["Statistic"] == pytest.approx(stats.shapiro(x).statistic, rel=1e-9)
        skew, peak = stats.skewtest(x).statistic, stats.kurtosistest(x).statistic
        row = found[column, "D'Agostino-Pearson"]
        assert (row["Statistic"], row["P Value"]) == pytest.approx((skew**2 + peak**2, np.exp(-(skew**2 + peak**2) / 2)), rel=1e-9)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert found[column, "Anderson-Darling"]["Statistic"] == pytest.approx(stats.anderson(x, "norm").statistic, rel=1e-9)


@pytest.mark.parametrize(("adjusted", "p"), [(0.561, 0.15), (0.631, 0.1), (0.752, 0.05), (0.873, 0.025), (1.035, 0.01)])
def test_the_p_value_of_anderson_darling_meets_the_published_points(adjusted, p):
    """Stephens (1986), table 4.7: the modified statistic at the usual levels, here found by mixing a normal sample with a uniform one."""
    n = 200
    normal = stats.norm.ppf((np.arange(n) + 0.5) / n)
    skewed = stats.expon.ppf((np.arange(n) + 0.5) / n)
    low, high = 0.0, 1.0
    for _ in range(40):
        part = (low + high) / 2
        found, _ = examine(pl.DataFrame({"x": (1 - part) * normal + part * skewed}))
        row = found["x", "Anderson-Darling"]
        low, high = (part, high) if row["Statistic"] * (1 + 0.75 / n + 2.25 / n**2) < adjusted else (low, part)
    assert row["P Value"] == pytest.approx(p, rel=0.03)


def test_normal_samples_are_rejected_one_time_in_twenty():
    rng, rejected = np.random.default_rng(0), {}
    columns = pl.DataFrame(rng.normal(3e5, 2, size=(60, 300)), schema=[f"c{at}" for at in range(300)])
    for (_, test), row in examine(columns)[0].items():
        rejected[test] = rejected.get(test, 0) + (not row["Normal"])
    assert all(5 <= times <= 28 for times in rejected.values()), rejected


@pytest.mark.parametrize(("rows", "tests"), [(0, 0), (2, 0), (3, 1), (8, 2), (20, 3), (5000, 3), (5001, 2)])
def test_the_limits_on_the_number_of_values_are_said(rows, tests):
    found, _ = examine(pl.DataFrame({"x": np.random.default_rng(0).normal(size=rows)}))
    assert sum(row["P Value"] is not None for row in found.values()) == tests
    assert all((row["Note"] is None) == (row["P Value"] is not None) for row in found.values())


@pytest.mark.parametrize("values", [[1.0] * 30, [None] * 30, [float("inf")] * 30])
def test_columns_that_do_not_vary_have_no_result(values):
    found, report = examine(pl.DataFrame({"x": values}, schema={"x": pl.Float64}))
    assert all(row["P Value"] is None and row["Note"] and row["Normal"] is None for row in found.values())
    assert len(report.blocks) == 1


def test_large_values_and_the_level():
    x = np.random.default_rng(0).exponential(size=100)
    plain, huge = (examine(pl.DataFrame({"x": x * scale}))[0] for scale in (1, 1e305))
    for test, row in plain.items():
        assert huge[test]["P Value"] == pytest.approx(row["P Value"], rel=1e-6)
    assert not plain["x", "Shapiro-Wilk"]["Normal"]
    assert examine(pl.DataFrame({"x": x}), level=1e-30)[0]["x", "Shapiro-Wilk"]["Normal"]


def test_the_report_draws_the_first_columns():
    _, report = examine(dataset("automobile_price").frame)
    json.dumps(report.blocks, allow_nan=False)
    assert [block["type"] for block in report.blocks] == ["table", *["chart"] * 6]


def test_texts_are_refused():
    frame = pl.DataFrame({"t": ["a"]})
    assert refuses("statistics.normality_test", {"columns": ["t"]}, "not_a_number", table=frame).param == "columns"
    assert refuses("statistics.normality_test", {}, "no_columns", table=frame).param == "columns"
