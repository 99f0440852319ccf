"""PCA-Based Anomaly Detection."""

import numpy as np
import polars as pl
import pytest
from sklearn.decomposition import PCA, TruncatedSVD

from tests.pipelines.modules.anomaly.detecting import detected, matrices
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only

PCA_BASED = "anomaly.pca_based"


@pytest.mark.parametrize(
    ("settings", "plain"),
    [
        ({"components": 5, "oversampling": 4}, PCA(5, svd_solver="randomized", n_oversamples=4, random_state=0)),
        ({"components": 3, "oversampling": 9, "center": False, "seed": 2}, TruncatedSVD(3, n_oversamples=9, random_state=2)),
        ({"components": 2, "scaling": "min_max", "error": "absolute"}, PCA(2, svd_solver="randomized", n_oversamples=2, random_state=0)),
    ],
    ids=["default", "not centered", "absolute"],
)
def test_the_score_is_the_error_of_the_reconstruction_by_scikit_learn(settings, plain):
    x, new = matrices(settings.get("scaling", "z_score"))
    plain.fit(x)
    off = np.linalg.norm(new - plain.inverse_transform(plain.transform(new)), axis=1)
    whole = np.linalg.norm(new - getattr(plain, "mean_", 0), axis=1)
    wanted = off if settings.get("error") == "absolute" else off / whole
    _, scored = detected(PCA_BASED, settings)
    np.testing.assert_allclose(scored["Anomaly Score"], wanted, rtol=1e-9)


def test_a_row_that_goes_against_the_others_is_found():
    x = np.linspace(-1, 1, 101)
    frame = pl.DataFrame({"a": x, "b": 2 * x, "c": -x, "d": np.sin(40 * x) / 50})
    odd = frame.with_columns(b=pl.when(pl.int_range(101) == 60).then(-2.0).otherwise("b"))
    model = only("training.train_anomaly_detection", {"share": 0.01}, untrained=only(PCA_BASED, {"error": "absolute"}), table=odd)
    scored = only("scoring.score_model", model=model, table=odd).frame
    assert scored["Anomaly Score"].arg_max() == 60 and scored["Scored Labels"].arg_true().to_list() == [60]


def test_a_row_at_the_mean_has_no_error():
    frame = pl.DataFrame({"a": [-1.0, 0.0, 1.0], "b": [1.0, 0.0, -1.0], "c": [2.0, 0.0, -2.0]})
    model = only("training.train_anomaly_detection", {}, untrained=only(PCA_BASED, {"components": 1}), table=frame)
    np.testing.assert_allclose(only("scoring.score_model", model=model, table=frame).frame["Anomaly Score"], 0, atol=1e-7)


def test_as_many_components_as_columns_are_refused():
    frame = pl.DataFrame({"a": [1.0, 2.0, 4.0], "b": [1.0, 0.0, 3.0]})
    error = refuses("training.train_anomaly_detection", {}, "too_many_components", untrained=only(PCA_BASED), table=frame)
    assert error.words == "2 components of 3 rows and 2 encoded columns leave no error to measure."
