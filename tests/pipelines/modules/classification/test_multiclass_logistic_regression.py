"""Multiclass Logistic Regression."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from tests.pipelines.modules.matrices import is_what_the_library_predicts, trained


@pytest.mark.parametrize(
    ("settings", "plain"), [({}, {}), ({"l2_weight": 0.1, "class_weight": "balanced"}, {"C": 10, "class_weight": "balanced"})]
)
def test_probabilities_are_those_of_scikit_learn(settings, plain):
    """Newton's method, which comes to the minimum exactly."""
    estimator = LogisticRegression(solver="newton-cholesky", tol=1e-10, max_iter=1000, **plain)
    is_what_the_library_predicts("classification.multiclass_logistic_regression", "body-style", estimator, settings, atol=2e-5)


def test_without_a_penalty_it_is_the_maximum_of_the_likelihood():
    assert np.isinf(
        trained("classification.multiclass_logistic_regression", "drive-wheels", {"l2_weight": 0, "iterations": 50}).estimator["learner"].C
    )


def test_each_class_has_its_coefficients():
    model = trained("classification.multiclass_logistic_regression", "drive-wheels")
    learner = model.estimator["learner"]
    told = next(block for block in model.report.blocks if block["title"].startswith("Coefficients"))
    assert told["columns"] == ["Feature", "4wd", "fwd", "rwd"]
    assert told["rows"][0] == ["(intercept)", *learner.intercept_]
    strongest = [max(map(abs, row[1:])) for row in told["rows"][1:]]
    assert strongest == sorted(strongest, reverse=True) and strongest[0] == pytest.approx(np.abs(learner.coef_).max())


def test_a_label_of_two_values_makes_a_two_class_model():
    estimator = LogisticRegression(solver="newton-cholesky", tol=1e-10)
    model = is_what_the_library_predicts("classification.multiclass_logistic_regression", "aspiration", estimator, atol=2e-5)
    assert (model.task, model.classes) == ("two_class", ("std", "turbo"))
    assert any(block["title"] == "Coefficients" for block in model.report.blocks)
