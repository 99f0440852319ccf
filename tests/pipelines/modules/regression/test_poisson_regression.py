"""Poisson Regression."""

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import PoissonRegressor

from tests.pipelines.modules.matrices import is_what_the_library_predicts, predictions, trained
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only

ID = "regression.poisson_regression"


@pytest.mark.parametrize(
    ("settings", "plain"), [({}, {"alpha": 0.001}), ({"l2_weight": 0.5, "intercept": False}, {"alpha": 0.5, "fit_intercept": False})]
)
def test_predictions_are_those_of_scikit_learn(settings, plain):
    """On a matrix made by hand."""
    estimator = PoissonRegressor(solver="newton-cholesky", tol=1e-7, **plain)
    is_what_the_library_predicts(ID, "horsepower", estimator, settings, atol=1e-7)


def test_without_a_penalty_the_mean_is_kept():
    """As the score equations of the maximum likelihood say."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=400)
    table = pl.DataFrame({"x": x, "y": rng.poisson(np.exp(0.3 + 0.8 * x))})
    model = only("training.train_model", {"label": "y"}, untrained=only(ID, {"l2_weight": 0, "tolerance": 1e-10}), table=table)
    assert only("scoring.score_model", model=model, table=table).frame["Scored Labels"].mean() == pytest.approx(table["y"].mean(), rel=1e-6)


@pytest.mark.parametrize(
    ("labels", "code", "words"),
    [([1, -2, 3, -1], "negative_label", "below 0 in 2 rows, the lowest -2"), ([0, 0, 0, 0], "all_zero_label", "0")],
)
def test_labels_that_are_no_counts_are_refused(labels, code, words):
    wrong = refuses("training.train_model", {"label": "y"}, code, untrained=only(ID), table=pl.DataFrame({"x": [1, 2, 3, 4], "y": labels}))
    assert wrong.param == "label" and words in wrong.words


def test_many_columns_are_fitted_by_short_steps(monkeypatch):
    exact = predictions(trained(ID, "horsepower"))
    monkeypatch.setattr("pipelines.modelling.families.poisson.MOST_NEWTON", 10)
    model = trained(ID, "horsepower")
    assert model.estimator["learner"].solver == "lbfgs"
    np.testing.assert_allclose(predictions(model), exact, rtol=1e-3)
