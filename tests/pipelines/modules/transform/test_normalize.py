"""Normalize Data."""

import json

import numpy as np
import polars as pl
import pytest
from scipy.stats import lognorm
from sklearn.preprocessing import minmax_scale, scale

from pipelines.catalogue.ports import ColumnRole, Table, Transform
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only, run

X = np.array([1.0, 2.0, 4.0, 8.0])
WANTED = {
    "zscore": scale(X),
    "minmax": minmax_scale(X),
    "logistic": 1 / (1 + np.exp(-X)),
    "tanh": np.tanh(X),
    "lognormal": lognorm.cdf(X, s=np.log(X).std(), scale=np.exp(np.log(X).mean())),
}


@pytest.mark.parametrize("method", WANTED)
def test_methods(method):
    result = run("transform.normalize", {"method": method}, table=pl.DataFrame({"x": [*X, None]}))
    np.testing.assert_allclose(result["table"].frame["x"][:4].to_numpy(), WANTED[method], rtol=1e-12)
    assert result["table"].frame["x"][4] is None
    kept = Transform(**json.loads(json.dumps(vars(result["transform"]))))
    again = only("transform.apply_transformation", transform=kept, table=pl.DataFrame({"x": [*X, None]}))
    assert again.frame.equals(result["table"].frame)


@pytest.mark.parametrize("method", ["zscore", "minmax", "lognormal"])
def test_a_constant_column(method):
    frame = pl.DataFrame({"x": [3, 3, None]})
    assert only("transform.normalize", {"method": method}, table=frame).frame["x"].to_list() == [0, 0, None]
    assert only("transform.normalize", {"method": method, "zero_for_constant": False}, table=frame).frame["x"].null_count() == 3


def test_values_that_are_not_positive_are_0_on_a_log_normal_scale():
    assert only("transform.normalize", {"method": "lognormal"}, table=pl.DataFrame({"x": [-1.0, 0.0, 1.0, 2.0]})).frame["x"][
        :2
    ].to_list() == [0, 0]


def test_texts_and_labels_pass_by_default():
    table = Table(pl.DataFrame({"t": ["a", "b"], "y": [1, 2], "x": [1, 2]}), {"y": ColumnRole("label")})
    assert only("transform.normalize", table=table).frame.to_dict(as_series=False) == {"t": ["a", "b"], "y": [1, 2], "x": [-1.0, 1.0]}


def test_a_text_is_refused():
    assert refuses("transform.normalize", {"columns": ["t"]}, "not_a_number", table=pl.DataFrame({"t": ["a"]})).param == "columns"


@pytest.mark.parametrize("method", WANTED)
def test_an_infinity_is_missing_and_finite_rows_stay_right(method, notes):
    result = run("transform.normalize", {"method": method}, table=pl.DataFrame({"x": [*X, float("inf"), float("-inf"), float("nan")]}))
    np.testing.assert_allclose(result["table"].frame["x"][:4].to_numpy(), WANTED[method], rtol=1e-12)
    assert result["table"].frame["x"][4:].to_list() == [None] * 3
    assert notes == ["Infinite values are treated as missing: “x” (2)."]
    again = only("transform.apply_transformation", transform=result["transform"], table=pl.DataFrame({"x": [8.0, float("inf")]}))
    assert again.frame["x"].to_list() == [result["table"].frame["x"][3], None]


@pytest.mark.parametrize("method", ["zscore", "minmax", "lognormal"])
def test_other_values_of_a_constant_column_are_told(method, notes):
    fitted = run("transform.normalize", {"method": method}, table=pl.DataFrame({"x": [0.1, 0.1, 0.1]}))
    assert fitted["table"].frame["x"].to_list() == [0, 0, 0] and notes == []
    again = only("transform.apply_transformation", transform=fitted["transform"], table=pl.DataFrame({"x": [0.1, 5, None, 7]}))
    assert again.frame["x"].to_list() == [0, 0, None, 0]
    assert notes == ["“x” had a single value when the scaling was fitted; 2 rows have other values here and become 0."]


def test_a_column_without_values_stays_without(notes):
    fitted = run("transform.normalize", table=pl.DataFrame({"x": [None, None]}, schema={"x": pl.Float64}))
    assert fitted["table"].frame["x"].to_list() == [None, None] and notes == []
    only("transform.apply_transformation", transform=fitted["transform"], table=pl.DataFrame({"x": [1.0]}))
    assert notes == ["“x” had no value when the scaling was fitted; 1 row has another value here and becomes 0."]


@pytest.mark.parametrize("method", ["zscore", "minmax"])
def test_values_whose_spread_is_no_number_are_refused(method):
    table = pl.DataFrame({"x": [1.7e308, -1.7e308, 1.0]})
    assert refuses("transform.normalize", {"method": method}, "too_large", table=table).column == "x"
