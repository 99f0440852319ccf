"""Multiclass Logistic Regression: one of several classes by a weighted sum of the features for each."""

from __future__ import annotations

from typing import Annotated, Any

from pipelines.catalogue.params import Range, Search
from pipelines.modelling.families.linear import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import ClassWeights


@learner(
    "Multiclass Logistic Regression",
    icon="chart-arcs",
    task="multi_class",
    family=FAMILY,
    aliases=("softmax", "multinomial", "logit", "maximum entropy"),
)
def multiclass_logistic_regression(
    *,
    l2_weight: Annotated[float, Range(0), Search("loguniform(0.0001, 1000)")] = 1.0,
    tolerance: Annotated[float, Range(0, exclusive_min=True)] = 1e-7,
    iterations: Annotated[int, Range(1)] = 1_000,
    class_weights: ClassWeights,
) -> Any:
    """Predict one of several classes with a weighted sum of the features for each class.

    The probabilities are the softmax of the sums. The weights minimize the log loss over the rows + L2 weight × half the sum of squared weights, with
    L-BFGS. Numbers are standardized to zero mean and unit variance; the 0/1 columns of a category are not.

    When to use:
        As the baseline for three or more classes, and for probabilities that can be trusted.

    Args:
        l2_weight: The L2 regularization strength; 0 for none.
        tolerance: Stop when no part of the gradient of the mean loss is larger than this.
        iterations: The maximum number of iterations.
        class_weights: How rows are weighted.

    Returns:
        The untrained model, for Train Model.

    Example:
        training.train_model: {"label": "body-style"}
    """
    from sklearn.linear_model import LogisticRegression

    strength = 1 / l2_weight if l2_weight else float("inf")
    return LogisticRegression(C=strength, tol=tolerance, max_iter=iterations, solver="lbfgs", class_weight=class_weights.for_scikit_learn)
