"""Group and Summarise."""

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

TABLE = pl.DataFrame(
    {
        "shop": ["b", "a", "b", None, "b"],
        "price": [1.0, 2.0, float("nan"), 4.0, 5.0],
        "pieces": [1, 2, 3, None, 5],
        "city": ["x", "y", "x", "x", None],
    }
)


def group(table=TABLE, **settings):
    return only("transform.group_by", {"keys": ["shop"], **settings}, table=table)


def test_rows_and_means_in_the_order_of_first_meeting():
    assert group().frame.rows() == [("b", 3, 3.0, 3.0), ("a", 1, 2.0, 2.0), (None, 1, 4.0, None)]
    assert group().frame.columns == ["shop", "rows", "price_mean", "pieces_mean"]


def test_every_figure():
    wanted = dict.fromkeys(("sum", "median", "deviation", "minimum", "maximum", "distinct"), True)
    first = group(columns=["pieces"], count=False, **wanted).frame.row(0, named=True)
    assert first == {
        "shop": "b",
        "pieces_sum": 9,
        "pieces_mean": 3.0,
        "pieces_median": 3.0,
        "pieces_deviation": 2.0,
        "pieces_minimum": 1,
        "pieces_maximum": 5,
        "pieces_distinct": 3,
    }


def test_texts_have_a_smallest_value_and_a_number_of_values():
    frame = group(columns=["city"], mean=False, minimum=True, distinct=True).frame
    assert frame.row(0, named=True) == {"shop": "b", "rows": 3, "city_minimum": "x", "city_distinct": 1}


def test_keys_alone_give_the_different_values():
    assert group(keys=["shop", "city"], count=False, mean=False).frame.height == 4


def test_roles_of_keys_stay():
    assert group(Table(TABLE, {"shop": ColumnRole("label")})).role("shop").role == "label"


@pytest.mark.parametrize("count", [500_000])
def test_the_same_rows_give_the_same_decimals(count):
    table = pl.select(key=pl.int_range(count) % 7, x=(pl.int_range(count) * 0.1).sin())
    first = group(table, keys=["key"], sum=True).frame
    assert all(group(table, keys=["key"], sum=True).frame.equals(first) for _ in range(5))


def test_no_keys():
    assert refuses("transform.group_by", {"keys": []}, "no_keys", table=TABLE).param == "keys"


def test_a_mean_of_texts():
    assert refuses("transform.group_by", {"keys": ["shop"], "columns": ["city"]}, "not_a_number", table=TABLE).column == "city"


def test_two_columns_of_one_name():
    refuses("transform.group_by", {"keys": ["rows"]}, "duplicate_column", table=TABLE.rename({"shop": "rows"}))


@pytest.mark.parametrize("kind", [pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32])
def test_sums_of_whole_numbers_are_exact(kind):
    most = 2**62 - 1 if kind == pl.Int64 else pl.select(kind.max()).item()
    table = pl.DataFrame({"k": [1, 1, 2], "x": pl.Series([most, most, None], dtype=kind)})
    sums = group(table, keys=["k"], mean=False, sum=True).frame["x_sum"]
    assert sums.dtype == pl.Int64 and sums.to_list() == [2 * most, 0]


@pytest.mark.parametrize(("kind", "most"), [(pl.Int64, 2**63 - 1), (pl.UInt64, 2**64 - 1), (pl.Int64, -(2**63))])
def test_a_sum_that_does_not_fit_is_refused(kind, most):
    table = pl.DataFrame({"k": [1, 1], "x": pl.Series([most, most], dtype=kind)})
    assert refuses("transform.group_by", {"keys": ["k"], "sum": True}, "too_large", table=table).column == "x"


def test_more_figures():
    frame = group(columns=["city"], mean=False, count=False, first=True, last=True, most_frequent=True, present=True).frame
    assert frame.columns == ["shop", "city_first", "city_last", "city_most_frequent", "city_present"]
    assert frame.rows() == [("b", "x", "x", "x", 2), ("a", "y", "y", "y", 1), (None, "x", "x", "x", 1)]


def test_the_smallest_of_the_most_frequent_values():
    table = pl.DataFrame({"k": [1] * 5, "x": [3, 2, 2, 3, None]})
    assert group(table, keys=["k"], mean=False, count=False, most_frequent=True).frame.rows() == [(1, 2)]


def test_figures_as_pandas_tells_them():
    cars = dataset("automobile_price").frame
    ours = group(
        cars, keys=["make"], columns=["price", "horsepower"], count=False, first=True, last=True, present=True, quantiles="0.1,0.75"
    ).frame
    for column in ("price", "horsepower"):
        groups = cars.to_pandas().groupby("make", sort=False)[column]
        plain = {"mean": groups.mean(), "first": groups.first(), "last": groups.last(), "present": groups.count()}
        plain |= {"q0.1": groups.quantile(0.1), "q0.75": groups.quantile(0.75)}
        for figure, theirs in plain.items():
            np.testing.assert_allclose(ours[f"{column}_{figure}"].cast(float).to_numpy(), theirs.to_numpy(), rtol=1e-12)


@pytest.mark.parametrize("quantiles", ["half", "1.5", "0,5;0.7", "nan"])
def test_quantiles_that_are_none(quantiles):
    assert refuses("transform.group_by", {"keys": ["shop"], "quantiles": quantiles}, "wrong_value", table=TABLE).param == "quantiles"
