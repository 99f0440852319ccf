"""Train Forecasting Model."""

import polars as pl
import pytest

from tests.pipelines.modules.forecasting_series import KEYS, car_example, forecasts, method, on_lags, refused, trained, weekly

EXAMPLE = car_example()


def test_coverage_is_measured_and_near_the_level():
    found = trained(weekly(300), on_lags()).report.blocks[1]["rows"]
    assert [level for level, _ in found] == ["80\u00a0%", "95\u00a0%"]
    assert found[0][1] == pytest.approx(0.80, abs=0.03) and found[1][1] == pytest.approx(0.95, abs=0.03)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda frame: pl.concat([frame, frame.head(1)]), "duplicate_times"),
        (lambda frame: frame.with_columns(y=None), "no_values"),
        (lambda frame: frame.with_columns(week=pl.lit("soon")), "not_times"),
        (lambda frame: frame.with_columns(week=pl.col("y")), "not_times"),
        (lambda frame: frame.with_columns(y=pl.col("key")), "not_a_number"),
        (lambda frame: frame.unique("key"), "no_frequency"),
        (lambda frame: frame.with_columns(key=pl.lit(None, pl.String)), "no_rows"),
    ],
    ids=["twice", "no value", "no date", "decimals", "texts", "one row each", "no key"],
)
def test_tables_that_are_no_series_are_refused(spoil, code):
    with refused(code):
        trained(spoil(weekly(3)), method(), **KEYS)


def test_rows_in_any_order_and_texts_as_times_give_the_same():
    frame = weekly(3)
    other = frame.sample(fraction=1, shuffle=True, seed=3).with_columns(pl.col("week").cast(pl.String))
    assert forecasts(frame, on_lags())["Forecast"].equals(forecasts(other, on_lags())["Forecast"])
