"""Linear Regression: a number as a weighted sum of the features."""

from __future__ import annotations

from secrets import randbelow
from typing import Annotated, Any, Literal

from pipelines.catalogue.module import module
from pipelines.catalogue.params import LARGEST_SEED, Range, Seed, Titles, When
from pipelines.catalogue.ports import UntrainedModel

NAME = "Linear Regression"
METHODS = {"least_squares": "Ordinary least squares", "gradient_descent": "Online gradient descent"}


def _before(**_: Any) -> UntrainedModel:
    return UntrainedModel(NAME, "regression", None)


@module(NAME, columns=_before, aliases=("ordinary least squares", "ridge", "ols", "sgd"), libraries=("scikit-learn",))
def linear_regression(
    *,
    method: Annotated[Literal["least_squares", "gradient_descent"], Titles(**METHODS)] = "least_squares",
    l2_weight: Annotated[float, Range(0)] = 0.001,
    intercept: bool = True,
    learning_rate: Annotated[float, Range(0, exclusive_min=True), When("method", "gradient_descent")] = 0.1,
    epochs: Annotated[int, Range(1), When("method", "gradient_descent")] = 10,
    normalize: Annotated[bool, When("method", "gradient_descent")] = True,
    decrease_rate: Annotated[bool, When("method", "gradient_descent")] = True,
    seed: Annotated[Seed | None, When("method", "gradient_descent")] = Seed(0),
) -> UntrainedModel:
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

    settings = {"method": METHODS[method], "l2_weight": l2_weight, "intercept": intercept}
    if method == "least_squares":
        return UntrainedModel(NAME, "regression", Ridge(alpha=l2_weight, fit_intercept=intercept), scales=True, settings=settings)
    seed = Seed(randbelow(LARGEST_SEED)) if seed is None else seed
    steps = SGDRegressor(
        alpha=l2_weight,
        fit_intercept=intercept,
        eta0=learning_rate,
        max_iter=epochs,
        tol=None,
        random_state=seed,
        learning_rate="invscaling" if decrease_rate else "constant",
    )
    estimator = TransformedTargetRegressor(steps, transformer=StandardScaler(with_mean=intercept))
    more = {"learning_rate": learning_rate, "epochs": epochs, "normalize": normalize, "decrease_rate": decrease_rate, "seed": seed}
    return UntrainedModel(NAME, "regression", estimator, scales=True, settings=settings | more, as_they_are=not normalize)
