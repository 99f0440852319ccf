"""A learner of a number, of any family, that is trained on the logarithm of the label and predicts on the label's own scale."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import Any

import numpy as np

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.reporting import log, progress
from pipelines.modelling.family import Family, TrainingData
from pipelines.modelling.log_label import log_factor, undoing
from pipelines.modelling.parts import PARTS, as_they_are, fit_part


def _fit(learner: Any, data: TrainingData) -> Any:
    _check(data)
    logarithms = replace(data, y=np.log1p(data.y))
    if data.watched:
        data.watched.y = np.log1p(data.watched.y)
    learner.regressor_, learner._training_dim = fit_part(data.settings[PARTS][0], learner.regressor, logarithms), 1
    learner.transformer_ = undoing(_shift(learner, logarithms))
    if data.watched:
        learner.trained_on_ = logarithms  # for as long as the number of trees is looked for
    return learner


def _check(data: TrainingData) -> None:
    below = data.y < 0
    if below.any():
        label = f"“{data.label}”" if data.label else "The label"
        raise ModuleError(
            "negative_label",
            f"{label} has values below 0 in {counted(int(below.sum()), 'row')}, the lowest {data.y.min():g}; its logarithm needs values from 0 on.",
            param="label",
            column=data.label or None,
            remedy="Remove these rows with Filter Rows, add a constant to the column, or train the learner without Transform Label.",
        )


def _shift(learner: Any, data: TrainingData) -> float:
    """The logarithm of the smearing factor, 0 for the median."""
    if data.settings["predicts"] != "mean":
        return 0.0
    folds = min(data.settings["folds"], len(data.y))
    found = _without_own(learner, data, folds) if folds > 1 else learner.regressor_.predict(data.matrix)
    shift = log_factor(data.y, np.asarray(found, dtype=float).ravel(), data.weights)
    log(f"Predictions of the logarithm are undone with a smearing factor of {np.exp(shift):.4g}.")
    return shift


def _without_own(learner: Any, data: TrainingData, folds: int) -> np.ndarray:
    """The predictions for the rows of each fold, of a learner trained on the others."""
    from sklearn.model_selection import KFold

    found, plain = np.zeros(len(data.y)), replace(data, watched=None)
    for done, (some, others) in enumerate(KFold(folds, shuffle=True, random_state=0).split(data.matrix)):
        progress(done, folds, "folds")
        found[others] = np.ravel(fit_part(data.settings[PARTS][0], learner.regressor, plain, some).predict(data.matrix[others]))
    return found


def _shorten(learner: Any, trees: int) -> Any:
    """The first trees, with the smearing factor that they have."""
    from sklearn.pipeline import Pipeline

    from pipelines.modelling.families import families

    data, short = learner.trained_on_, copy(learner)
    shorten = families()[data.settings[PARTS][0]["family"]].shorten
    columns, grown = learner.regressor_["columns"], learner.regressor_["learner"]
    short.regressor_ = Pipeline([("columns", columns), ("learner", shorten(grown, trees) if shorten else grown)])
    short.transformer_ = undoing(_shift(short, data))
    return short


FAMILY = Family(
    "log_label",
    encode=as_they_are,
    fit=_fit,
    shorten=_shorten,
    libraries=("scikit-learn", "numpy", "scipy"),
)
