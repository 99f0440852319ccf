"""Pivot."""

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

EXAMPLE = Example({"header": "fuel-type", "values": ["price"], "aggregate": "mean"})
LONG = pl.DataFrame({"city": ["b", "a", "b", "c"], "year": [2024, 2023, 2023, None], "people": [1, 2, 3, 4], "area": [1.5, 2.5, 3.5, None]})
SETTINGS = {"rows": ["city"], "header": "year", "values": ["people"]}


def pivot(table=LONG, **settings):
    return only("transform.pivot", SETTINGS | settings, table=table).frame


def test_a_column_for_each_value_in_order():
    wide = pivot()
    assert wide.columns == ["city", "2023", "2024", "missing"]
    assert wide.rows() == [("b", 3, 1, None), ("a", 2, None, None), ("c", None, None, 4)]


def test_several_value_columns():
    wide = pivot(values=["people", "area"], empty="zero")
    assert wide.columns == ["city", *(f"{value}_{year}" for value in ("people", "area") for year in ("2023", "2024", "missing"))]
    assert wide.row(0) == ("b", 3, 1, 0, 3.5, 1.5, 0.0)


def test_the_values_that_are_named(notes):
    assert pivot(headers="2024, 2030").rows() == [("b", 1, None), ("a", None, None), ("c", None, None)]
    assert notes == ["Removed 3 rows with other header values: “2023”, “missing”."]
    refuses("transform.pivot", SETTINGS | {"headers": "2024,2024"}, "duplicate_column", table=LONG)


def test_columns_before_running():
    module = catalogue().modules["transform.pivot"]
    known = module.columns(Table(LONG.clear()), **module.read_settings(SETTINGS | {"headers": "2023,2024", "aggregate": "mean"}))
    assert known.frame.schema == pivot(headers="2023,2024", aggregate="mean").schema
    assert module.columns(Table(LONG.clear()), **module.read_settings(SETTINGS)) is None


def test_several_values_of_a_cell_are_an_error_unless_something_is_made_of_them():
    wrong = refuses("transform.pivot", SETTINGS, "several_values", table=pl.concat([LONG, LONG]))
    assert "“city” = b, “year” = 2024" in wrong.words and wrong.param == "aggregate"
    assert pivot(pl.concat([LONG, LONG]), aggregate="sum").row(0) == ("b", 6, 2, None)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("mean", "mean"),
        ("sum", "sum"),
        ("median", "median"),
        ("deviation", "std"),
        ("present", "count"),
        ("minimum", "min"),
        ("last", "last"),
        ("distinct", "nunique"),
    ],
)
def test_as_pandas_does(ours, theirs):
    cars = dataset("automobile_price").frame.filter(pl.col("price").is_not_null())
    wide = pivot(cars, rows=["make", "fuel-type"], header="body-style", values=["price", "horsepower"], aggregate=ours).sort(
        "make", "fuel-type"
    )
    plain = cars.to_pandas().groupby(["make", "fuel-type", "body-style"])[["price", "horsepower"]].agg(theirs).unstack()
    for value in ("price", "horsepower"):
        for style in cars["body-style"].unique():
            np.testing.assert_allclose(
                wide[f"{value}_{style}"].cast(float).to_numpy(), plain[value][style].to_numpy(dtype=float), rtol=1e-12
            )


def test_numbers_as_headers_lose_needless_decimals_and_what_is_not_a_number_is_missing():
    table = pl.DataFrame({"r": [1, 1, 1], "h": [2.0, float("nan"), 1.0], "v": ["a", "b", "c"]})
    assert pivot(table, rows=["r"], header="h", values=["v"]).row(0, named=True) == {"r": 1, "1": "c", "2": "a", "missing": "b"}


def test_too_many_values():
    many = pl.DataFrame({"r": [1] * 300, "h": range(300), "v": range(300)})
    wrong = refuses("transform.pivot", {"rows": ["r"], "header": "h", "values": ["v"]}, "too_many_values", table=many)
    assert (wrong.column, wrong.param) == ("h", "most_columns")
    assert pivot(many, rows=["r"], header="h", values=["v"], most_columns=300).shape == (1, 301)


def test_bad_choices():
    refuses("transform.pivot", SETTINGS | {"rows": ["year"]}, "no_columns", table=LONG)
    refuses("transform.pivot", SETTINGS | {"values": []}, "no_columns", table=LONG)
    refuses("transform.pivot", SETTINGS | {"values": ["city"], "rows": ["people"], "aggregate": "mean"}, "not_a_number", table=LONG)
    refuses(
        "transform.pivot",
        SETTINGS,
        "duplicate_column",
        table=LONG.rename({"city": "2023"}).rename({"2023": "city"}).with_columns(year=pl.lit("city")),
    )
    big = pl.DataFrame({"r": [1, 1], "h": ["a", "a"], "v": [2**63 - 1] * 2})
    refuses("transform.pivot", {"rows": ["r"], "header": "h", "values": ["v"], "aggregate": "sum"}, "too_large", table=big)


def test_roles_of_row_columns_stay_and_inputs_with_odd_names_work():
    table = Table(LONG.rename({"city": "ä__0"}), {"ä__0": ColumnRole("ignored")})
    assert only("transform.pivot", SETTINGS | {"rows": ["ä__0"]}, table=table).role("ä__0").role == "ignored"


def test_headers_that_cannot_be_names():
    table = LONG.with_columns(year=pl.Series([[1], [2], [3], [4]]))
    assert refuses("transform.pivot", SETTINGS, "wrong_type", table=table).param == "header"


def test_no_rows():
    assert pivot(LONG.clear()).shape == (0, 1)
