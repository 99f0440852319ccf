"""Predictions of a row that do not depend on the rows beside it, to the last bit."""

from __future__ import annotations

from copy import copy
from functools import reduce
from operator import add
from typing import Any

from pipelines.modelling.log_label import is_of_logarithm


def steadied(estimator: Any) -> Any:
    """Return a fitted pipeline that adds up weighted sums in the order of the columns, row by row; others as they are.

    For a dense matrix BLAS adds the products of a row in an order that depends on how many rows there are, so that a row alone gets another last bit.
    For a sparse one SciPy adds them one after the other. So does NumPy for the probabilities of classes that are models of their own, but not for one row.
    """
    steps = getattr(estimator, "named_steps", {})
    learner = steps.get("learner")
    if list(steps) != ["columns", "learner"]:
        return estimator
    if is_of_logarithm(learner):
        return _of_logarithm(estimator, steps["columns"], learner)
    if hasattr(learner, "label_binarizer_") and hasattr(learner, "estimators_"):
        return _SteadyClasses(estimator, steps["columns"], learner)
    inner = [each.estimator for each in getattr(learner, "calibrated_classifiers_", ())] or [getattr(learner, "regressor_", learner)]
    return _Steady(estimator, steps["columns"], learner) if all(map(_is_weighted_sum, inner)) else estimator


def _of_logarithm(estimator: Any, columns: Any, learner: Any) -> Any:
    """A learner of the logarithm of the label, around a steady one."""
    from sklearn.pipeline import Pipeline

    inner = steadied(learner.regressor_)
    if inner is learner.regressor_:
        return estimator
    outer = copy(learner)
    outer.regressor_ = inner
    return Pipeline([("columns", columns), ("learner", outer)])


class _Steady:
    """A pipeline whose learner gets a sparse matrix."""

    def __init__(self, whole: Any, columns: Any, learner: Any) -> None:
        self._whole, self._columns, self._learner = whole, columns, learner

    def predict(self, features: Any) -> Any:
        return self._learner.predict(self._matrix(features))

    def predict_proba(self, features: Any) -> Any:
        return self._learner.predict_proba(self._matrix(features))

    def decision_function(self, features: Any) -> Any:
        return self._learner.decision_function(self._matrix(features))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)

    def _matrix(self, features: Any) -> Any:
        from scipy.sparse import csr_array

        return csr_array(self._columns.transform(features))


class _SteadyClasses(_Steady):
    """A pipeline whose learner has a model for each class against all others; their probabilities are added in the order of the classes."""

    def predict_proba(self, features: Any) -> Any:
        import numpy as np

        parts = self._learner.estimators_
        matrix = self._matrix(features) if all(map(_is_weighted_sum, parts)) else self._columns.transform(features)
        chances = [each.predict_proba(matrix)[:, 1] for each in parts]
        if len(chances) == 1:
            chances = [1 - chances[0], *chances]
        total = reduce(add, chances)
        return np.stack(chances, axis=1) / np.where(total == 0, 1, total)[:, np.newaxis]


def _is_weighted_sum(learner: Any) -> bool:
    if not hasattr(learner, "coef_"):  # before scikit-learn is imported
        return False
    from sklearn.linear_model import SGDRegressor
    from sklearn.linear_model._base import LinearClassifierMixin, LinearModel
    from sklearn.utils import get_tags

    return isinstance(learner, LinearModel | LinearClassifierMixin | SGDRegressor) and bool(get_tags(learner).input_tags.sparse)
