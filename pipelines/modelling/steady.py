"""Predictions of a row that do not depend on the rows beside it, to the last bit."""

from __future__ import annotations

from typing import Any


def steadied(estimator: Any) -> Any:
    """Return a fitted pipeline that adds up weighted sums in the order of the columns, row by row; others as they are.

    For a dense matrix BLAS adds the products of a row in an order that depends on how many rows there are, so that a row alone gets another last bit.
    For a sparse one SciPy adds them one after the other.
    """
    steps = getattr(estimator, "named_steps", {})
    learner = steps.get("learner")
    if list(steps) == ["columns", "learner"] and _is_weighted_sum(getattr(learner, "regressor_", learner)):
        return _Steady(estimator, steps["columns"], learner)
    return estimator


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


def _is_weighted_sum(learner: Any) -> bool:
    if not hasattr(learner, "coef_"):  # before scikit-learn is imported
        return False
    from sklearn.linear_model import SGDRegressor
    from sklearn.linear_model._base import LinearClassifierMixin, LinearModel
    from sklearn.utils import get_tags

    return isinstance(learner, LinearModel | LinearClassifierMixin | SGDRegressor) and bool(get_tags(learner).input_tags.sparse)
