"""Add Columns."""

import pandas as pd
import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.examples import Example, cars
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

EXAMPLE = Example(inputs={"tables": lambda: [cars(), cars()]})
ONE = pl.DataFrame({"a": [1, 2], "t": ["x", None]})
OTHER = pl.DataFrame({"a": [3.5]})


def add(*tables, **settings):
    return only("transform.add_columns", settings, tables=list(tables)).frame


def test_side_by_side(notes):
    assert add(ONE, ONE.rename({"a": "b", "t": "c"})).rows() == [(1, "x", 1, "x"), (2, None, 2, None)]
    assert notes == []


def test_the_shorter_table_ends_with_missing_values(notes):
    assert add(ONE, OTHER).rows() == [(1, "x", 3.5), (2, None, None)]
    assert notes[0] == "Table 2 has 1 row, and the longest 2; its values are missing in the last 1."
    wrong = refuses("transform.add_columns", {"shorter": "refuse"}, "lengths_differ", tables=[ONE, OTHER])
    assert "1 row" in wrong.words and "Join Data" in wrong.remedy


def test_names_that_come_more_than_once(notes):
    assert add(ONE, ONE, OTHER).columns == ["a", "t", "a_2", "t_2", "a_3"]
    assert "“a_2”, “t_2”, “a_3”" in notes[-1]
    assert add(pl.DataFrame({"a": [1], "a_2": [2]}), pl.DataFrame({"a": [3]})).row(0, named=True) == {"a": 1, "a_2": 2, "a_3": 3}


def test_roles_go_with_their_columns():
    table = only("transform.add_columns", tables=[ONE, Table(OTHER, {"a": ColumnRole("label")})])
    assert (table.role("a").role, table.role("a_2").role) == ("feature", "label")


def test_as_pandas_does():
    one, other = dataset("automobile_price").frame.select("make", "price"), dataset("ames_housing").frame.select("Sale_Price", "Lot_Area")
    theirs = pl.from_pandas(pd.concat([one.to_pandas(), other.to_pandas()], axis=1))
    assert_frame_equal(add(one, other), theirs, check_dtypes=False, check_exact=True)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 3)), min_size=1, max_size=4))
def test_every_value_stays_in_its_row(shapes):
    tables = [pl.DataFrame({f"c{place}": range(height) for place in range(width)}) for height, width in shapes]
    wide = add(*tables)
    assert wide.height == max(height for height, _ in shapes)
    assert all(
        wide.to_series(place).drop_nulls().to_list() == list(range(wide.height))[: wide.to_series(place).count()]
        for place in range(wide.width)
    )
    assert wide.width == sum(width for _, width in shapes)


def test_odd_tables():
    assert add(pl.DataFrame(), ONE).rows() == ONE.rows()
    refuses("transform.add_columns", {}, "no_table", tables=[])
    wide = pl.DataFrame({f"ä{i}": [i] for i in range(2000)})
    assert add(wide, wide).width == 4000
