"""Compute Linear Correlation."""

import json

import numpy as np
import polars as pl
import pytest
from scipy import stats

from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.modules.statistics import _correlating
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, run

OF_SCIPY = {"pearson": stats.pearsonr, "spearman": stats.spearmanr, "kendall": stats.kendalltau}


def correlate(frame, **settings):
    return run("statistics.linear_correlation", settings, table=frame)


@pytest.mark.parametrize("method", OF_SCIPY)
@pytest.mark.parametrize("name", ["automobile_price", "ames_housing"])
def test_it_is_what_pandas_and_scipy_compute(name, method):
    frame = dataset(name).frame.head(400)
    numbers = [column for column in frame.columns if frame[column].dtype.is_numeric() and frame[column].n_unique() > 2][-14:]
    frame = frame.select(numbers)
    if name == "ames_housing":  # has no gaps of its own
        frame = frame.with_columns(pl.when(pl.int_range(pl.len()) % (at + 3) != 0).then(pl.col(c)) for at, c in enumerate(numbers[:8]))
    found = correlate(frame, method=method)
    values = frame.to_pandas()
    matrix = found["matrix"].frame
    assert matrix["Column"].to_list() == numbers == matrix.columns[1:]
    wanted = values.corr(method).to_numpy()
    np.testing.assert_allclose(matrix.select(numbers).to_numpy().astype(float), wanted, rtol=1e-9, atol=1e-11)
    for row in found["pairs"].frame.head(30).rows(named=True):
        both = values[[row["First"], row["Second"]]].dropna().astype(float)
        assert row["Rows"] == len(both)
        assert row["P Value"] == pytest.approx(OF_SCIPY[method](both.iloc[:, 0], both.iloc[:, 1]).pvalue, rel=1e-6, abs=1e-300)


def test_each_pair_uses_the_rows_that_it_has():
    frame = pl.DataFrame({"a": [1, 2, 3, None, 9], "b": [2.0, 4.0, 6.0, 5.0, None], "c": [None, 1.0, 0.0, 1.0, float("inf")]})
    row = correlate(frame)["matrix"].frame.row(0, named=True)
    assert row["b"] == pytest.approx(1) and row["c"] == pytest.approx(-1)
    assert correlate(frame)["pairs"].frame.filter(First="a", Second="c")["Rows"].item() == 2


def test_a_pair_whose_common_rows_do_not_vary_has_none():
    frame = pl.DataFrame({"a": [0.1, 0.1, 0.1, 1e6, 5.0], "b": [1.0, 2.0, 3.0, None, None], "k": [4, 4, 4, 4, 4]})
    for method in OF_SCIPY:
        found = correlate(frame, method=method)["matrix"].frame
        assert found.rows()[0][1:] == (1.0, None, None) and found.rows()[2][1:] == (None, None, None)


def test_a_single_common_row_has_none():
    x = np.random.default_rng(0).normal(size=9)
    frame = pl.DataFrame({f"c{at}": [value if row in (at, 8) else None for row, value in enumerate(x * (at + 0.1))] for at in range(8)})
    for method in OF_SCIPY:
        pairs = correlate(frame, method=method)["pairs"].frame
        assert pairs["Rows"].to_list() == [1] * 28 and pairs["Correlation"].null_count() == 28


def test_spreads_that_nearly_cancel_are_computed_directly():
    rng = np.random.default_rng(0)
    small = 1e6 + rng.normal(size=50) * 1e-3
    a, b = np.concatenate([small, [-1e9]]), np.concatenate([small + rng.normal(size=50) * 1e-3, [np.nan]])
    found = correlate(pl.DataFrame({"a": a, "b": b}))["matrix"].frame
    assert found["b"][0] == pytest.approx(np.corrcoef(a[:50], b[:50])[0, 1], rel=1e-6)


def test_large_and_small_values():
    frame = pl.DataFrame({"a": [1e300, -1e300, 5e299, 0], "b": [1e-300, -1e-300, 5e-301, 0], "c": [1e9 + 1, 1e9 - 1, 1e9 + 0.5, 1e9]})
    found = correlate(frame)["matrix"].frame.drop("Column").to_numpy()
    np.testing.assert_allclose(found, 1, rtol=1e-9)


def test_the_chunks_add_up(monkeypatch):
    frame = pl.DataFrame({"a": np.arange(100.0) % 7, "b": np.arange(100.0) % 5, "c": [None, 1.0] * 50})
    whole = correlate(frame)["matrix"].frame
    monkeypatch.setattr(_correlating, "CHUNK", 13)
    np.testing.assert_allclose(correlate(frame)["matrix"].frame.drop("Column"), whole.drop("Column"), rtol=1e-12)


def test_the_label_takes_part_and_weights_and_texts_do_not():
    roles = {"y": ColumnRole("label"), "w": ColumnRole("weight")}
    table = Table(pl.DataFrame({"x": [1, 2], "y": [1, 3], "w": [1, 1], "t": ["a", "b"]}), roles)
    assert correlate(table)["matrix"].frame.columns == ["Column", "x", "y"]
    assert correlate(pl.DataFrame({"Column": [1, 2, 4], "b": [True, False, False]}), columns="all")["matrix"].frame.columns[0] == "Column_"


def test_the_pairs_come_strongest_first():
    pairs = correlate(dataset("automobile_price").frame)["pairs"].frame
    strengths = pairs["Correlation"].abs().to_list()
    assert strengths == sorted(strengths, reverse=True) and pairs["P Value"].is_between(0, 1).all()


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_few_rows(rows):
    frame = pl.DataFrame({"a": [1.0, 2.0][:rows], "b": [2.0, 1.0][:rows]}, schema={"a": pl.Float64, "b": pl.Float64})
    for method in OF_SCIPY:
        pairs = correlate(frame, method=method)["pairs"].frame
        assert pairs["Correlation"].to_list() == [-1 if rows == 2 else None] and pairs["Rows"].to_list() == [rows]
    assert correlate(pl.DataFrame({"only": [1, 2]}))["pairs"].frame.height == 0


def test_the_heat_map_is_plain_json_and_stays_small():
    wide = pl.DataFrame(np.random.default_rng(0).normal(size=(20, 500)), schema=[f"c{at}" for at in range(500)])
    report = correlate(wide)["report"]
    assert len(json.dumps(report.blocks, allow_nan=False)) < 200_000
    assert "first 40 of 500 columns" in report.blocks[0]["description"]
    assert len(report.blocks[1]["rows"]) == 50


def test_what_holds_no_numbers():
    frame = pl.DataFrame({"x": [1.0], "t": ["a"]})
    assert refuses("statistics.linear_correlation", {"columns": ["x", "t"]}, "not_a_number", table=frame).column == "t"
    assert refuses("statistics.linear_correlation", {}, "no_columns", table=frame.select("t")).param == "columns"
