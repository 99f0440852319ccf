"""Group into Bins."""

import json
from math import log2

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.datasets import load_iris

from pipelines.catalogue.ports import ColumnRole, Table, Transform
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only, run

INF, NAN = float("inf"), float("nan")


def bins(table, **settings):
    return only("transform.group_into_bins", settings, table=table).frame


def edges(table, **settings):
    return run("transform.group_into_bins", settings, table=table)["transform"].state["columns"]


@pytest.mark.parametrize("column", ["price", "horsepower", "wheel-base", "city-mpg"])
@pytest.mark.parametrize("many", [2, 4, 7])
def test_bins_are_those_of_pandas(column, many):
    frame = dataset("automobile_price").frame.select(column)
    values = frame[column].to_pandas()
    for by, cut in (("quantiles", pd.qcut), ("equal_width", pd.cut)):
        wanted = cut(values, many, labels=False) + 1
        np.testing.assert_array_equal(bins(frame, by=by, bins=many)[f"{column}_bin"].to_pandas().to_numpy(float), wanted.to_numpy(float))


def test_edges_are_quantiles():
    values = dataset("ames_housing").frame["Sale_Price"]
    np.testing.assert_allclose(edges(values.to_frame())["Sale_Price"], np.quantile(values, np.arange(1, 10) / 10), rtol=1e-12)


def naive(values, classes):
    """Fayyad and Irani's recursion, as written in the paper."""

    def entropy(rows):
        shares = [rows.count(each) / len(rows) for each in set(rows)]
        return -sum(share * log2(share) for share in shares)

    rows = sorted(zip(values, classes, strict=True))
    cuts, best = [], None
    kinds = [kind for _, kind in rows]
    for place in range(1, len(rows)):
        if rows[place - 1][0] < rows[place][0]:
            left, right = kinds[:place], kinds[place:]
            mean = (len(left) * entropy(left) + len(right) * entropy(right)) / len(rows)
            if best is None or mean < best[0] - 1e-12:
                best = (mean, place, left, right)
    if best is None:
        return []
    mean, place, left, right = best
    k, k1, k2 = (len(set(each)) for each in (kinds, left, right))
    delta = log2(3**k - 2) - (k * entropy(kinds) - k1 * entropy(left) - k2 * entropy(right))
    if entropy(kinds) - mean > (log2(len(rows) - 1) + delta) / len(rows):
        cuts = [(rows[place - 1][0] + rows[place][0]) / 2]
        for part in (rows[:place], rows[place:]):
            cuts += naive(*zip(*part, strict=True))
    return sorted(cuts)


@pytest.mark.parametrize("column", ["horsepower", "width", "city-mpg", "price"])
@pytest.mark.parametrize("label", ["num-of-doors", "body-style", "drive-wheels"])
def test_cuts_by_entropy_are_those_of_the_paper(column, label):
    frame = dataset("automobile_price").frame.select(column, label)
    full = frame.drop_nulls()
    np.testing.assert_allclose(
        edges(frame, by="entropy", label=label, columns=[column])[column], naive(*full.to_dict().values()), rtol=1e-12
    )


def test_cuts_by_entropy_are_those_published_for_the_iris_data():
    """The cut points of `mdlp(iris)`, R package discretization (H. Kim)."""
    iris = load_iris()
    frame = pl.DataFrame(iris.data, schema=["sl", "sw", "pl", "pw"]).with_columns(kind=pl.Series(iris.target))
    wanted = {"sl": [5.55, 6.15], "sw": [2.95, 3.35], "pl": [2.45, 4.75], "pw": [0.8, 1.75]}
    found = edges(Table(frame, {"kind": ColumnRole("label")}), by="entropy", label="kind")
    assert {column: [round(edge, 9) for edge in each] for column, each in found.items()} == wanted


def test_a_label_that_says_nothing_gives_one_bin(notes):
    frame = pl.DataFrame({"x": np.random.default_rng(0).normal(size=200), "y": [0, 1] * 100})
    assert bins(frame, by="entropy", label="y", columns=["x"])["x_bin"].unique().to_list() == [1]
    assert notes == ["“x”: 1 bin; no cut point separates the classes well enough."]


def test_neighbouring_numbers_are_told_apart():
    low, high = 1.0, np.nextafter(1.0, 2)
    frame = pl.DataFrame({"x": [low] * 20 + [high] * 20, "y": ["a"] * 20 + ["b"] * 20})
    assert bins(frame, by="entropy", label="y", columns=["x"])["x_bin"].to_list() == [1] * 20 + [2] * 20


