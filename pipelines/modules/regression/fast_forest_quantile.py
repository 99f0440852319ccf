"""Fast Forest Quantile Regression: quantiles of a number by the labels in the leaves of many trees."""

from __future__ import annotations

from typing import Annotated, Any

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Range, Search, Seed
from pipelines.modelling.families.quantile_forest import FAMILY
from pipelines.modelling.learner import learner

MOST = 99


@learner(
    "Fast Forest Quantile Regression",
    icon="chart-candle",
    task="quantile",
    family=FAMILY,
    aliases=("quantile regression forest", "prediction interval", "percentile", "pinball loss", "uncertainty"),
)
def fast_forest_quantile(
    *,
    trees: Annotated[int, Range(1, 10_000), Search("loguniform(50, 500)")] = 100,
    leaves: Annotated[int, Range(2, 131_072), Search("loguniform(4, 256)")] = 20,
    rows_per_leaf: Annotated[int, Range(1), Search("loguniform(1, 100)")] = 10,
    row_share: Annotated[float, Range(0, 1, exclusive_min=True), Search("uniform(0.3, 1)")] = 0.7,
    column_share: Annotated[float, Range(0, 1, exclusive_min=True), Search("uniform(0.1, 1)")] = 0.7,
    quantiles: str = "0.25; 0.5; 0.75",
    seed: Seed | None = Seed(0),
) -> Any:
    """Predict quantiles of a number, such as its median or the limits of an interval, with a quantile regression forest.

    The trees are those of a random forest. To predict a row, each training row weighs the mean over the trees of 1 / the number of training rows in
    the leaf that both are in, and 0 in trees where they are apart. A quantile is the smallest label at or below which that share of the weight is.
    So a higher quantile is never below a lower one, and no prediction is beyond the labels of the training rows. If the label has more than 1,000
    distinct values, each is rounded up to the next of 1,000 equally frequent ones. The number of leaves limits how finely rows are told apart: with
    many rows, more leaves predict better. Missing values are handled as in linear models.

    Source: N. Meinshausen, “Quantile Regression Forests”, Journal of Machine Learning Research 7 (2006), on scikit-learn's trees. The reference
    engine's forest draws its rows without replacement and samples the labels of a leaf; here all of them count.

    When to use:
        When a range matters more than one number, such as the limits of an interval that holds half of the values.

    Args:
        trees: The number of trees.
        leaves: The maximum number of leaves per tree.
        rows_per_leaf: The minimum number of rows per leaf.
        row_share: The fraction of rows that each tree is built from, drawn with replacement.
        column_share: The fraction of columns that a split selects from, drawn again for each split.
        quantiles: The quantiles to predict, each above 0 and below 1, separated by semicolons.
        seed: The random seed; if empty, a new one each time the step is executed.

    Returns:
        The untrained model, for Train Model.
    """
    from sklearn.ensemble import RandomForestRegressor

    from pipelines.modelling.quantile_forest import QuantileForest

    forest = RandomForestRegressor(
        trees,
        max_leaf_nodes=leaves,
        min_samples_leaf=rows_per_leaf,
        max_samples=None if row_share == 1 else row_share,
        max_features=column_share,
        random_state=seed,
    )
    return QuantileForest(forest, _levels(quantiles))


def _levels(text: str) -> list[float]:
    """The quantiles in ascending order, each once."""
    try:
        found = sorted({float(part) for part in text.replace(",", ";").split(";") if part.strip()})
    except ValueError:
        found = []
    if not found or not all(0 < each < 1 for each in found) or len(found) > MOST:
        raise ModuleError(
            "bad_quantiles",
            f"“{text[:60]}” is not a list of quantiles.",
            param="quantiles",
            remedy=f"Enter 1 to {MOST} numbers above 0 and below 1, separated by semicolons, such as 0.05; 0.5; 0.95.",
        )
    return found
