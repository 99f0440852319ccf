"""The profile against pandas and numpy."""

from __future__ import annotations

import itertools
import json
import math
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.catalogue.ports import ColumnRole
from pipelines.preview.profile import Profile, profile


def column(values: Any, dtype: Any = None) -> dict[str, Any]:
    (found,) = profile(pl.DataFrame({"c": pl.Series(values, dtype=dtype)})).columns
    shown: dict[str, Any] = msgspec.to_builtins(found)
    json.dumps(shown, allow_nan=False)
    return shown


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(st.none() | st.floats(-1e12, 1e12) | st.just(math.nan), max_size=60))
@example([0.0, -2.225073858507e-311])
def test_numbers_equal_pandas(values: list[float | None]) -> None:
    found, plain = column(values, pl.Float64), pd.Series(values, dtype="float64")
    assert (found["missing"], found["distinct"]) == (int(plain.isna().sum()), plain.nunique())
    figures = {
        "min": plain.min(),
        "max": plain.max(),
        "mean": plain.mean(),
        "median": plain.median(),
        "std": plain.std(),
        "q1": plain.quantile(0.25),
        "q3": plain.quantile(0.75),
    }
    scale = max(1.0, float(plain.abs().max())) if plain.notna().any() else 1.0
    for name, figure in figures.items():
        got = found["stats"][name]
        assert (got is None and math.isnan(figure)) or got == pytest.approx(figure, rel=1e-6, abs=1e-6 * scale), name
    _check_histogram(found, plain.dropna().to_numpy())


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(st.none() | st.integers(-(2**40), 2**40) | st.integers(-20, 20), max_size=60))
def test_whole_numbers_equal_numpy(values: list[int | None]) -> None:
    found = column(values, pl.Int64)
    present = np.array([value for value in values if value is not None], dtype=float)
    assert (found["missing"], found["distinct"]) == (values.count(None), len(set(values) - {None}))
    _check_histogram(found, present)
    if len(present) and np.ptp(present) < 30:
        assert np.diff(found["histogram"]["edges"]) == pytest.approx(1.0)


def _check_histogram(found: dict[str, Any], present: Any) -> None:
    if not len(present):
        assert found["histogram"] is None
        return
    edges, counts = found["histogram"]["edges"], found["histogram"]["counts"]
    assert len(counts) == len(edges) - 1 <= 30 and sum(counts) == len(present)
    dust = 1e-9 * abs(present).max()
    assert edges[0] <= present.min() + dust and edges[-1] >= present.max() - dust
    assert all(before < after for before, after in itertools.pairwise(edges))


def test_a_histogram_counts_like_numpy() -> None:
    values = np.random.default_rng(0).normal(10, 3, 5_000)
    histogram = column(values)["histogram"]
    assert histogram["counts"] == np.histogram(values, histogram["edges"])[0].tolist()
    assert histogram["edges"] == [round(edge) if edge == round(edge) else edge for edge in histogram["edges"]]
    assert 10 <= len(histogram["counts"]) <= 30


@pytest.mark.parametrize(
    "values",
    [[1.0], [0.0, 0.0], [-5.0] * 3, [1e300, -1e300], [1e-300, 2e-300], [5e-324], [1e15, 1e15 + 1], [math.inf, -math.inf, 1.0], [math.nan]],
)
def test_odd_numbers(values: list[float]) -> None:
    found = column(values)
    finite = [value for value in values if math.isfinite(value)]
    assert found["histogram"] is None or sum(found["histogram"]["counts"]) == len(finite)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.lists(st.none() | st.datetimes(datetime(1, 1, 2), datetime(9000, 1, 1)), max_size=30))
def test_moments(values: list[datetime | None]) -> None:
    found = column(values, pl.Datetime("us"))
    present = [value for value in values if value is not None]
    assert found["missing"] == values.count(None) and found["distinct"] == len(set(present))
    if present:
        assert (found["stats"]["min"], found["stats"]["max"]) == (min(present).isoformat(), max(present).isoformat())
        if found["histogram"]:
            edges, counts = found["histogram"]["edges"], found["histogram"]["counts"]
            assert len(counts) == len(edges) - 1 <= 31 and sum(counts) == len(present)


def test_dates_get_calendar_bins() -> None:
    year = [date(2024, 1, 1) + timedelta(days=day) for day in range(366)]
    histogram = column(year)["histogram"]
    assert histogram["edges"][:3] == ["2024-01-01T00:00:00", "2024-02-01T00:00:00", "2024-03-01T00:00:00"]
    assert histogram["counts"] == [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def test_text_and_truth_show_their_commonest_values() -> None:
    found = column(["b", "a", "b", None, "c"])
    assert found["top"] == [{"value": "b", "count": 2}, {"value": "a", "count": 1}, {"value": "c", "count": 1}]
    assert (found["missing"], found["distinct"], found["stats"], found["histogram"]) == (1, 3, None, None)
    assert column([True, False, True])["top"] == [{"value": True, "count": 2}, {"value": False, "count": 1}]
    assert column([1, 2, 2])["top"] == [{"value": 2, "count": 2}, {"value": 1, "count": 1}]
    assert column(range(100))["top"] is None


def test_other_kinds_do_not_break_it() -> None:
    frame = pl.DataFrame({"l": [[1], None], "b": [b"x", b"y"], "n": [None, None], "s": [{"a": 1}, None], "d": [timedelta(1), None]})
    found = profile(frame, {"l": ColumnRole("ignored")})
    assert [one.missing for one in found.columns] == [1, 0, 2, 1, 1]
    assert found.columns[0].role == "ignored"
    assert profile(pl.DataFrame()) == Profile(0, [])
    assert profile(pl.DataFrame({"x": pl.Series([], dtype=pl.Float64)})).columns[0].histogram is None