def test_a_value_at_an_edge_belongs_to_the_bin_below_it():
    frame = pl.DataFrame({"x": [-INF, 0, 0.1, 10, 11, INF, None, NAN]})
    assert bins(frame, by="edges", edges="0, 10", output="in_place")["x"].to_list() == [1, 1, 2, 2, 3, 3, None, None]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [("range", ["(-inf, 0]", "(0, 2.5]", "(2.5, inf)"]), ("share", [1 / 3, 2 / 3, 1.0]), ("percent", [100 / 3, 200 / 3, 100.0])],
)
def test_how_bins_are_written(values, wanted):
    result = bins(pl.DataFrame({"x": [-1, 1, 3, None]}), by="edges", edges="0,2.5", values=values, output="only")
    assert result.columns == ["x_bin"] and result["x_bin"][:3].to_list() == pytest.approx(wanted) and result["x_bin"][3] is None


def test_ranges_that_differ_late_stay_apart():
    result = bins(pl.DataFrame({"x": [0.0, 1.00000005, 2.0]}), by="edges", edges="1,1.0000001", values="range")
    assert result["x_bin"].to_list() == ["(-inf, 1.0]", "(1.0, 1.0000001]", "(1.0000001, inf)"]


def test_equal_values_make_fewer_bins(notes):
    assert bins(pl.DataFrame({"x": [0] * 8 + [1, 2]}), bins=4)["x_bin"].to_list() == [1] * 8 + [2, 2]
    assert notes == ["“x”: 2 bins instead of 4, because many values are equal; edges at 0."]
    assert bins(pl.DataFrame({"x": [7, 7]}), bins=5)["x_bin"].to_list() == [1, 1]
    assert bins(pl.DataFrame({"x": [7, 7]}), by="equal_width")["x_bin"].to_list() == [1, 1]


def test_widths_beyond_the_largest_number():
    assert bins(pl.DataFrame({"x": [-1.7e308, 0.1, 1.7e308]}), by="equal_width", bins=2)["x_bin"].to_list() == [1, 2, 2]


def test_bins_of_the_training_rows_hold_for_other_rows():
    cars = dataset("automobile_price")
    fitted = run("transform.group_into_bins", {"by": "entropy", "label": "body-style", "columns": ["width"]}, table=cars)
    kept = Transform(**json.loads(json.dumps(vars(fitted["transform"]))))
    assert only("transform.apply_transformation", transform=kept, table=cars).frame.equals(fitted["table"].frame)
    new = pl.DataFrame({"width": [1e9, -INF, None]})  # without the label
    assert only("transform.apply_transformation", transform=kept, table=new).frame["width_bin"].to_list() == [
        len(kept.state["columns"]["width"]) + 1,
        1,
        None,
    ]


@pytest.mark.parametrize(("output", "column"), [("append", "x_bin"), ("in_place", "x"), ("only", "x_bin")])
def test_bins_are_categories_where_that_is_wanted(output, column):
    for categorical in (True, False):
        result = only("transform.group_into_bins", {"output": output, "categorical": categorical}, table=pl.DataFrame({"x": [1, 2]}))
        assert result.is_categorical(column) is categorical


def test_columns_without_values_and_many_columns(notes):
    frame = pl.DataFrame(
        {f"{place}": [1.0, 2.0, 3.0] for place in range(500)} | {"none": [None] * 3}, schema_overrides={"none": pl.Float64}
    )
    result = bins(frame, bins=3)
    assert result.width == 1002 and result["none_bin"].to_list() == [None] * 3 and result["7_bin"].to_list() == [1, 2, 3]
    assert notes[-1] == "481 more columns are binned."


@pytest.mark.parametrize("text", ["", "1, x", "2, 1", "1, 1", "inf", "nan"])
def test_edges_that_are_none(text):
    assert (
        refuses("transform.group_into_bins", {"by": "edges", "edges": text}, "bad_edges", table=pl.DataFrame({"x": [1]})).param == "edges"
    )


def test_labels_that_are_none():
    frame = pl.DataFrame({"x": range(200), "id": [str(place) for place in range(200)], "list": [[1]] * 200})
    refuses("transform.group_into_bins", {"by": "entropy"}, "no_label", table=frame)
    refuses("transform.group_into_bins", {"by": "entropy", "label": "id"}, "too_many_classes", table=frame)
    refuses("transform.group_into_bins", {"by": "entropy", "label": "list"}, "too_many_classes", table=frame)
    refuses("transform.group_into_bins", {"columns": ["id"]}, "not_a_number", table=frame)
