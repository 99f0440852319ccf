"""Linear Regression: a number as a weighted sum of the features."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pipelines.catalogue.params import Range, Seed, Titles, When
from pipelines.modelling.families.linear import FAMILY
from pipelines.modelling.learner import learner


@learner(
    "Linear Regression", icon="trending-up", task="regression", family=FAMILY, aliases=("ordinary least squares", "ridge", "ols", "sgd")
)
def linear_regression(
    *,
    method: Annotated[
        Literal["least_squares", "gradient_descent"],
        Titles(least_squares="Ordinary least squares", gradient_descent="Online gradient descent"),
    ] = "least_squares",
    l2_weight: Annotated[float, Range(0)] = 0.001,
    intercept: bool = True,
    learning_rate: Annotated[float, Range(0, exclusive_min=True), When("method", "gradient_descent")] = 0.1,
    epochs: Annotated[int, Range(1), When("method", "gradient_descent")] = 10,
    normalize: Annotated[bool, When("method", "gradient_descent")] = True,
    decrease_rate: Annotated[bool, When("method", "gradient_descent")] = True,
    seed: Annotated[Seed | None, When("method", "gradient_descent")] = Seed(0),
) -> Any:
    """Predict a number as a weighted sum of the features.

    The weights make mean squared error + L2 weight × sum of squared weights as small as possible; where rows are weighed the error is the
    weighted mean. Numbers are brought to mean 0 and deviation 1, which gradient descent may leave out; the 0 or 1 of a category is not, so a text column and the same one made by
    Convert to Indicator give slightly different models.

    Args:
        method: Solve exactly, or learn row by row.
        l2_weight: How strongly large weights are punished; 0 for not at all.
        intercept: Add a constant to the sum.
        learning_rate: Size of a learning step, as a share of the largest that is stable.
        epochs: How often to pass over the rows.
        normalize: Bring numbers to mean 0 and deviation 1 first. Without it, numbers of different size need many more passes.
        decrease_rate: Make steps smaller over time.
        seed: Start of the random order of the rows; empty for another one each time it is executed.

    Returns:
        The learner, ready for Train Model.
    """
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.linear_model import Ridge, SGDRegressor
    from sklearn.preprocessing import StandardScaler

    if method == "least_squares":
        return Ridge(alpha=l2_weight, fit_intercept=intercept)
    steps = SGDRegressor(
        alpha=l2_weight,
        fit_intercept=intercept,
        eta0=learning_rate,
        max_iter=epochs,
        tol=None,
        random_state=seed,
        learning_rate="invscaling" if decrease_rate else "constant",
    )
    return TransformedTargetRegressor(steps, transformer=StandardScaler(with_mean=intercept))
