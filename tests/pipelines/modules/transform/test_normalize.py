"""Normalize Data."""

import json

import numpy as np
import polars as pl
import pytest
from scipy.stats import lognorm
from sklearn.preprocessing import minmax_scale, scale

from pipelines.catalogue.ports import ColumnRole, Table, Transform
from tests.pipelines.carrying import only, run
from tests.pipelines.modules.refusing import refuses

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
