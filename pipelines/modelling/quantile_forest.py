"""A forest that predicts quantiles. No library that is installed has one; the trees and where a row ends in them are scikit-learn's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, RegressorMixin, clone
from sklearn.ensemble import RandomForestRegressor

MOST_VALUES = 1_000  # of the label that are told apart; more are rounded up to so many equally frequent ones
ROWS = 4_096  # predicted at a time, since each needs a weight for every value
EXACT = 1e-9  # sums of shares are this far from what they should be, at most


class QuantileForest(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Quantiles of the label's distribution among the training rows that share a leaf with a row (Meinshausen 2006).

    A training row weighs the mean over the trees of 1 / the number of training rows in the leaf, if both are in it; a quantile is the smallest label
    at or below which that share of the weight is.
    """

    def __init__(self, forest: RandomForestRegressor, quantiles: Sequence[float]) -> None:
        self.forest = forest
        self.quantiles = quantiles

    def fit(self, matrix: Any, y: np.ndarray, sample_weight: np.ndarray | None = None) -> QuantileForest:
        """Build the trees, and keep the share of each value of the label in each leaf."""
        self.forest_ = clone(self.forest).fit(matrix, y, sample_weight)
        self.n_features_in_ = self.forest_.n_features_in_
        found = np.unique(y)
        if len(found) > MOST_VALUES:
            found = np.unique(np.quantile(y, np.arange(1, MOST_VALUES + 1) / MOST_VALUES, method="inverted_cdf"))
        self.values_ = found
        self.offsets_ = np.concatenate([[0], np.cumsum([tree.tree_.node_count for tree in self.forest_.estimators_])])
        weight = np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        leaves = self._leaves(matrix)
        totals = np.bincount(leaves.ravel(), np.repeat(weight, leaves.shape[1]), minlength=self.offsets_[-1])
        shares = weight[:, None] / np.where(totals > 0, totals, 1)[leaves] / leaves.shape[1]
        places = np.repeat(np.searchsorted(found, y), leaves.shape[1])
        self.shares_ = csr_matrix((shares.ravel(), (leaves.ravel(), places)), shape=(self.offsets_[-1], len(found)))
        return self

    def predict(self, matrix: Any) -> np.ndarray:
        """Return a column for each quantile."""
        leaves = self._leaves(matrix)
        found = np.empty((len(leaves), len(self.quantiles)))
        for start in range(0, len(leaves), ROWS):
            some = leaves[start : start + ROWS]
            ends = np.arange(0, some.size + 1, some.shape[1])
            shares = (
                csr_matrix((np.ones(some.size), some.ravel(), ends), shape=(len(some), self.shares_.shape[0])) @ self.shares_
            ).toarray()
            below = shares.cumsum(axis=1)
            for at, quantile in enumerate(self.quantiles):
                places = (below < quantile * below[:, -1:] - EXACT).sum(axis=1)
                found[start : start + ROWS, at] = self.values_[np.minimum(places, len(self.values_) - 1)]
        return found

    def score(self, matrix: Any, y: np.ndarray, sample_weight: np.ndarray | None = None) -> float:
        """Return by how much the mean quantile loss is below that of the quantiles of `y` (R¹; Koenker and Machado 1999)."""
        return explained(y, self.predict(matrix), self.quantiles, sample_weight)

    @property
    def feature_importances_(self) -> np.ndarray:
        """The importances of the trees."""
        found: np.ndarray = self.forest_.feature_importances_
        return found

    def _leaves(self, matrix: Any) -> np.ndarray:
        found: np.ndarray = self.forest_.apply(matrix) + self.offsets_[:-1]
        return found

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def losses(truth: np.ndarray, guesses: np.ndarray, quantiles: Sequence[float]) -> np.ndarray:
    """Return the quantile loss of each row and quantile: q × how far the truth is above the guess, or (1 − q) × how far it is below."""
    off = truth[:, None] - guesses
    levels = np.asarray(quantiles, dtype=float)
    found: np.ndarray = np.maximum(levels * off, (levels - 1) * off)
    return found


def explained(truth: np.ndarray, guesses: np.ndarray, quantiles: Sequence[float], weight: np.ndarray | None) -> float:
    """Return 1 − the mean quantile loss / that of the quantiles of the truth itself; 0 where these have no loss."""
    fixed = (
        np.quantile(truth, quantiles, weights=weight, method="inverted_cdf")
        if weight is not None
        else np.quantile(truth, quantiles, method="inverted_cdf")
    )
    least = float(np.average(losses(truth, np.tile(fixed, (len(truth), 1)), quantiles).mean(axis=1), weights=weight))
    return 1 - float(np.average(losses(truth, guesses, quantiles).mean(axis=1), weights=weight)) / least if least > 0 else 0.0
