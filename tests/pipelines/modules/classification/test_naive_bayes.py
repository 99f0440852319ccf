"""Naive Bayes."""

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB

from tests.pipelines.modules.matrices import linear_matrix, predictions, trained
from tests.support import reference_scripts


@pytest.mark.parametrize("label", ["body-style", "aspiration"])
@pytest.mark.parametrize("smoothing", [0.1, 0.01])
def test_probabilities_are_those_of_scikit_learn(label, smoothing):
    train, test = reference_scripts.cars()
    plain = GaussianNB(var_smoothing=smoothing).fit(linear_matrix(train, train, label), train[label].to_numpy())
    wanted = plain.predict_proba(linear_matrix(train, test, label))
    found = predictions(trained("classification.naive_bayes", label, {"smoothing": smoothing}))
    np.testing.assert_allclose(found, wanted if label == "body-style" else wanted[:, 1], atol=1e-7)
