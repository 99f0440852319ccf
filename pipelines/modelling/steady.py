"""Predictions of a row that do not depend on the rows beside it, to the last bit."""

from __future__ import annotations

from typing import Any


def steadied(estimator: Any) -> Any:
    """Return a fitted pipeline whose weighted sums are added up in the order of the columns, row by row.

    For a dense matrix BLAS adds the products of a row in an order that depends on how many rows there are, so that a row alone gets another last bit.
    For a sparse one SciPy adds them one after the other.
    """
    steps = getattr(estimator, "named_steps", {})
    columns, learner = steps.get("columns"), steps.get("learner")
    if getattr(columns, "sparse_output_", True) is False and _is_weighted_sum(getattr(learner, "regressor_", learner)):
        columns.sparse_output_ = True
    return estimator


def _is_weighted_sum(learner: Any) -> bool:
    if not hasattr(learner, "coef_"):  # before scikit-learn is imported
        return False
    from sklearn.linear_model import SGDRegressor
    from sklearn.linear_model._base import LinearClassifierMixin, LinearModel
    from sklearn.utils import get_tags

    return isinstance(learner, LinearModel | LinearClassifierMixin | SGDRegressor) and bool(get_tags(learner).input_tags.sparse)
