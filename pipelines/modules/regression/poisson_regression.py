"""Poisson Regression: a count as the exponential of a weighted sum of the features."""

from __future__ import annotations

from typing import Annotated, Any

from pipelines.catalogue.params import Range, Search
from pipelines.modelling.families.poisson import FAMILY
from pipelines.modelling.learner import learner


@learner("Poisson Regression", icon="abacus", task="regression", family=FAMILY, aliases=("count", "glm", "log-linear", "event rate"))
def poisson_regression(
    *,
    l2_weight: Annotated[float, Range(0), Search("loguniform(0.0001, 1000)")] = 0.001,
    tolerance: Annotated[float, Range(0, exclusive_min=True)] = 1e-7,
    iterations: Annotated[int, Range(1)] = 100,
    intercept: bool = True,
) -> Any:
    """Predict a count or another amount from 0 on, whose variance grows with its mean.

    The prediction is the exponential of a weighted sum, so it is always above 0, and each feature multiplies it. The weights minimize the mean Poisson
    deviance + L2 weight × the sum of squared weights, with Newton's method
    and, above 500 features, L-BFGS. Labels need not be whole numbers; a label below 0 is an error. Numbers are
    standardized to zero mean and unit variance.

    Source: P. McCullagh, J. Nelder, “Generalized Linear Models”, second edition (1989), as in scikit-learn.

    When to use:
        For counts and for amounts from 0 on whose spread grows with their size.

    Args:
        l2_weight: The L2 regularization strength; 0 for none.
        tolerance: Stop when no part of the gradient is larger than this.
        iterations: The maximum number of iterations, ten times as many for L-BFGS; a warning in the log says if it is reached.
        intercept: Add a constant to the sum.

    Returns:
        The untrained model, for Train Model.
    """
    from sklearn.linear_model import PoissonRegressor

    return PoissonRegressor(solver="newton-cholesky", alpha=l2_weight, tol=tolerance, max_iter=iterations, fit_intercept=intercept)
