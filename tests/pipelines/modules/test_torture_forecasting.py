"""Dirty series and tables: every method forecasts what it can, and each thing that is left out, filled or changed is said."""

from datetime import datetime

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from tests.pipelines.modules.forecasting_series import KEYS, forecasts, method, on_lags, refused, trained, weekly
from tests.support.module_runner import only

WEEKS, AHEAD = 40, 6
FINE = 20 + np.arange(WEEKS) % 4 + np.random.default_rng(0).normal(0, 1, WEEKS)
NONE, END = [None], float("inf")
SERIES = {
    "fine": FINE.tolist(),
    "short": [7.0, 9.0, 8.0],
    "one": [5.0],
    "constant": [3.0] * WEEKS,
    "zeros": [0.0] * WEEKS,
    "rare": [0.0, 0.0, 0.0, 6.0] * (WEEKS // 4),
    "negative": (FINE - 21).tolist(),
    "gaps": [None if place % 7 == 3 else each for place, each in enumerate(FINE.tolist())],
    "infinite": [END if place == 9 else each for place, each in enumerate(FINE.tolist())],
    "huge": [1e307 if place == 9 else each for place, each in enumerate(FINE.tolist())],
    "nothing": NONE * WEEKS,
    "late": NONE * 30 + FINE[:10].tolist(),
    "ended": FINE[:30].tolist() + NONE * 10,
    "large": (FINE * 1e95).tolist(),
}
METHODS = {
    "seasonal naive": lambda: method(season=4),
    "drift": lambda: method(method="drift"),
    "window mean": lambda: method(method="seasonal_window_mean", season=4),
    "croston": lambda: method("intermittent_demand", method="croston"),
    "tsb": lambda: method("intermittent_demand", method="tsb"),
    "smoothing": lambda: method("exponential_smoothing", error="multiplicative", seasonality="multiplicative", season=4),
    "automatic smoothing": lambda: method("exponential_smoothing", model="automatic", season=1),
    "arima": lambda: method("arima"),
    "theta": lambda: method("theta", season=4),
    "decomposition": lambda: method("decompose", seasons="4, 13"),
    "linear": lambda: on_lags(windows="3", differences="1", seasonal_lags=""),
    "trees": lambda: on_lags("regression.boosted_trees", {"trees": 5}, season=4, calendar=True),
    "each its own": lambda: on_lags(models="each", seasonal_lags="", lags="1"),
    "direct": lambda: on_lags(strategy="direct", seasonal_lags="", lags="1"),
}


def dirty(**series):
    series = series or SERIES
    weeks = np.datetime64("2023-01-05") + 7 * np.arange(WEEKS)
    rows = [(key, week, value) for key, values in series.items() for week, value in zip(weeks.tolist(), values, strict=False)]
    return pl.DataFrame(rows, schema={"key": pl.String, "week": pl.Date, "y": pl.Float64}, orient="row")


@pytest.mark.parametrize("name", METHODS)
def test_every_method_forecasts_every_series_with_values(name, notes):
    if name in ("smoothing", "automatic smoothing", "arima", "theta", "decomposition"):
        pytest.importorskip("statsmodels")
    found = forecasts(dirty(), METHODS[name](), horizon=AHEAD, intervals=False)
    sizes = found.group_by("key").agg(pl.len(), pl.col("Forecast").is_finite().sum().alias("known"))
    assert sizes.sort("key")["key"].to_list() == sorted(set(SERIES) - {"nothing"})
    assert sizes["len"].unique().to_list() == sizes["known"].unique().to_list() == [AHEAD]
    said = " ".join(notes)
    assert "1 series has no values, and no forecasts." in said
    assert "1 value of “y” is infinite and treated as missing." in said and "1 value of “y” is beyond ±1e100" in said
    assert "have no value." in said, "gaps are counted"
    if name not in ("seasonal naive", "drift", "window mean", "croston", "tsb"):
        assert "the last value, because" in said, "short series are counted"


def mixed():
    days = weekly(1, 60).with_columns(key=pl.lit("daily"), week=pl.date_range(pl.date(2022, 1, 6), pl.date(2022, 3, 6), eager=True))
    return pl.concat([weekly(3), days])


REFUSED = {
    "two rows of a period": (lambda frame: pl.concat([frame, frame[:1]]), "duplicate_times"),
    "days among weeks": (lambda _: mixed(), "duplicate_times"),
    "no rows": (lambda frame: frame.clear(), "no_rows"),
    "no times": (lambda frame: frame.with_columns(week=pl.lit(None, pl.Date)), "no_rows"),
    "no values": (lambda frame: frame.with_columns(y=pl.lit(None, pl.Float64)), "no_values"),
    "only infinite values": (lambda frame: frame.with_columns(y=pl.lit(END)), "no_values"),
    "no keys": (lambda frame: frame.with_columns(key=pl.lit(None, pl.String)), "no_rows"),
    "one row for each": (lambda frame: frame.unique("key"), "no_frequency"),
    "times of day": (lambda frame: frame.with_columns(week=pl.time(12)), "not_times"),
    "texts as values": (lambda frame: frame.with_columns(y=pl.lit("a")), "not_a_number"),
    "a time in the year 9999": (
        lambda frame: pl.concat([frame, frame[:1].with_columns(week=pl.date(9999, 1, 7))] * 1 + [frame[:0]]).with_columns(
            week=pl.col("week").cast(pl.Datetime("us")).dt.offset_by("1h")
        ),
        None,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_table_that_cannot_be_used_is_refused_with_the_place_and_a_remedy(name):
    spoil, code = REFUSED[name]
    try:
        found = forecasts(spoil(weekly(3)), method(), horizon=2, intervals=False)
    except ModuleError as wrong:
        assert code in (None, wrong.code) and wrong.remedy and wrong.port == "table" and wrong.param
    else:
        assert code is None and found.height > 0


def test_prepared_duplicates_and_mixed_frequencies_are_forecast(notes):
    for frame in (pl.concat([weekly(3), weekly(3)[:5]]), mixed()):
        clean = only("forecasting.prepare_time_series", {"time": "week", "value": "y", "series": ["key"]}, table=frame).frame
        assert forecasts(clean, method(), horizon=2, intervals=False)["Forecast"].null_count() == 0
    said = " ".join(notes)
    assert "are aggregated (sum)" in said and "The frequency is mixed: it is weekly for most series, and 1 has another one." in said


def test_hours_over_a_change_of_the_clocks_in_any_order_are_those_of_utc():
    hours = pl.datetime_range(datetime(2024, 10, 25), datetime(2024, 10, 28), "1h", time_zone="Europe/Berlin", eager=True)
    frame = pl.DataFrame({"key": "a", "week": hours, "y": np.arange(float(len(hours)))}).sample(fraction=1, shuffle=True, seed=2)
    found = forecasts(frame, method(method="drift"), horizon=3, intervals=False)
    assert found["Forecast"].to_list() == pytest.approx([len(hours) + step for step in range(3)]), "the hour that is twice counts twice"
    assert (found["week"] - hours[-1]).dt.total_hours().to_list() == [1, 2, 3]


def test_texts_as_times_that_are_no_dates_and_rows_without_a_key_are_counted(notes):
    frame = weekly(3).with_columns(week=pl.col("week").cast(pl.String))
    bad = pl.DataFrame({"key": ["s00000", None], "week": ["soon", "2022-01-06"], "y": [1.0, 2.0]})
    assert forecasts(pl.concat([bad, frame]), method(), horizon=2)["Forecast"].equals(forecasts(weekly(3), method(), horizon=2)["Forecast"])
    said = " ".join(notes)
    assert "1 text of “week” is no date, and missing here." in said
    assert "1 row without a time is left out." in said and "1 row without a value in a column that names the series is left out." in said


@pytest.mark.parametrize("strategy", ["recursive", "direct"])
def test_future_rows_that_are_missing_are_counted_and_other_rows_not_used(strategy, notes):
    frame = weekly(2, 60).with_columns(offer=(pl.col("week").dt.day() % 2).cast(pl.Float64))
    weeks = [datetime(2023, 3, 2).date(), datetime(2023, 3, 9).date()]
    known = pl.DataFrame({"key": ["s00000", "s00000", "stranger"], "week": [*weeks, weeks[0]], "offer": [1.0, None, 1.0]})
    found = forecasts(frame, on_lags(strategy=strategy, seasonal_lags=""), known, known_ahead=["offer"], horizon=3, intervals=False)
    assert found.height == 6 and found["Forecast"].is_finite().all()
    assert "5 of 6 future values of “offer” are not in the table of known values, and missing." in " ".join(notes)
    with refused("missing_columns", port="known_ahead", column="offer"):
        forecasts(frame, on_lags(), known.drop("offer"), known_ahead=["offer"], horizon=3, intervals=False)
    with refused("not_times", port="known_ahead", column="week"):
        forecasts(frame, on_lags(), known.with_columns(week=pl.lit(3)), known_ahead=["offer"], horizon=3, intervals=False)


def test_a_horizon_beyond_the_history_has_forecasts_but_no_intervals(notes):
    found = forecasts(weekly(2, 20), method(), horizon=30)
    assert found.height == 60 and found["Forecast"].null_count() == 0 and found["Lower 80"].null_count() == 60
    assert "The history is too short for prediction intervals" in " ".join(notes)
    with refused("too_short", param="horizon"):
        only("forecasting.backtest", {**KEYS, "horizon": 30}, table=weekly(2, 20), methods=method())


def test_intervals_of_dirty_series_are_where_errors_are():
    found = only("forecasting.forecast", {}, forecaster=trained(dirty(), method(season=4), horizon=AHEAD)).frame
    assert found.filter(pl.col("key") == "fine")["Lower 80"].null_count() == 0
    assert found.filter(pl.col("key") == "one")["Lower 80"].null_count() == AHEAD, "one value has no usual change"
