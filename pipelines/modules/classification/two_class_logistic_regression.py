"""Two-Class Logistic Regression: one of two classes by a weighted sum of the features."""

from __future__ import annotations

from typing import Annotated, Any

from pipelines.catalogue.params import Range, Search
from pipelines.modelling.families.linear import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import ClassWeights


@learner(
    "Two-Class Logistic Regression", icon="wave-sine", task="two_class", family=FAMILY, aliases=("logit", "binary classification", "lr")
)
def two_class_logistic_regression(
    *,
    l2_weight: Annotated[float, Range(0), Search("loguniform(0.0001, 1000)")] = 1.0,
    tolerance: Annotated[float, Range(0, exclusive_min=True)] = 1e-7,
    iterations: Annotated[int, Range(1)] = 100,
    class_weights: ClassWeights,
) -> Any:
    """Predict one of two classes with a weighted sum of the features.

    The weights minimize the log loss over the rows + L2 weight × half the sum of squared weights. Numbers are standardized to zero mean and unit
    variance; the 0/1 columns of a category are not, so a text column and its indicators from Convert to Indicator Values give slightly different
    models. The solver is Newton's method; with more than 200,000 rows it starts from the solution of 20,000 of them and takes the curvature of the
    loss from those. L-BFGS is used with more than 500 features, with more features than rows, and without an L2 weight on more than 200,000 rows
    (then to a gradient of 1e-6).

    When to use:
        As the baseline for two classes, and when the effect of each feature should be read off.

    Args:
        l2_weight: The L2 regularization strength; 0 for none.
        tolerance: Stop when an iteration improves less than this.
        iterations: The maximum number of iterations; ten times as many for L-BFGS, whose steps are smaller.
        class_weights: How rows are weighted.

    Returns:
        The untrained model, for Train Model.

    Example:
        data.dataset: {"dataset": "credit_risk"}
        training.train_model: {"label": "Status", "positive_class": "bad"}
    """
    from sklearn.linear_model import LogisticRegression

    strength = 1 / l2_weight if l2_weight else float("inf")
    balance = class_weights.for_scikit_learn
    return LogisticRegression(C=strength, tol=tolerance, max_iter=iterations, solver="newton-cholesky", class_weight=balance)
