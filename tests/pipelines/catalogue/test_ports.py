"""Tables with roles."""

import polars as pl

from pipelines.catalogue.ports import ColumnRole, Table

TABLE = Table(pl.DataFrame({"a": [1], "b": [2], "c": ["x"]}, schema_overrides={"c": pl.Categorical}), {"b": ColumnRole("label")})


def test_a_column_is_a_feature_until_it_is_said_otherwise():
    assert (TABLE.role("a").role, TABLE.role("b").role) == ("feature", "label")
    assert TABLE.columns_with("feature") == ["a", "c"]


def test_roles_of_columns_that_are_gone_are_dropped():
    assert TABLE.with_frame(TABLE.frame.select("a")).roles == {}
    assert TABLE.with_frame(TABLE.frame.select("b")).role("b").role == "label"


def test_a_role_is_changed_in_a_copy():
    changed = TABLE.with_role("b", categorical=True)
    assert changed.role("b") == ColumnRole("label", categorical=True)
    assert TABLE.role("b") == ColumnRole("label")


def test_a_column_is_categorical_by_flag_or_by_type():
    assert [TABLE.is_categorical(name) for name in "abc"] == [False, False, True]
    assert TABLE.with_role("a", categorical=True).is_categorical("a")
