"""Add Rows."""

from datetime import date, datetime

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.examples import Example, cars
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

EXAMPLE = Example(inputs={"tables": lambda: [cars(), cars()]})
ONE = pl.DataFrame({"a": [1, 2], "t": ["x", None]})
OTHER = pl.DataFrame({"t": ["z"], "a": [3], "b": [True]})


def add(*tables, **settings):
    return only("transform.add_rows", settings, tables=list(tables)).frame


def test_columns_are_matched_by_name():
    assert add(ONE, OTHER.drop("b")).rows() == [(1, "x"), (2, None), (3, "z")]


def test_columns_that_a_table_does_not_have(notes):
    assert add(ONE, OTHER, lacking="fill").rows() == [(1, "x", None), (2, None, None), (3, "z", True)]
    assert notes == ["Table 1 does not have “b”: missing values there."]
    assert add(ONE, OTHER, lacking="common").columns == ["a", "t"]
    wrong = refuses("transform.add_rows", {}, "missing_columns", tables=[ONE, OTHER])
    assert (wrong.column, wrong.port, wrong.param) == ("b", "tables", "lacking")


def test_the_table_of_each_row():
    assert add(ONE, ONE, source="from")["from"].to_list() == [1, 1, 2, 2]
    assert refuses("transform.add_rows", {"source": "a"}, "duplicate_column", tables=[ONE]).column == "a"


TEXT = pl.Series(["x"], dtype=pl.Categorical)
WIDER = [
    ([1], [1.5], pl.Float64, [1.0, 1.5]),
    (pl.Series([1], dtype=pl.Int8), pl.Series([300], dtype=pl.Int32), pl.Int32, [1, 300]),
    (pl.Series([255], dtype=pl.UInt8), pl.Series([-1], dtype=pl.Int8), pl.Int16, [255, -1]),
    (pl.Series([2**40], dtype=pl.UInt64), pl.Series([-1]), pl.Int64, [2**40, -1]),
    (pl.Series([2**63], dtype=pl.UInt64), pl.Series([1], dtype=pl.UInt8), pl.UInt64, [2**63, 1]),
    (pl.Series([1.5], dtype=pl.Float32), [2**40 + 1], pl.Float64, [1.5, 2**40 + 1]),
    (TEXT, ["y"], pl.String, ["x", "y"]),
    ([date(2024, 1, 1)], [datetime(2024, 1, 1, 8)], pl.Datetime("us"), [datetime(2024, 1, 1), datetime(2024, 1, 1, 8)]),
    ([None], ["y"], pl.String, [None, "y"]),
    (pl.Series(["1.25"]).cast(pl.Decimal(10, 2)), [3], pl.Decimal(38, 2), [1.25, 3]),
]


@pytest.mark.parametrize(("one", "other", "kind", "values"), WIDER)
def test_types_are_widened(one, other, kind, values):
    for pair, wanted in (((one, other), values), ((other, one), values[::-1])):
        column = add(*(pl.DataFrame({"x": each}) for each in pair))["x"]
        assert column.dtype == kind and [each if each is None or isinstance(each, str | date) else float(each) for each in column] == wanted


@pytest.mark.parametrize("other", [["x"], [True], [date(2024, 1, 1)], [[1]]])
def test_types_that_have_no_wider_one(other):
    tables = [pl.DataFrame({"x": [1]}), pl.DataFrame({"x": other})]
    wrong = refuses("transform.add_rows", {}, "types_differ", tables=tables)
    assert wrong.column == "x" and "Int64 in table 1" in wrong.words
    if other == [[1]]:
        refuses("transform.add_rows", {"unlike": "text"}, "types_differ", tables=tables)
    else:
        assert add(*tables, unlike="text")["x"].dtype == pl.String


def test_a_stream_gives_the_same_rows():
    module = catalogue().modules["transform.add_rows"]
    tables = [Table(pl.select(x=pl.int_range(first, first + 150_000))).query for first in (0, 900_000)]
    rows = module.function(*tables, **module.read_settings({})).frame
    assert rows.collect(engine="streaming").equals(rows.collect(engine="in-memory"))


def test_a_whole_number_that_does_not_fit_is_an_error_not_a_rounded_one():
    tables = [pl.DataFrame({"x": pl.Series([2**64 - 1], dtype=pl.UInt64)}), pl.DataFrame({"x": [-1]})]
    refuses("transform.add_rows", {}, "query_failed", tables=tables)


def test_roles_come_from_the_first_table_that_has_one():
    tables = [Table(ONE, {"a": ColumnRole("label")}), Table(ONE, {"a": ColumnRole("weight"), "t": ColumnRole("ignored")})]
    table = only("transform.add_rows", tables=tables)
    assert (table.role("a").role, table.role("t").role) == ("label", "ignored")


def test_as_duckdb_does_by_name():
    cars = dataset("automobile_price").frame
    one, other = cars.drop("make").with_row_index("n"), cars.select(reversed(cars.columns)).drop("price")
    theirs = duckdb.sql("from one union all by name from other").pl()
    assert_frame_equal(add(one, other, lacking="fill"), theirs, check_dtypes=False)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=4))
def test_every_row_is_there_in_order(heights):
    tables = [pl.DataFrame({"x": np.arange(height) + 10 * place}) for place, height in enumerate(heights)]
    assert add(*tables)["x"].to_list() == [value for table in tables for value in table["x"]]


def test_odd_tables():
    assert add(pl.DataFrame()).shape == (0, 0)
    assert add(pl.DataFrame(), pl.DataFrame(), source="n").shape == (0, 0)
    refuses("transform.add_rows", {}, "no_table", tables=[])
    wide = pl.DataFrame({f"ä{i}": [i] for i in range(2000)})
    assert add(wide, wide.select(reversed(wide.columns))).rows() == [tuple(range(2000))] * 2
