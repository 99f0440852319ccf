"""What differs between two tables is told in order and in words."""

import polars as pl

from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.preview.diff import Change, changes

BEFORE = Table(pl.DataFrame({"a": [1, 2], "b": ["x", None], "gone": [True, False]}))


def test_equal_tables_differ_in_nothing():
    assert list(changes(BEFORE, BEFORE)) == []


def test_columns_that_came_went_or_changed_are_told():
    after = Table(pl.DataFrame({"a": [1.0, 2.0], "b": ["y", None], "new": [1, 2]}), {"b": ColumnRole("label")})
    assert list(changes(BEFORE, after)) == [
        Change("a", "Int64", "Float64"),
        Change("b", "String", "String, label"),
        Change("new", "absent", "Int64"),
        Change("gone", "Boolean", "absent"),
    ]


def test_values_are_compared_and_empty_ones_are_equal():
    after = BEFORE.with_frame(BEFORE.frame.with_columns(b=pl.Series(["z", None])))
    assert list(changes(BEFORE, after)) == [Change("b", "other values", "new values")]


def test_another_number_of_rows_is_told_once():
    assert list(changes(BEFORE, BEFORE.with_frame(BEFORE.frame.head(1)))) == [Change(None, "2 rows", "1 rows")]
