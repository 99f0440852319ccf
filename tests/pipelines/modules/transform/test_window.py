"""Window and Lag."""

from datetime import date, datetime

import duckdb
import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

EXAMPLE = Example({"columns": ["price"], "group_by": ["make"], "order_by": ["horsepower"]})
TABLE = pl.DataFrame({"shop": ["a", "b", "a", "a", None], "day": [3, 1, 1, 2, 1], "x": [30.0, 7.0, 10.0, 20.0, 5.0]})


def window(function, table=TABLE, columns=("x",), **settings):
    settings = {"columns": list(columns), "group_by": ["shop"], "order_by": ["day"], "function": function, **settings}
    return only("transform.window", settings, table=table).frame


def column(function, *arguments, **settings):
    return window(function, *arguments, **settings).to_series(-1).to_list()


def test_rows_keep_their_order_and_windows_stay_in_their_group():
    frame = window("lag")
    assert frame.columns == ["shop", "day", "x", "x_lag_1"] and frame.drop("x_lag_1").equals(TABLE)
    assert frame["x_lag_1"].to_list() == [20.0, None, None, 10.0, None]


@pytest.mark.parametrize(
    ("function", "settings", "wanted"),
    [
        ("lag", {"steps": 2}, [10, None, None, None, None]),
        ("lead", {}, [None, None, 20, 30, None]),
        ("lag", {"descending": True}, [None, None, 20, 30, None]),
        ("lag", {"group_by": [], "order_by": []}, [None, 30, 7, 10, 20]),
        ("difference", {}, [10, None, None, 10, None]),
        ("change", {}, [0.5, None, None, 1, None]),
        ("rolling_mean", {"window": 2}, [25, 7, 10, 15, 5]),
        ("rolling_mean", {"window": 2, "least": 2}, [25, None, None, 15, None]),
        ("rolling_sum", {"window": 2, "own_row": False}, [30, None, None, 10, None]),
        ("total", {}, [60, 7, 10, 30, 5]),
        ("running_mean", {}, [20, 7, 10, 15, 5]),
        ("running_count", {}, [3, 1, 1, 2, 1]),
        ("rank", {"largest_first": True}, [1, 1, 3, 2, 1]),
        ("row_number", {}, [3, 1, 1, 2, 1]),
    ],
)
def test_functions(function, settings, wanted):
    assert column(function, **settings) == wanted


def test_names_say_function_and_size():
    assert window("rolling_sum", columns=["x", "day"], window=7).columns[-2:] == ["day_rolling_sum_7", "x_rolling_sum_7"]
    assert window("row_number", columns=[]).columns[-1] == "row_number"


def test_missing_and_infinite_values(notes):
    gaps = pl.DataFrame({"x": [1.0, None, float("inf"), 4.0, float("nan"), 6.0]})
    plain = {"group_by": [], "order_by": []}
    assert column("total", gaps, **plain) == [1, None, None, 5, None, 11]
    assert column("rolling_sum", gaps, window=2, **plain) == [1, 1, None, 4, 4, 6]
    assert column("fill_forward", gaps, **plain) == [1, 1, 1, 4, 4, 6]
    assert "Infinite values are treated as missing: “x” (1)." in notes
    assert column("lag", gaps, **plain)[3] == float("inf")
    assert column("change", pl.DataFrame({"x": [0, 1, 2]}), **plain) == [None, None, 1.0]


def test_any_type_has_a_lag_and_dates_have_differences_in_days():
    table = pl.DataFrame(
        {"t": ["a", "b"], "d": [date(2024, 1, 1), date(2024, 3, 1)], "m": [datetime(2024, 1, 1), datetime(2024, 1, 1, 12)]}
    )
    plain = {"group_by": [], "order_by": []}
    assert window("lag", table, ["t", "d"], **plain).row(1)[-2:] == ("a", date(2024, 1, 1))
    assert window("difference", table, ["d", "m"], **plain).row(1)[-2:] == (60.0, 0.5)
    assert column("rank", table, ["t"], largest_first=True, **plain) == [2, 1]
    wrong = refuses("transform.window", {"columns": ["t"], "function": "rolling_mean"}, "not_a_number", table=table)
    assert wrong.column == "t"


