"""Columns as finite numbers."""

from decimal import Decimal

import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.modelling.numbers import MEASURED, need_numbers, numbers_of


def test_what_is_no_finite_number_is_missing():
    values = pl.Series("x", [1.0, float("nan"), float("inf"), None])
    assert numbers_of(values).to_list() == [1, None, None, None] and values[2] == float("inf")
    assert numbers_of(pl.Series([True, None])).to_list() == [1, None]
    assert numbers_of(pl.Series([Decimal("1.5")])).to_list() == [1.5]


def test_texts_and_dates_are_refused_by_name():
    frame = pl.DataFrame({"x": [1], "t": ["a"]})
    need_numbers(frame, ["x"])
    with pytest.raises(ModuleError) as caught:
        need_numbers(frame, ["x", "t"])
    assert (caught.value.column, caught.value.port, caught.value.param) == ("t", "table", "columns")


def test_the_label_is_measured_and_weights_are_not():
    table = Table(pl.DataFrame({"x": [1], "y": [1], "w": [1], "t": ["a"]}), {"y": ColumnRole("label"), "w": ColumnRole("weight")})
    assert MEASURED.pick(table) == ["x", "y"]
