"""Two-Class Logistic Regression: one of two classes by a weighted sum of the features."""

from __future__ import annotations

from typing import Annotated, Any

from pipelines.catalogue.params import Range
from pipelines.modelling.families.linear import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import ClassWeights


@learner(
    "Two-Class Logistic Regression", icon="wave-sine", task="two_class", family=FAMILY, aliases=("logit", "binary classification", "lr")
)
def two_class_logistic_regression(
    *,
    l2_weight: Annotated[float, Range(0)] = 1.0,
    tolerance: Annotated[float, Range(0, exclusive_min=True)] = 1e-7,
    iterations: Annotated[int, Range(1)] = 100,
    class_weights: ClassWeights,
) -> Any:
    """Predict one of two classes by a weighted sum of the features.

    The weights make log loss over the rows + L2 weight × half the sum of squared weights as small as possible. Numbers are brought to mean 0
    and deviation 1; the 0 or 1 of a category is not, so a text column and the same one made by Convert to Indicator give slightly different
    models. Newton's method is used; with more than 200,000 rows it starts from the solution of 20,000 of them and takes the curvature of the
    loss from those. L-BFGS is used where features are more than 500 or than the rows, or where there is no L2 weight and rows are more than
    200,000 (then to a gradient of 1e-6).

    Args:
        l2_weight: How strongly large weights are punished; 0 for not at all.
        tolerance: Stop when a step improves less than this.
        iterations: Stop after this many steps; L-BFGS, whose steps are shorter, after ten times as many.
        class_weights: How the rows count.

    Returns:
        The learner, ready for Train Model.
    """
    from sklearn.linear_model import LogisticRegression

    strength = 1 / l2_weight if l2_weight else float("inf")
    balance = class_weights.for_scikit_learn
    return LogisticRegression(C=strength, tol=tolerance, max_iter=iterations, solver="newton-cholesky", class_weight=balance)
