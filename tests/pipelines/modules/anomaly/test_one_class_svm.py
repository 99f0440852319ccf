"""One-Class Support Vector Machine."""

import numpy as np
import pytest
from sklearn.svm import OneClassSVM

from tests.pipelines.modules.anomaly.detecting import detected, matrices


@pytest.mark.parametrize(
    ("settings", "plain"),
    [
        ({}, {"nu": 0.1}),
        (
            {"nu": 0.3, "kernel": "poly", "degree": 2, "width": 0.05, "scaling": "min_max"},
            {"nu": 0.3, "kernel": "poly", "degree": 2, "gamma": 0.05},
        ),
    ],
    ids=["default", "polynomial"],
)
def test_scores_are_those_of_scikit_learn_and_the_threshold_is_of_the_training_rows(settings, plain):
    x, new = matrices(settings.get("scaling", "z_score"))
    fitted = OneClassSVM(**plain).fit(x)
    model, scored = detected("anomaly.one_class_svm", settings, share=0.2)
    np.testing.assert_allclose(scored["Anomaly Score"], -fitted.score_samples(new), rtol=1e-9)
    assert model.settings["threshold"] == pytest.approx(-np.percentile(fitted.score_samples(x), 20), rel=1e-9)
