"""A learner of several classes that is made of a two-class learner: each part is encoded and fitted by that learner's own family."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.reporting import log, progress
from pipelines.modelling.families import families
from pipelines.modelling.families.scikit_learn import folds_of
from pipelines.modelling.family import INNER, Family, TrainingData


def _fit(learner: Any, data: TrainingData) -> Any:
    from sklearn.multiclass import OneVsRestClassifier

    return (
        _fit_against_the_rest(learner, data) if isinstance(learner, OneVsRestClassifier) else _fit_pairs_with_probabilities(learner, data)
    )


def _fit_against_the_rest(learner: Any, data: TrainingData) -> Any:
    """Fit a model for each class, of two classes for the second."""
    from sklearn.preprocessing import LabelBinarizer

    learner.label_binarizer_ = LabelBinarizer(sparse_output=True).fit(data.y)
    classes = learner.classes_ = learner.label_binarizer_.classes_
    parts = classes if len(classes) > 2 else classes[1:]
    learner.estimators_ = []
    for done, each in enumerate(parts):
        progress(done, len(parts), "classes")
        learner.estimators_.append(fit_part(learner, replace(data, y=(data.y == each).astype(int))))
    learner.n_features_in_ = data.matrix.shape[1]
    return learner


def _fit_pairs_with_probabilities(learner: Any, data: TrainingData) -> Any:
    """Fit all pairs, and estimate probabilities from their votes by cross-validation, as for other classifiers without probabilities."""
    from sklearn.base import clone
    from sklearn.calibration import CalibratedClassifierCV, _fit_calibrator
    from sklearn.model_selection import StratifiedKFold

    if isinstance(data.matrix, pl.DataFrame):  # scikit-learn would make one array of numbers of it
        raise ModuleError(
            "not_for_pairs",
            f"{data.settings.get('learner', 'The learner')} cannot be trained for pairs of classes, since it distinguishes columns by their types.",
            port="untrained",
            remedy="Use One-vs-All Multiclass, or the multiclass module of the learner.",
        )
    classes = np.unique(data.y)
    folds = list(StratifiedKFold(folds_of(data.y)).split(data.matrix, data.y))
    votes: Any = None
    for done, (some, others) in enumerate(folds):
        progress(done, len(folds) + 1, "folds")
        found = _fit_pairs(clone(learner), _rows(data, some)).decision_function(data.matrix[others]).reshape(len(others), -1)
        votes = np.zeros((len(data.y), found.shape[1])) if votes is None else votes
        votes[others] = found
    log("The probabilities are estimated from the votes by cross-validation (Platt scaling).")
    fitted = CalibratedClassifierCV(learner, ensemble=False)
    pairs = _fit_pairs(clone(learner), data)
    fitted.calibrated_classifiers_ = [_fit_calibrator(pairs, votes, data.y, classes, "sigmoid", np, data.weights)]
    fitted.classes_, fitted.n_features_in_ = classes, data.matrix.shape[1]
    return fitted


def _fit_pairs(learner: Any, data: TrainingData) -> Any:
    """Fit a model for each pair of classes, on their rows only."""
    learner.classes_ = np.unique(data.y)
    learner.estimators_, learner.pairwise_indices_ = list(_pairs(learner, data)), None
    learner.n_features_in_ = data.matrix.shape[1]
    return learner


def _pairs(learner: Any, data: TrainingData) -> Iterator[Any]:
    for one, other in combinations(learner.classes_, 2):
        part = _rows(data, np.flatnonzero((data.y == one) | (data.y == other)))
        yield fit_part(learner, replace(part, y=(part.y == other).astype(int)))


def fit_part(learner: Any, data: TrainingData) -> Any:
    """Fit the two-class learner of a learner by its own family."""
    from sklearn.base import clone

    return families()[data.settings[INNER]].fit(clone(learner.estimator), data)


def _rows(data: TrainingData, some: np.ndarray) -> TrainingData:
    return replace(data, matrix=data.matrix[some], y=data.y[some], weights=None if data.weights is None else data.weights[some])


FAMILY = Family(
    "one_against",
    encode=lambda frame, features, settings: families()[settings[INNER]].encode(frame, features, settings),
    fit=_fit,
    libraries=("scikit-learn", "numpy", "scipy"),
)
