"""Linear Regression: a number as a weighted sum of the features."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pipelines.catalogue.params import Range, Search, Seed, Titles, When
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
    l2_weight: Annotated[float, Range(0), Search("loguniform(0.0001, 1000)")] = 0.001,
    intercept: bool = True,
    learning_rate: Annotated[float, Range(0, exclusive_min=True), When("method", "gradient_descent"), Search("loguniform(0.001, 1)")] = 0.1,
    epochs: Annotated[int, Range(1), When("method", "gradient_descent"), Search("loguniform(1, 100)")] = 10,
    normalize: Annotated[bool, When("method", "gradient_descent")] = True,
    decrease_rate: Annotated[bool, When("method", "gradient_descent")] = True,
    seed: Annotated[Seed | None, When("method", "gradient_descent")] = Seed(0),
) -> Any:
    """Predict a number with a weighted sum of the features.

    The weights minimize the mean squared error + L2 weight × sum of squared weights; if rows are weighted, the error is the weighted mean. Numbers
    are standardized to zero mean and unit variance, which is optional for gradient descent; the 0/1 columns of a category are not, so a text column
    and its indicators from Convert to Indicator Values give slightly different models.

    When to use:
        As the baseline of every regression, and when the effect of each feature should be read off.

    Args:
        method: Solve exactly, or learn row by row.
        l2_weight: The L2 regularization strength; 0 for none.
        intercept: Add a constant term.
        learning_rate: The step size, as a fraction of the largest stable one.
        epochs: The number of passes over the rows.
        normalize: Standardize numbers to zero mean and unit variance first. If off, numbers of different scale need many more epochs.
        decrease_rate: Decrease the learning rate over time.
        seed: The random seed of the row order; if empty, a new one each time the step is executed.

    Returns:
        The untrained model, for Train Model.
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
