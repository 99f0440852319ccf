"""A classifier whose probabilities are calibrated by cross-validation, around a learner of any family."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from pipelines.catalogue.reporting import progress
from pipelines.modelling.families.scikit_learn import folds_of
from pipelines.modelling.family import Family, TrainingData
from pipelines.modelling.parts import PARTS, as_they_are, fit_part

RESPONSES = ["decision_function", "predict_proba"]


def _fit(learner: Any, data: TrainingData) -> Any:
    from sklearn.calibration import _fit_calibrator
    from sklearn.model_selection import StratifiedKFold
    from sklearn.utils._response import _get_response_values

    (part,), raw = data.settings[PARTS], replace(data, probabilities=False)
    classes, places = np.unique(data.y, return_inverse=True)
    folds = list(StratifiedKFold(min(learner.cv, folds_of(data.y))).split(data.matrix, data.y))
    responses: Any = None
    for done, (some, others) in enumerate(folds):
        progress(done, len(folds) + 1, "folds")
        fitted = fit_part(part, learner.estimator, raw, some)
        found = _get_response_values(fitted, data.matrix[others], response_method=RESPONSES)[0].reshape(len(others), -1)
        responses = np.zeros((len(data.y), found.shape[1])) if responses is None else responses
        responses[others] = found
    whole = fit_part(part, learner.estimator, raw)
    y = places if learner.method == "temperature" else data.y
    learner.calibrated_classifiers_ = [_fit_calibrator(whole, responses, y, classes, learner.method, np, data.weights)]
    learner.classes_, learner.n_features_in_ = classes, data.matrix.shape[1]
    return learner


FAMILY = Family(
    "calibrated",
    encode=as_they_are,
    fit=_fit,
    libraries=("scikit-learn", "numpy", "scipy"),
    trusted=("sklearn.calibration._TemperatureScaling", "sklearn.isotonic.IsotonicRegression"),
)
