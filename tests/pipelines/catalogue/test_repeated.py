"""The columns that say which item a row belongs to."""

from __future__ import annotations

import polars as pl

from pipelines.catalogue.columns import Selector
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.catalogue.repeated import Repeated, keys_of, with_keys

SALES = Table(pl.DataFrame({"sold": [1], "shop": ["a"]}), {"shop": ColumnRole("ignored"), "sold": ColumnRole("label")})


def test_they_are_those_of_the_groups_or_the_number_of_the_row():
    keys = keys_of(SALES, {"each": "group", "groups": Selector.read(["shop"])})
    assert dict(keys.frame.schema) == {"shop": pl.String} and keys.frame.is_empty() and keys.role("shop").role == "ignored"
    assert dict(keys_of(SALES, {"each": "row", "groups": None}).frame.schema) == {"row": pl.Int64}
    assert keys_of(SALES, {"each": "group", "groups": None}).frame.width == 0


def test_they_come_first_and_replace_columns_of_the_same_name():
    made = Table(pl.DataFrame({"score": [0.5], "shop": [9]}), {"score": ColumnRole("score"), "shop": ColumnRole("feature")})
    found = with_keys(made, SALES.only(["shop"]))
    assert found.frame.rows() == [("a", 0.5)] and found.frame.columns == ["shop", "score"]
    assert (found.role("shop").role, found.role("score").role) == ("ignored", "score")


def test_without_a_sub_pipeline_nothing_is_computed():
    alone = Repeated(SALES)
    assert (alone.outputs, alone.compute(SALES), alone.heads(SALES)) == ((), (), ())
