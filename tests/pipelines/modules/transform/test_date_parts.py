"""Date Parts."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

EXAMPLE = Example({"start": "month", "elapsed_in": "days", "cycles": True})
ALL = dict.fromkeys(("year", "quarter", "month", "week", "day", "weekday", "day_of_year", "weekend", "hour", "minute", "second"), True)
NONE = dict.fromkeys(ALL, False)


def parts(table, **settings):
    return only("transform.date_parts", settings, table=table).frame


def wanted(times):
    """The same by pandas."""
    dt = times.dt
    return {
        "year": dt.year,
        "quarter": dt.quarter,
        "month": dt.month,
        "week": dt.isocalendar().week,
        "day": dt.day,
        "weekday": dt.day_of_week + 1,
        "day_of_year": dt.day_of_year,
        "weekend": (dt.day_of_week >= 5).astype(int),
        "hour": dt.hour,
        "minute": dt.minute,
        "second": dt.second,
    }


def flights():
    """Flights from New York; the moment is in UTC, and year, month, day and hour are those of the local clock."""
    frame = dataset("flights").frame.gather_every(97)
    return frame.select("year", "month", "day", "hour", d=pl.col("time_hour").str.to_datetime(time_zone="UTC"))


def test_parts_are_those_of_pandas_on_real_dates():
    result = parts(flights(), **ALL)
    for part, values in wanted(flights()["d"].to_pandas()).items():
        np.testing.assert_array_equal(result[f"d_{part}"].to_numpy(), values.to_numpy())
        assert result.schema[f"d_{part}"] == pl.Int64


def test_parts_in_the_zone_of_new_york_are_those_that_the_airport_wrote_down():
    result = parts(flights(), time_zone="America/New_York")
    for part in ("year", "month", "day", "hour"):
        assert result[f"d_{part}"].to_list() == result[part].to_list()
    assert (flights()["d"].dt.hour() != result["hour"]).any()


@pytest.mark.parametrize("zone", ["Europe/Zurich", "America/New_York", "Asia/Kolkata", "UTC"])
def test_parts_in_a_zone_are_those_of_pandas(zone):
    times = pl.datetime_range(datetime(2023, 12, 30), datetime(2025, 1, 2), "5h17m", time_zone="America/Sao_Paulo", eager=True)
    result = parts(pl.DataFrame({"d": times}), time_zone=zone, **ALL)
    for part, values in wanted(times.to_pandas().dt.tz_convert(zone)).items():
        np.testing.assert_array_equal(result[f"d_{part}"].to_numpy(), values.to_numpy())


def test_a_column_keeps_its_own_zone_and_one_without_zone_its_clock():
    moment = datetime(2024, 7, 1, 23, 30, tzinfo=ZoneInfo("Europe/Zurich"))
    frame = pl.DataFrame({"a": [moment], "b": [datetime(2024, 7, 1, 23, 30)]}, schema_overrides={"a": pl.Datetime("ns", "Europe/Zurich")})
    assert parts(frame, **NONE | {"hour": True}, output="only").row(0) == (23, 23)
    assert parts(frame, **NONE | {"hour": True}, output="only", time_zone="UTC").row(0) == (21, 23)


@pytest.mark.parametrize("unit", ["year", "quarter", "month", "week", "day", "hour", "minute"])
@pytest.mark.parametrize("zone", [None, "Europe/Zurich", "America/Sao_Paulo"])
def test_starts(unit, zone):
    """Of every hour of two years, among them those that a zone skips or has twice."""
    times = pl.datetime_range(datetime(2017, 10, 1, 2, 59), datetime(2019, 4, 1), "1h", time_zone=zone, eager=True)
    result = parts(pl.DataFrame({"d": times}), **NONE, start=unit, output="only")[f"d_start_of_{unit}"]
    assert result.dtype == times.dtype and result.null_count() == 0
    assert (result <= times).all() and (times - result).max() <= timedelta(days=366)
    clock = times.dt.replace_time_zone(None).to_pandas()
    if unit in ("hour", "minute"):
        assert result.dt.minute().to_list() == ([0] if unit == "hour" else [59]) * len(times)
        assert (times - result).max() < timedelta(hours=1)
    else:
        code = {"year": "Y", "quarter": "Q", "month": "M", "week": "W-SUN", "day": "D"}[unit]
        starts = clock.dt.to_period(code).dt.start_time
        assert result.dt.date().to_list() == starts.dt.date.to_list()
        assert result.dt.hour().is_in([0, 1]).all()  # 1 where a zone has no midnight on that day


def test_elapsed_time():
    frame = pl.DataFrame({"d": [date(2024, 3, 1), date(2024, 2, 28), None], "t": [datetime(2024, 3, 1, 12), None, datetime(2024, 1, 1)]})
    result = parts(frame, **NONE, elapsed_in="days", since="2024-02-29", output="only")
    assert result.to_dict(as_series=False) == {"d_days_since": [1, -1, None], "t_days_since": [1.5, None, -59]}
    assert parts(frame, **NONE, elapsed_in="hours", since_column="t", columns=["d"])["d_hours_since"].to_list() == [-12, None, None]
    assert parts(frame, **NONE, elapsed_in="seconds", columns=["d"])["d_seconds_since"][0] == datetime(2024, 3, 1, tzinfo=UTC).timestamp()


def test_elapsed_time_across_zones_is_real_time():
    zurich = pl.datetime_range(datetime(2024, 3, 30, 12), datetime(2024, 3, 31, 12), "1d", time_zone="Europe/Zurich", eager=True)
    frame = pl.DataFrame({"a": zurich, "b": pl.Series([datetime(2024, 3, 30, 11)] * 2).dt.replace_time_zone("UTC")})
    assert parts(frame, **NONE, elapsed_in="hours", since="2024-03-30 12:00", columns=["a"])["a_hours_since"].to_list() == [0, 23]
    assert parts(frame, **NONE, elapsed_in="hours", since="2024-03-30T11:00Z", columns=["a"])["a_hours_since"].to_list() == [0, 23]
    assert parts(frame, **NONE, elapsed_in="hours", since_column="b", columns=["a"])["a_hours_since"].to_list() == [0, 23]


def test_names_and_cycles():
    frame = pl.DataFrame({"d": [datetime(2024, 12, 31, 6), datetime(2024, 1, 1)]})
    chosen = NONE | {"month": True, "weekday": True, "hour": True}
    assert parts(frame, **chosen, names=True, output="only").row(0) == ("December", "Tuesday", 6)
    cycles = parts(frame, **chosen, cycles=True)
    assert cycles.columns[1:4] == ["d_month", "d_month_sin", "d_month_cos"]
    np.testing.assert_allclose(cycles.select("d_hour_sin", "d_hour_cos").row(0), (1, 0), atol=1e-12)
    np.testing.assert_allclose(cycles["d_month_sin"].to_numpy(), np.sin(2 * np.pi * np.array([11, 0]) / 12), atol=1e-12)


def test_what_a_column_has():
    frame = pl.DataFrame({"d": [date(2024, 1, 2)], "t": [time(3, 4, 5)], "long": [timedelta(1)], "x": [1]})
    assert parts(frame, output="only").to_dict(as_series=False) == {
        "d_year": [2024],
        "d_month": [1],
        "d_day": [2],
        "d_weekday": [2],
        "t_hour": [3],
    }
    assert parts(frame, output="in_place").columns == ["d_year", "d_month", "d_day", "d_weekday", "t_hour", "long", "x"]


def test_columns_without_parts_are_named(notes):
    frame = pl.DataFrame({"d": [date(2024, 1, 2)]})
    assert parts(frame, **NONE | {"hour": True}).columns == ["d"]
    assert notes[0] == "No selected part applies to “d”."


def test_far_and_missing_dates():
    frame = pl.DataFrame({"d": [date(1, 1, 1), date(9999, 12, 31), None]})
    assert parts(frame)["d_year"].to_list() == [1, 9999, None]
    assert parts(frame, elapsed_in="weeks")["d_weeks_since"].to_list() == [
        pytest.approx((date(1, 1, 1) - date(1970, 1, 1)).days / 7),
        pytest.approx((date(9999, 12, 31) - date(1970, 1, 1)).days / 7),
        None,
    ]
    assert parts(frame.clear()).schema == parts(frame).schema


def test_refusals():
    frame = pl.DataFrame({"t": ["2024-01-01"], "long": [timedelta(1)], "d": [date(2024, 1, 1)], "time": [time(1)], "d_year": [1]})
    frame = frame.with_columns(z=pl.col("d").cast(pl.Datetime("us", "UTC")))
    for settings, code, param in (
        ({"columns": ["t"]}, "not_a_date", "columns"),
        ({"columns": ["long"]}, "not_a_date", "columns"),
        ({"columns": ["d"], "time_zone": "Europe/Zuerich"}, "unknown_time_zone", "time_zone"),
        ({"columns": ["d"], "time_zone": "../etc"}, "unknown_time_zone", "time_zone"),
        ({"columns": ["z"], "elapsed_in": "days", "since_column": "d"}, "different_times", "since_column"),
        ({"columns": ["z"], "elapsed_in": "days", "since_column": "time"}, "different_times", "since_column"),
        ({"columns": ["z"], "elapsed_in": "days", "since": "yesterday"}, "wrong_value", "since"),
        ({"columns": ["d"], "elapsed_in": "days", "since": "2024-01-01T00:00Z"}, "wrong_value", "since"),
        ({"columns": ["d"]}, "duplicate_column", None),
    ):
        assert refuses("transform.date_parts", settings, code, table=frame).param == param
