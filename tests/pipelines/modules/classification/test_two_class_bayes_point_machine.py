"""Two-Class Bayes Point Machine: the mean of scikit-learn's perceptrons by hand, and its own calibration."""

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import Perceptron
from sklearn.metrics import roc_auc_score

from pipelines.modelling.bayes_point import MOST, BayesPointMachine
from tests.pipelines.modules.matrices import is_what_the_library_predicts, linear_matrix, trained
from tests.support import reference_scripts

ID = "classification.two_class_bayes_point_machine"


@pytest.mark.parametrize("intercept", [True, False])
def test_the_weights_are_the_mean_of_those_of_perceptrons_of_length_one(intercept):
    train, _ = reference_scripts.cars()
    x, y = linear_matrix(train, train, "aspiration"), train["aspiration"].to_numpy()
    dice, found = np.random.RandomState(0), []
    for _ in range(8):
        one = Perceptron(max_iter=5, tol=None, fit_intercept=intercept, random_state=dice.randint(MOST)).fit(x, y)
        weights = np.append(one.coef_, one.intercept_)
        found.append(weights / np.linalg.norm(weights))
    model = trained(ID, "aspiration", {"perceptrons": 8, "iterations": 5, "intercept": intercept})
    inner = model.estimator["learner"].calibrated_classifiers_[0].estimator
    np.testing.assert_allclose(np.append(inner.coef_, inner.intercept_), np.mean(found, axis=0), atol=1e-9)


def test_the_probabilities_are_those_of_scikit_learns_calibration():
    plain = CalibratedClassifierCV(BayesPointMachine(10, 5, random_state=0), ensemble=False)
    is_what_the_library_predicts(ID, "aspiration", plain, {"perceptrons": 10, "iterations": 5})


def test_the_mean_is_better_than_one_of_its_perceptrons():
    """Rows that no boundary separates: two overlapping clouds."""
    dice = np.random.default_rng(0)
    y = dice.integers(0, 2, 1_000)
    x = dice.normal(size=(1_000, 10)) + 0.4 * y[:, None]
    areas = [
        roc_auc_score(y[500:], BayesPointMachine(many, 5, random_state=0).fit(x[:500], y[:500]).decision_function(x[500:]))
        for many in (1, 50)
    ]
    assert areas[1] > areas[0] + 0.02


def test_weighted_classes_move_the_boundary():
    dice = np.random.default_rng(1)
    y = (dice.uniform(size=2_000) < 0.1).astype(int)
    x = dice.normal(size=(2_000, 3)) + y[:, None]
    shares = [BayesPointMachine(20, 3, class_weight=weight, random_state=0).fit(x, y).predict(x).mean() for weight in (None, "balanced")]
    assert shares[1] > shares[0]
