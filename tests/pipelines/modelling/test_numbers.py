"""Columns as finite numbers."""

from decimal import Decimal

import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.modelling.numbers import MEASURED, all_finite, finite_columns, need_numbers, numbers_of


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


@pytest.mark.parametrize(
    ("values", "finite"),
    [
        ([1.0, None, -2.5], True),
        ([], True),
        ([None, None], True),
        ([1e308, 1e308, 1e308], True),  # whose sum is too large for a number
        ([1e308, 1e308, float("nan")], False),
        ([float("inf"), float("-inf")], False),
        ([1.0, float("nan")], False),
    ],
)
def test_an_infinity_is_found_by_a_sum(values, finite):
    column = pl.Series("x", values, dtype=pl.Float64)
    assert all_finite(column) is finite
    found = finite_columns(pl.DataFrame({"x": column, "n": pl.Series([1] * len(values), dtype=pl.Int64)}), ["x", "n"])
    assert set(found) == ({"x", "n"} if finite else {"n"})
    if values == [1.0, None, -2.5]:
        assert found == {"n": None, "x": -0.75}
