"""Summarize Data."""

from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import stats

from tests.support.module_runner import dataset, only

REFERENCE = (
    *("Feature", "Count", "Unique Value Count", "Missing Value Count", "Min", "Max", "Mean", "Mean Deviation"),
    *("1st Quartile", "Median", "3rd Quartile", "Mode", "Range", "Sample Variance", "Sample Standard Deviation"),
    *("Sample Skewness", "Sample Kurtosis", "P0.5", "P1", "P5", "P95", "P99.5"),
)


def summary(frame, **settings):
    found = only("statistics.summarize_data", settings, table=frame).frame
    return {row["Feature"]: row for row in found.rows(named=True)}


def one(values, **kwargs):
    return summary(pl.DataFrame({"x": pl.Series(values, **kwargs)}))["x"]


def test_it_has_the_reference_columns_first():
    found = only("statistics.summarize_data", table=pl.DataFrame({"x": [1]})).frame
    assert tuple(found.columns[:22]) == REFERENCE
    assert found.columns[22:] == ["Type", "Smallest Value", "Largest Value", "Most Frequent Value", "Most Frequent Count"]


def of_pandas(values):
    """The figures as pandas and SciPy compute them."""
    x = values.dropna().astype(float)
    return {
        "Count": len(values),
        "Unique Value Count": x.nunique(),
        "Missing Value Count": values.isna().sum(),
        "Min": x.min(),
        "Max": x.max(),
        "Mean": x.mean(),
        "Mean Deviation": (x - x.mean()).abs().mean(),
        "Mode": x.mode()[0],
        "Range": np.ptp(x),
        "Sample Variance": x.var(),
        "Sample Standard Deviation": x.std(),
        "Sample Skewness": stats.skew(x, bias=False),
        "Sample Kurtosis": stats.kurtosis(x, bias=False),
        **{name: x.quantile(share) for name, share in (("1st Quartile", 0.25), ("Median", 0.5), ("3rd Quartile", 0.75))},
        **{f"P{share:g}": x.quantile(share / 100) for share in (0.5, 1, 5, 95, 99.5)},
    }


@pytest.mark.parametrize("name", ["automobile_price", "ames_housing", "taxi_tips"])
def test_the_figures_of_numbers_are_those_of_pandas_and_scipy(name):
    frame = dataset(name).frame.head(20_000)
    found = summary(frame)
    numbers = [column for column in frame.columns if frame[column].dtype.is_numeric()]
    assert numbers
    for column in numbers:
        for figure, value in of_pandas(pd.Series(frame[column].to_numpy())).items():
            assert found[column][figure] == pytest.approx(value, rel=1e-9, abs=1e-9), (column, figure)


def test_the_figures_of_texts_are_those_of_pandas():
    frame = dataset("adult_census_income").frame
    found = summary(frame)
    for column in (column for column in frame.columns if frame[column].dtype == pl.String):
        counts = pd.Series(frame[column].to_list()).value_counts()
        row = found[column]
        assert row["Unique Value Count"] == len(counts) and row["Missing Value Count"] == frame[column].null_count()
        assert (row["Most Frequent Value"], row["Most Frequent Count"]) == (counts.index[0], counts.iloc[0])
        assert (row["Smallest Value"], row["Largest Value"]) == (min(counts.index), max(counts.index))
        assert row["Mean"] is None and row["Mode"] is None


def test_moments_stay_right_far_from_zero():
    x = np.random.default_rng(0).normal(1e9, 1, 10_000)
    found = one(x)
    exact = x - 1e9
    assert found["Sample Variance"] == pytest.approx(exact.var(ddof=1), rel=1e-9)
    assert found["Sample Skewness"] == pytest.approx(stats.skew(exact, bias=False), rel=1e-7)
    assert found["Sample Kurtosis"] == pytest.approx(stats.kurtosis(exact, bias=False), rel=1e-7)


def test_yes_and_no_count_as_1_and_0():
    row = one([True, False, True, None])
    assert (row["Mean"], row["Mode"], row["Unique Value Count"], row["Missing Value Count"]) == (pytest.approx(2 / 3), 1, 2, 1)
    assert (row["Smallest Value"], row["Most Frequent Value"], row["Most Frequent Count"]) == ("false", "true", 2)


