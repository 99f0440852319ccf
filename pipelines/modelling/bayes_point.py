"""A classifier in the middle of many perceptrons. No library that is installed has one; the perceptrons are scikit-learn's."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import SGDClassifier

MOST = 2**31 - 1


class BayesPointMachine(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """The mean of perceptrons that saw the rows in different orders, each of length 1 (Herbrich and Graepel 2001)."""

    def __init__(
        self,
        perceptrons: int = 30,
        passes: int = 10,
        fit_intercept: bool = True,
        class_weight: str | None = None,
        random_state: int | None = None,
    ) -> None:
        self.perceptrons = perceptrons
        self.passes = passes
        self.fit_intercept = fit_intercept
        self.class_weight = class_weight
        self.random_state = random_state

    def fit(self, matrix: Any, y: np.ndarray, sample_weight: np.ndarray | None = None) -> BayesPointMachine:
        """Fit the perceptrons, and keep the mean of their weights."""
        dice = np.random.RandomState(self.random_state)
        total = np.zeros(matrix.shape[1] + 1)
        for _ in range(self.perceptrons):
            one = SGDClassifier(
                "perceptron",
                penalty=None,
                fit_intercept=self.fit_intercept,
                learning_rate="constant",
                eta0=1.0,
                max_iter=self.passes,
                tol=None,
                class_weight=self.class_weight,
                random_state=dice.randint(MOST),
            ).fit(matrix, y, sample_weight=sample_weight)
            weights = np.append(one.coef_[0], one.intercept_)
            total += weights / (np.linalg.norm(weights) or 1)
        self.classes_, self.n_features_in_ = one.classes_, matrix.shape[1]
        self.coef_, self.intercept_ = total[None, :-1] / self.perceptrons, total[-1:] / self.perceptrons
        return self

    def decision_function(self, matrix: Any) -> np.ndarray:
        """Return the weighted sum of each row; above 0 it is of the second class."""
        found: np.ndarray = np.ravel(matrix @ self.coef_[0]) + self.intercept_
        return found

    def predict(self, matrix: Any) -> np.ndarray:
        """Return the class of each row."""
        found: np.ndarray = self.classes_[(self.decision_function(matrix) > 0).astype(int)]
        return found

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.classifier_tags.multi_class = False
        return tags
