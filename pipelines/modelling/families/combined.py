"""Several learners as one: the mean of their predictions (voting), or a linear model of them (stacking)."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.catalogue.reporting import progress
from pipelines.modelling.families.scikit_learn import folds_of
from pipelines.modelling.family import Family, TrainingData
from pipelines.modelling.parallel import FEWEST_ROWS, parallel_map
from pipelines.modelling.parts import PARTS, as_they_are, fit_part


def _fit(learner: Any, data: TrainingData) -> Any:
    from sklearn.base import is_classifier
    from sklearn.ensemble import StackingClassifier, StackingRegressor

    stacks = isinstance(learner, StackingClassifier | StackingRegressor)
    parts = [(part, estimator) for part, (_, estimator) in zip(data.settings[PARTS], learner.estimators, strict=True)]
    if stacks:
        _fit_last(learner, parts, data)
    learner.estimators_ = []
    progress(0, len(parts), "models")
    rows = max(len(data.y), FEWEST_ROWS)  # a training takes longer than to start a thread
    for done, fitted in enumerate(parallel_map(lambda each: fit_part(*each, data), parts, rows), 1):
        progress(done, len(parts), "models")
        learner.estimators_.append(fitted)
    if is_classifier(learner):
        from sklearn.preprocessing import LabelEncoder

        encoder = LabelEncoder().fit(data.y)
        learner.classes_ = encoder.classes_
        setattr(learner, "_label_encoder" if stacks else "le_", encoder)
    return learner


def _fit_last(learner: Any, parts: list[tuple[Any, Any]], data: TrainingData) -> None:
    """Fit the linear model on what the parts predict for rows that they were not fitted on."""
    from sklearn.base import clone, is_classifier
    from sklearn.model_selection import KFold, StratifiedKFold

    sorts = is_classifier(learner)
    cut = StratifiedKFold(min(learner.cv, folds_of(data.y))) if sorts else KFold(min(learner.cv, len(data.y)))
    classes, places = np.unique(data.y, return_inverse=True)
    method = "predict_proba" if sorts else "predict"
    folds = list(cut.split(data.matrix, data.y))
    found: list[Any] = []
    for part, estimator in parts:
        out = np.zeros((len(data.y), len(classes)) if sorts else len(data.y))
        for done, (some, others) in enumerate(folds):
            progress(len(found) * len(folds) + done, len(parts) * len(folds), "folds")
            out[others] = getattr(fit_part(part, estimator, data, some), method)(data.matrix[others])
        found.append(out)
    learner.stack_method_ = [method] * len(parts)
    if sorts:
        learner.classes_ = classes
    learner.final_estimator_ = clone(learner.final_estimator).fit(
        learner._concatenate_predictions(data.matrix, found), places if sorts else data.y, sample_weight=data.weights
    )


FAMILY = Family(
    "combined",
    encode=as_they_are,
    fit=_fit,
    libraries=("scikit-learn", "numpy", "scipy"),
)
