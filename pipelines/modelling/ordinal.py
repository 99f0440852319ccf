"""A classifier of classes in an order, made of two-class ones. scikit-learn has none; the parts are its estimators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, clone


class OrdinalClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """One two-class model for each boundary between neighbours: is the class above it? (Frank and Hall 2001).

    `estimators_` are those of the boundaries, lowest first, and `classes_` are in their order.
    """

    def __init__(self, estimator: Any, order: Sequence[str] = ()) -> None:
        self.estimator = estimator
        self.order = order

    def fit(
        self, matrix: Any, y: np.ndarray, classes: np.ndarray | None = None, part: Callable[[np.ndarray], Any] | None = None
    ) -> OrdinalClassifier:
        """Fit the model of each boundary.

        Args:
            matrix: The features.
            y: The classes of the rows.
            classes: The classes from low to high; ascending unless given.
            part: Fits a model of two classes, 0 and 1; the estimator itself unless given.
        """
        self.classes_ = np.unique(y) if classes is None else classes
        ranks = {value: rank for rank, value in enumerate(self.classes_.tolist())}
        places = np.array([ranks[value] for value in np.asarray(y).tolist()])
        part = part or (lambda above: clone(self.estimator).fit(matrix, above))
        self.estimators_ = [part((places > boundary).astype(int)) for boundary in range(len(self.classes_) - 1)]
        self.n_features_in_ = matrix.shape[1]
        return self

    def predict_proba(self, matrix: Any) -> np.ndarray:
        """Return the probability of each class: the difference of the probabilities to be above its two boundaries, at least 0."""
        above = [each.predict_proba(matrix)[:, 1] for each in self.estimators_]
        edges = np.column_stack([np.ones(len(above[0])), *above, np.zeros(len(above[0]))])
        found = np.maximum(edges[:, :-1] - edges[:, 1:], 0)
        shares: np.ndarray = found / found.sum(axis=1, keepdims=True)
        return shares

    def predict(self, matrix: Any) -> np.ndarray:
        """Return the most likely class."""
        found: np.ndarray = self.classes_[self.predict_proba(matrix).argmax(axis=1)]
        return found