def test_whole_numbers_stay_whole_and_are_never_wrapped():
    plain = {"group_by": [], "order_by": []}
    big = pl.DataFrame({"x": pl.Series([2**62, 2**62 - 1, 1])})
    assert window("total", big.head(2), **plain)["x_total"].to_list() == [2**62, 2**63 - 1]
    for function in ("total", "rolling_sum"):
        assert refuses("transform.window", {"columns": ["x"], "function": function, "window": 3}, "too_large", table=big).column == "x"
    unsigned = pl.DataFrame({"x": pl.Series([5, 3], dtype=pl.UInt8)})
    assert column("difference", unsigned, **plain) == [None, -2]


FLIGHTS = dataset("flights").frame.head(4000).select("carrier", "origin", "time_hour", "flight", "dep_delay").with_row_index("n")
OVER = "over (partition by carrier, origin order by time_hour, n"
TRUTH = {
    "lag": f"lag(dep_delay, 2) {OVER})",
    "lead": f"lead(dep_delay, 2) {OVER})",
    "difference": f"dep_delay - lag(dep_delay, 2) {OVER})",
    "rolling_mean": f"avg(dep_delay) {OVER} rows 4 preceding)",
    "rolling_sum": f"sum(dep_delay) {OVER} rows 4 preceding)",
    "rolling_minimum": f"min(dep_delay) {OVER} rows 4 preceding)",
    "rolling_maximum": f"max(dep_delay) {OVER} rows 4 preceding)",
    "rolling_median": f"median(dep_delay) {OVER} rows 4 preceding)",
    "rolling_deviation": f"stddev_samp(dep_delay) {OVER} rows 4 preceding)",
    "total": f"case when dep_delay is not null then sum(dep_delay) {OVER}) end",
    "running_mean": f"case when dep_delay is not null then avg(dep_delay) {OVER}) end",
    "running_minimum": f"case when dep_delay is not null then min(dep_delay) {OVER}) end",
    "running_maximum": f"case when dep_delay is not null then max(dep_delay) {OVER}) end",
    "running_count": f"count(dep_delay) {OVER})",
    "fill_forward": f"last_value(dep_delay ignore nulls) {OVER})",
    "rank": "case when dep_delay is not null then rank() over (partition by carrier, origin order by dep_delay nulls last) end",
    "dense_rank": "case when dep_delay is not null then dense_rank() over (partition by carrier, origin order by dep_delay nulls last) end",
    "row_number": f"row_number() {OVER})",
}


@pytest.mark.parametrize("function", TRUTH)
def test_as_duckdb_computes_windows(function):
    settings = {"group_by": ["carrier", "origin"], "order_by": ["time_hour"], "steps": 2, "window": 5}
    ours = window(function, FLIGHTS, ["dep_delay"], **settings).to_series(-1).cast(float).to_numpy()
    theirs = duckdb.sql(f"select ({TRUTH[function]})::double as it from FLIGHTS order by n").pl()["it"].to_numpy()
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


def test_roles_stay_and_no_column_gives_the_table_back():
    assert only("transform.window", {"columns": ["x"]}, table=Table(TABLE, {"x": ColumnRole("label")})).role("x").role == "label"
    assert window("lag", columns=[]).equals(TABLE)


def test_bad_choices():
    refuses("transform.window", {"columns": ["x"]}, "duplicate_column", table=TABLE.rename({"day": "x_lag_1"}))
    wrong = refuses("transform.window", {"columns": ["x"], "order_by": ["l"]}, "no_order", table=TABLE.with_columns(l=pl.lit([1])))
    assert wrong.param == "order_by"


def test_row_numbers_need_no_other_column():
    assert column("row_number", columns=[], group_by=[], order_by=[]) == [1, 2, 3, 4, 5]


def test_odd_tables():
    wide = pl.DataFrame({f"ö{i}": [1.0, 2.0] for i in range(600)})
    assert window("rolling_mean", wide, wide.columns, group_by=[], order_by=[]).width == 1200
    assert window("total", TABLE.clear()).shape == (0, 4)
    many = pl.DataFrame({"shop": [str(i) for i in range(10_000)], "day": 1, "x": 1.0})
    assert column("lag", many) == [None] * 10_000
