"""Unpivot."""

from datetime import timedelta

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

EXAMPLE = Example({"columns": ["price", "horsepower"]})
WIDE = pl.DataFrame({"city": ["b", "a"], "y23": [1, None], "y24": [2.5, 3.0]})


def unpivot(table=WIDE, **settings):
    return only("transform.unpivot", {"columns": ["y23", "y24"], **settings}, table=table).frame


def test_column_after_column():
    assert unpivot().rows() == [("b", "y23", 1.0), ("a", "y23", None), ("b", "y24", 2.5), ("a", "y24", 3.0)]
    assert unpivot(leave_out_missing=True, name_column="year", value_column="people").columns == ["city", "year", "people"]
    assert unpivot(leave_out_missing=True).height == 3


def test_as_pandas_does():
    cars = dataset("automobile_price").frame.with_row_index("n")
    columns = ["price", "horsepower", "city-mpg"]
    ours = unpivot(cars.select("n", "make", *columns), columns=columns)
    theirs = pl.from_pandas(
        pd.melt(cars.to_pandas(), id_vars=["n", "make"], value_vars=columns, var_name="name", value_name="value"), nan_to_null=True
    )
    assert_frame_equal(ours, theirs, check_dtypes=False, check_exact=True)


def test_a_stream_gives_the_same_rows():
    module = catalogue().modules["transform.unpivot"]
    table = Table(pl.select(k=pl.int_range(150_000), x=pl.int_range(150_000) * 2, y=pl.int_range(150_000) * 3)).query
    long = module.function(table, **module.read_settings({"columns": ["x", "y"]})).frame
    assert long.collect(engine="streaming").equals(long.collect(engine="in-memory"))


@given(st.lists(st.tuples(st.integers(), st.integers()).map(lambda pair: tuple(value % 100 for value in pair)), max_size=6))
def test_pivot_is_the_way_back(rows):
    table = pl.DataFrame(rows, schema={"a": pl.Int64, "b": pl.Int64}, orient="row").with_row_index("n")
    back = only(
        "transform.pivot",
        {"rows": ["n"], "header": "name", "values": ["value"], "headers": "a,b"},
        table=unpivot(table, columns=["a", "b"]),
    )
    assert back.frame.equals(table)


def test_types_that_differ(notes):
    table = WIDE.with_columns(t=pl.lit("x"))
    wrong = refuses("transform.unpivot", {"columns": ["y23", "t"]}, "types_differ", table=table)
    assert wrong.column == "t" and "“y23” has type Int64" in wrong.words
    assert unpivot(table, columns=["y23", "t"], unlike="text")["value"].to_list() == ["1", None, "x", "x"]
    assert notes[-1] == "The values of 2 columns are converted to text."


@pytest.mark.parametrize("other", [[[1], [2]], [timedelta(1), None]])
def test_values_that_have_no_text(other):
    table = WIDE.with_columns(gap=None, o=pl.Series(other))
    assert refuses("transform.unpivot", {"columns": ["gap", "y23", "o"], "unlike": "text"}, "types_differ", table=table).column == "o"


@pytest.mark.parametrize(("settings", "code"), [
    ({"columns": []}, "no_columns"), ({"name_column": "city"}, "duplicate_column"), ({"value_column": "name"}, "duplicate_column"), ({"name_column": ""}, "no_name"),
])  # fmt: skip
def test_bad_choices(settings, code):
    refuses("transform.unpivot", {"columns": ["y23", "y24"], **settings}, code, table=WIDE)


def test_a_new_column_may_have_the_name_of_one_that_goes():
    assert unpivot(value_column="y23").columns == ["city", "name", "y23"]


def test_roles():
    table = only("transform.unpivot", {"columns": ["y23"]}, table=Table(WIDE, {"city": ColumnRole("ignored"), "y23": ColumnRole("label")}))
    assert table.role("city").role == "ignored" and table.role("value").role == "feature" and table.role("name").categorical


def test_many_columns_and_no_rows():
    wide = pl.DataFrame({f"ö{i}": [i, -i] for i in range(600)})
    assert unpivot(wide, columns=wide.columns).height == 1200
    assert unpivot(WIDE.clear()).shape == (0, 3)
