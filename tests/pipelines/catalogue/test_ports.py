"""Tables with roles."""

from dataclasses import replace

import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import ColumnRole, Table, collect_all, telling_of_values

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


def test_a_query_knows_its_columns_and_roles_without_rows():
    query = TABLE.query
    assert query.head.frame.schema == TABLE.frame.schema and query.head.frame.height == 0
    assert query.head.columns_with("label") == ["b"] and query.head.is_categorical("c")
    assert query.only(["a"]).head.frame.columns == ["a"] and query.only(["a"]).roles == {}
    assert query.with_frame(query.frame.rename({"a": "z"})).roles == {"b": ColumnRole("label")}


def test_a_query_remembers_the_file_in_which_its_columns_stand():
    kept = replace(TABLE, kept="file").query
    assert kept.only(["b"]).kept == "file"
    assert kept.with_frame(kept.frame.filter(pl.col("a") > 1)).kept is None


def test_queries_are_computed_with_their_roles():
    one, other = collect_all([TABLE.query, TABLE.query.only(["b"])], "in-memory")
    assert (one.frame.rows(), other.frame.rows(), other.role("b").role) == ([(1, 2, "x")], [(2,)], "label")
    assert TABLE.query.collect().frame.equals(TABLE.frame)


def test_a_value_that_cannot_be_computed_is_told_in_a_sentence():
    query = TABLE.query
    with pytest.raises(ModuleError) as caught:
        query.with_frame(query.frame.with_columns(pl.col("c").cast(pl.String).cast(pl.Int64))).collect()
    assert caught.value.code == "query_failed" and caught.value.words.endswith(".") and "\n" not in caught.value.words


def test_a_full_disk_is_no_matter_of_values():
    with pytest.raises(pl.exceptions.ComputeError), telling_of_values():
        raise pl.exceptions.ComputeError("No space left on device (os error 28)")
