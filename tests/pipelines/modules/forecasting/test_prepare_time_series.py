"""Prepare Time Series."""

import polars as pl
import pytest

from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.forecasting_series import OF_CARS, refused, weekly
from tests.support.module_runner import dataset, only
from tests.support.orange_juice import made

EXAMPLE = Example(OF_CARS)
ASKED = {"time": "day", "value": "y"}


def prepared(days, values, **settings):
    frame = pl.DataFrame({"day": [f"2024-01-{day:02d}" for day in days], "y": values}, strict=False).with_columns(
        pl.col("day").str.to_date()
    )
    return only("forecasting.prepare_time_series", {**ASKED, **settings}, table=frame).frame


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({}, [4.0, None, 2.0, 3.0]),
        ({"fill": "zero", "aggregate": "max"}, [3.0, 0.0, 2.0, 3.0]),
        ({"fill": "last", "aggregate": "mean"}, [2.0, 2.0, 2.0, 3.0]),
        ({"fill": "last", "aggregate": "min", "short": "pad", "fewest": 6}, [1.0, 1.0, 1.0, 1.0, 2.0, 3.0]),
    ],
    ids=["sum", "zero", "last", "padded"],
)
def test_doubles_gaps_and_short_series_follow_the_settings(settings, wanted):
    assert prepared([4, 1, 1, 3], [3, 1, 3, 2], **settings)["y"].to_list() == wanted


def test_a_series_that_ends_earlier_can_be_filled_up_and_short_ones_dropped():
    frame = pl.concat([weekly(2, 10), weekly(1, 3).with_columns(key=pl.lit("short"))])
    asked = {"time": "week", "value": "y", "series": ["key"]}
    assert only("forecasting.prepare_time_series", {**asked, "end": "common"}, table=frame).frame.height == 30
    assert only("forecasting.prepare_time_series", {**asked, "short": "drop", "fewest": 5}, table=frame).frame.height == 20


def test_totals_are_the_sums():
    frame = dataset("orange_juice")
    asked = {"time": "week", "value": "quantity", "series": ["store", "brand"], "totals": True, "frequency": "monthly"}
    found = only("forecasting.prepare_time_series", asked, table=frame).frame
    whole = found.filter((pl.col("store") == "All") & (pl.col("brand") == "All"))
    assert whole["quantity"].sum() == frame.frame["quantity"].sum() and found.select("store", "brand").unique().height == 48 + 16 + 1


def test_the_sample_dataset_is_that_of_its_recipe():
    assert dataset("orange_juice").frame.equals(made())


def test_one_column_cannot_be_both():
    with refused("used_twice"):
        only("forecasting.prepare_time_series", {"time": "y", "value": "y"}, table=weekly(1))
