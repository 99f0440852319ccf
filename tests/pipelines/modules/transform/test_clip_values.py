"""Clip Values."""

import json

import numpy as np
import polars as pl
import pytest
from scipy.stats.mstats import winsorize

from pipelines.catalogue.ports import Table, Transform
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only, run

INF, NAN = float("inf"), float("nan")
FRAME = pl.DataFrame({"x": [1.0, 2.0, 3.0, 4.0, 100.0, None, NAN], "n": [1, 2, 3, 4, 100, None, 5], "t": list("abcdefg")})


def clip(table=FRAME, **settings):
    return only("transform.clip_values", settings, table=table).frame


def constant(**settings):
    return {"by": "constant", "lower": 2, "upper": 4, **settings}


@pytest.mark.parametrize(("low", "high"), [(1, 99), (5, 90), (0, 100), (50, 50)])
def test_percentiles_are_those_of_numpy(low, high):
    cars = dataset("automobile_price").frame
    result = clip(Table(cars), upper_percentile=high, lower_percentile=low)
    for column in ("price", "horsepower", "stroke", "city-mpg"):
        values = cars[column].drop_nulls().to_numpy()
        wanted = np.clip(values, *np.percentile(values, [low, high]))
        np.testing.assert_allclose(result[column].drop_nulls().to_numpy(), wanted, rtol=1e-12)
        assert result[column].null_count() == cars[column].null_count()


def test_winsorizing_by_scipy():
    values = np.random.default_rng(0).normal(size=201)  # 5 % of 201 values end exactly at a value
    wanted = winsorize(values, limits=(10 / 201, 10 / 201))
    result = clip(pl.DataFrame({"x": values}), lower_percentile=5, upper_percentile=95)
    np.testing.assert_allclose(result["x"].to_numpy(), wanted, rtol=1e-12)


def test_the_mean_and_the_median_are_those_before_clipping():
    assert clip(**constant(upper_substitute="mean", lower_substitute="median"), columns=["x"])["x"][:5].to_list() == [3, 2, 3, 4, 22]
    assert clip(**constant(upper_substitute="missing"), columns=["x"])["x"][:6].to_list() == [2, 2, 3, 4, None, None]


def test_one_side_only():
    assert clip(**constant(clip="above"))["n"].to_list() == [1, 2, 3, 4, 4, None, 4]
    assert clip(**constant(clip="below"))["n"].to_list() == [2, 2, 3, 4, 100, None, 5]


def test_what_is_missing_or_no_number_stays_and_infinities_are_clipped():
    result = clip(pl.DataFrame({"x": [INF, -INF, NAN, None, 3.0]}), **constant())["x"]
    assert result[:2].to_list() == [4, 2] and np.isnan(result[2]) and result[3:].to_list() == [None, 3]


def test_infinities_do_not_count_in_percentiles():
    assert clip(pl.DataFrame({"x": [0.0, 10.0, INF, -INF]}), lower_percentile=10, upper_percentile=90)["x"].to_list() == [1, 9, 9, 1]


@pytest.mark.parametrize(
    ("settings", "dtype"),
    [
        (constant(), pl.Int8),
        (constant(upper=4.5), pl.Float64),
        (constant(upper=300), pl.Float64),
        (constant(upper=4.5, upper_substitute="missing"), pl.Int8),
        (constant(upper_substitute="mean"), pl.Float64),
        ({}, pl.Float64),
    ],
)
def test_whole_numbers_stay_whole_where_that_is_known(settings, dtype):
    frame = pl.DataFrame({"x": pl.Series([1, 5, 4], dtype=pl.Int8)})
    assert clip(frame, **settings).schema == {"x": dtype} == clip(frame.clear(), **settings).schema


def test_large_whole_numbers_are_compared_exactly():
    frame = pl.DataFrame({"x": [2**53 + 1, 2**53, 2**53 - 1]})
    assert clip(frame, by="constant", upper=float(2**53), lower=0)["x"].to_list() == [2**53, 2**53, 2**53 - 1]


def test_indicators_and_columns_beside():
    frame = clip(**constant(overwrite=False, indicators=True), columns=["n"])
    assert frame.columns == ["x", "n", "t", "n_clipped", "n_IsClipped"]
    assert frame["n"].to_list() == FRAME["n"].to_list()
    assert frame["n_IsClipped"].to_list() == [True, False, False, False, True, False, True]


def test_the_thresholds_of_the_training_rows_are_those_of_other_rows(notes):
    fitted = run("transform.clip_values", {"indicators": True, "columns": ["x"]}, table=FRAME)
    kept = Transform(**json.loads(json.dumps(vars(fitted["transform"]))))
    assert only("transform.apply_transformation", transform=kept, table=FRAME).frame.equals(fitted["table"].frame, null_equal=True)
    new = only("transform.apply_transformation", transform=kept, table=pl.DataFrame({"x": [1000, -5]})).frame
    np.testing.assert_allclose(new["x"].to_numpy(), np.percentile([1, 2, 3, 4, 100], [99, 1]))
    assert notes[-1] == "Clipped: “x” (1 above 96.16, 1 below 1.04)."


def test_what_is_clipped_is_counted_and_nothing_else_is_spoken_of(notes):
    clip(**constant(), columns=["n"])
    assert notes == ["Clipped: “n” (2 above 4, 1 below 2)."]
    clip(pl.DataFrame({"x": [3.0] * 9}))
    assert len(notes) == 1


def test_a_column_without_values(notes):
    frame = pl.DataFrame({"x": [None, None]}, schema={"x": pl.Float64})
    assert clip(frame)["x"].to_list() == [None, None]
    assert notes == ["“x” has no values to compute percentiles, mean or median from."]


def test_many_columns_and_odd_names():
    frame = pl.DataFrame({f"{place} ü“$": [0.0, 1.0, 9.0] for place in range(600)})
    assert clip(frame, **constant(lower=0)).row(2) == (4.0,) * 600


@pytest.mark.parametrize("by", ["constant", "percentile"])
def test_thresholds_that_cross(by):
    wrong = {"lower": 5, "upper": 4, "lower_percentile": 50, "upper_percentile": 40, "by": by}
    refuses("transform.clip_values", wrong, "crossed_thresholds", table=FRAME)
    assert clip(**wrong, clip="above").height == 7


def test_texts_and_taken_names():
    assert refuses("transform.clip_values", {"columns": ["t"]}, "not_a_number", table=FRAME).column == "t"
    taken = FRAME.with_columns(n_clipped=1)
    refuses("transform.clip_values", {"columns": ["n"], "overwrite": False}, "duplicate_column", table=taken)
