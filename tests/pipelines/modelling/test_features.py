"""What learners see of a table."""

from datetime import date, datetime, time

import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import class_text
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.modelling.features import as_feature, feature_frame, kind_named

COLUMNS = {
    "text": (["a", None], ["a", None]),
    "number": ([1, None], [1.0, None]),
    "odd": ([float("nan"), float("inf")], [None, None]),
    "switch": ([True, False], [1.0, 0.0]),
    "day": ([date(1970, 1, 2), None], [1.0, None]),
    "time": ([datetime(1970, 1, 1, 12), None], [0.5, None]),
    "category": (pl.Series(["x", "y"], dtype=pl.Categorical), ["x", "y"]),
    "choice": (pl.Series(["x", "y"], dtype=pl.Enum(["x", "y"])), ["x", "y"]),
}


@pytest.mark.parametrize(("values", "seen"), COLUMNS.values(), ids=COLUMNS)
def test_values_become_numbers_or_texts(values, seen):
    frame = pl.DataFrame({"x": values})
    features = [as_feature(Table(frame), "x")]
    assert feature_frame(frame, features)["x"].to_list() == seen
    assert kind_named(features[0][1]) in ("text", "number", "boolean", "datetime")


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_times_of_every_precision_are_the_same_days(unit):
    frame = pl.DataFrame({"x": pl.Series([datetime(1970, 1, 3)], dtype=pl.Datetime(unit))})
    assert feature_frame(frame, [("x", "Datetime")])["x"].to_list() == [2.0]


def test_a_number_marked_as_category_is_text():
    table = Table(pl.DataFrame({"x": [1]}), {"x": ColumnRole(categorical=True)})
    assert feature_frame(table.frame, [as_feature(table, "x")])["x"].to_list() == ["1"]


def test_a_column_without_any_value_fits_every_type():
    frame = pl.DataFrame({"x": [None]})
    assert feature_frame(frame, [("x", "Float64")])["x"].dtype == pl.Float64
    assert feature_frame(frame, [("x", "String")])["x"].dtype == pl.String


def test_many_missing_columns_are_counted():
    with pytest.raises(ModuleError, match="and 3 more"):
        feature_frame(pl.DataFrame(), [(f"x{place}", "String") for place in range(8)])


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([1.0, 2.0], ["1", "2"]),
        ([0.5, 1.0], ["0.5", "1.0"]),
        ([1e99, 0.0], ["1e+99", "0.0"]),
        ([1.0, None], ["1", None]),
        ([True, None], ["true", None]),
        (["a"], ["a"]),
        ([1], ["1"]),
    ],
)
def test_classes_are_named_by_their_values(values, texts):
    assert class_text(pl.Series(values)).to_list() == texts


def test_dates_give_their_parts():
    frame = pl.DataFrame({"x": [datetime(2024, 2, 3, 12), None]})
    seen = feature_frame(frame, [as_feature(Table(frame), "x")])
    assert seen.columns == ["x", "x (year)", "x (month)", "x (weekday)", "x (hour)"]
    assert seen.row(0)[1:] == (2024.0, 2.0, 6.0, 12.0) and seen.row(1) == (None,) * 5
    days = frame.select(pl.col("x").dt.date())
    assert feature_frame(days, [as_feature(Table(days), "x")]).row(0)[1:] == (2024.0, 2.0, 6.0)
    assert feature_frame(days, [as_feature(Table(frame), "x")]).row(0)[1:] == (2024.0, 2.0, 6.0, 0.0)


@pytest.mark.parametrize("values", [["a"], [time(12)], [1]])
def test_what_is_no_date_is_refused_for_one(values):
    with pytest.raises(ModuleError) as caught:
        feature_frame(pl.DataFrame({"x": values}), [("x", "Date")])
    assert caught.value.code == "wrong_type"


def test_texts_without_any_value_are_missing_numbers():
    frame = pl.DataFrame({"x": pl.Series([None, None], dtype=pl.String)})
    assert feature_frame(frame, [("x", "Float64")])["x"].to_list() == [None, None]
    assert feature_frame(frame, [("x", "Date")]).dtypes == [pl.Float64] * 4


def test_numbers_stay_where_their_squares_are_numbers():
    assert feature_frame(pl.DataFrame({"x": [1e308, -1e308]}), [("x", "Float64")])["x"].to_list() == [1e100, -1e100]


def test_a_column_named_like_the_part_of_a_date_is_refused():
    frame = pl.DataFrame({"x": [date(2024, 1, 1)], "x (year)": [1]})
    with pytest.raises(ModuleError) as caught:
        feature_frame(frame, [("x", "Date"), ("x (year)", "Int64")])
    assert (caught.value.code, caught.value.column) == ("duplicate_column", "x (year)")
