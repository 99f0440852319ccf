"""Two-Class Logistic Regression: one of two classes by a weighted sum of the features."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Titles
from pipelines.catalogue.ports import UntrainedModel

NAME = "Two-Class Logistic Regression"


def _before(**_: Any) -> UntrainedModel:
    return UntrainedModel(NAME, "two_class", None)


@module(NAME, columns=_before, aliases=("logit", "binary classification", "lr"), libraries=("scikit-learn",))
def two_class_logistic_regression(
    *,
    l2_weight: Annotated[float, Range(0)] = 1.0,
    tolerance: Annotated[float, Range(0, exclusive_min=True)] = 1e-7,
    iterations: Annotated[int, Range(1)] = 100,
    class_weight: Annotated[Literal["none", "balanced"], Titles(none="As in the rows", balanced="Both classes alike")] = "none",
) -> UntrainedModel:
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
        class_weight: Count all rows alike, or both classes alike by weighing the rows of the rarer one more; then probabilities are too high
            for the rarer class.

    Returns:
        The learner, ready for Train Model.
    """
    from sklearn.linear_model import LogisticRegression

    strength = 1 / l2_weight if l2_weight else float("inf")
    balance = None if class_weight == "none" else class_weight
    estimator = LogisticRegression(C=strength, tol=tolerance, max_iter=iterations, solver="newton-cholesky", class_weight=balance)
    settings = {"l2_weight": l2_weight, "tolerance": tolerance, "iterations": iterations, "class_weight": class_weight}
    return UntrainedModel(NAME, "two_class", estimator, scales=True, settings=settings)