def test_dates_are_ordered_by_time():
    row = one([date(2024, 3, 1), date(1999, 12, 31), date(2024, 3, 1), None])
    assert (row["Smallest Value"], row["Largest Value"]) == ("1999-12-31", "2024-03-01")
    assert (row["Most Frequent Value"], row["Most Frequent Count"], row["Unique Value Count"], row["Mean"]) == ("2024-03-01", 2, 2, None)
    assert one([datetime(2024, 3, 1, 12, 30)])["Largest Value"] == "2024-03-01 12:30:00"


def test_what_is_no_finite_number_is_missing(notes):
    row = one([1.0, float("nan"), float("inf"), None, 3.0])
    assert (row["Count"], row["Missing Value Count"], row["Unique Value Count"], row["Max"], row["Mean"]) == (5, 3, 2, 3, 2)
    assert notes == ["Infinite values are treated as missing: “x” (1)."]


def test_of_equally_frequent_values_the_smallest_is_the_mode():
    assert one([3, 2, 3, 2, 9])["Mode"] == 2
    assert one(["b", "a", "b", "a", "c"])["Most Frequent Value"] == "a"


@pytest.mark.parametrize(("values", "undefined"), [([5], 4), ([5, 6], 2), ([5, 6, 8], 1), ([5, 6, 8, 1], 0)])
def test_few_values_have_no_higher_moments(values, undefined):
    row = one(values)
    moments = ("Sample Variance", "Sample Standard Deviation", "Sample Skewness", "Sample Kurtosis")
    assert sum(row[moment] is None for moment in moments) == undefined


def test_equal_values_do_not_vary():
    row = one([0.1] * 7)
    assert (row["Mean"], row["Sample Variance"], row["Mean Deviation"], row["Range"]) == (0.1, 0, 0, 0)
    assert row["Sample Skewness"] is None and row["Sample Kurtosis"] is None


@pytest.mark.parametrize("dtype", [pl.Float64, pl.String, pl.Boolean, pl.Date, pl.Null, pl.Int8])
@pytest.mark.parametrize("rows", [0, 3])
def test_a_column_without_values_has_counts_alone(dtype, rows):
    row = one([None] * rows, dtype=dtype)
    assert (row["Count"], row["Missing Value Count"], row["Unique Value Count"]) == (rows, rows, 0)
    assert all(row[figure] is None for figure in REFERENCE[4:]) and row["Largest Value"] is None


def test_values_too_large_for_a_figure(notes):
    row = one([1.7e308, -1.7e308, 1.0])
    assert (row["Max"], row["Median"], row["Range"], row["Sample Variance"]) == (1.7e308, 1.0, None, None)
    assert notes == ["Statistics beyond the range of numbers are missing, because values are too large: “x”."]


def test_large_whole_numbers_and_decimals_keep_their_digits_as_text():
    assert one([2**63 - 1, 2**63 - 3])["Largest Value"] == "9223372036854775807"
    assert one([Decimal("1.10"), Decimal("2.20")])["Smallest Value"] == "1.10"
    assert one([Decimal("1.10"), Decimal("2.20")])["Mean"] == pytest.approx(1.65)


def test_other_types():
    frame = pl.DataFrame({"l": [[1], None], "c": pl.Series(["b", "a"], dtype=pl.Categorical), "ü 😀": ["x", None]})
    found = summary(frame)
    assert (found["l"]["Count"], found["l"]["Missing Value Count"], found["l"]["Unique Value Count"]) == (2, 1, None)
    assert (found["c"]["Smallest Value"], found["c"]["Type"]) == ("a", "Categorical")
    assert found["ü 😀"]["Unique Value Count"] == 1


def test_chosen_columns_and_wide_tables():
    wide = pl.DataFrame({f"c{number}": [number, number + 1] for number in range(600)})
    assert len(summary(wide)) == 600
    assert list(summary(wide, columns=["c7", "c3"])) == ["c3", "c7"]


def test_a_text_column_may_be_called_rows():
    assert summary(pl.DataFrame({"rows": ["a", "b", "b"]}))["rows"]["Unique Value Count"] == 2
