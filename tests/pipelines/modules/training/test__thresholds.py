"""Settings of trained models: seen where models are trained (test_set_threshold.py); here the rows and weights that each training gets."""

import numpy as np
import polars as pl

from pipelines.modelling.families import families
from pipelines.modules.training import _thresholds
from tests.support.module_runner import only


def test_trainings_get_their_own_rows_and_weights(monkeypatch):
    untrained = only("training.set_threshold", {"folds": 2}, untrained=only("classification.two_class_logistic_regression"))
    frame, y = pl.DataFrame({"x": np.arange(20.0)}), np.array(["a", "b"] * 10)
    heights, real = [], _thresholds.fit

    def fit(learner, family, part, target, features, weights):
        heights.append((part.height, len(target), weights.sum()))
        return real(learner, family, part, target, features, weights)

    monkeypatch.setattr(_thresholds, "fit", fit)
    found = _thresholds.settings_of(untrained, families()[untrained.family], frame, y, [("x", "Float64")], np.full(20, 2.0), ("a", "b"))
    assert heights == [(10, 10, 20.0)] * 2 and 0 <= found["decision_threshold"] <= 1
