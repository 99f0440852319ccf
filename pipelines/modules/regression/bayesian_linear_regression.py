"""Bayesian Linear Regression: a weighted sum of the features whose regularization follows from the data."""

from __future__ import annotations

from typing import Annotated, Any

from pipelines.catalogue.params import Range, Search
from pipelines.modelling.families.scikit_learn import FAMILY
from pipelines.modelling.learner import learner


@learner(
    "Bayesian Linear Regression", icon="chart-ppf", task="regression", family=FAMILY, aliases=("bayesian ridge", "evidence approximation")
)
def bayesian_linear_regression(
    *,
    tolerance: Annotated[float, Range(0, exclusive_min=True)] = 0.001,
    iterations: Annotated[int, Range(1)] = 300,
    intercept: Annotated[bool, Search("true; false")] = True,
) -> Any:
    """Predict a number with a weighted sum of the features, regularized as strongly as the data suggest.

    The weights have a normal prior around 0, and the label normal noise around the sum. The precisions of both maximize the likelihood of the rows, so
    there is no regularization strength to set; it suits few rows with many features. The prediction is the mean of the posterior. Numbers are
    standardized to zero mean and unit variance.

    Source: D. MacKay, “Bayesian Interpolation”, Neural Computation 4 (1992); M. Tipping, “Sparse Bayesian Learning and the Relevance Vector
    Machine”, JMLR 1 (2001); as in scikit-learn.

    When to use:
        With few rows for the number of features, and when the strength of regularization should come from the data.

    Args:
        tolerance: Stop when the weights change less than this in an iteration.
        iterations: The maximum number of iterations.
        intercept: Add a constant to the sum.

    Returns:
        The untrained model, for Train Model.
    """
    from sklearn.linear_model import BayesianRidge

    return BayesianRidge(max_iter=iterations, tol=tolerance, fit_intercept=intercept)
