"""Bayesian Linear Regression."""

import numpy as np
import pytest
from sklearn.linear_model import BayesianRidge

from tests.pipelines.modules.matrices import linear_matrix, predictions, trained
from tests.support import reference_scripts


@pytest.mark.parametrize(
    ("settings", "plain"),
    [({}, {}), ({"intercept": False, "tolerance": 1e-6, "iterations": 50}, {"fit_intercept": False, "tol": 1e-6, "max_iter": 50})],
)
def test_predictions_are_those_of_scikit_learn(settings, plain):
    train, test = reference_scripts.cars()
    wanted = (
        BayesianRidge(**plain)
        .fit(linear_matrix(train, train, "price"), train["price"].to_numpy())
        .predict(linear_matrix(train, test, "price"))
    )
    np.testing.assert_allclose(predictions(trained("regression.bayesian_linear_regression", "price", settings)), wanted, rtol=1e-7)
