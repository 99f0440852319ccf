"""CatBoost Regression: a number as the sum of many trees."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.params import Seed
from pipelines.modelling.families.catboost import FAMILY, CatBoosting
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import EarlyStopping


@learner(
    "CatBoost Regression",
    icon="leaf",
    task="regression",
    family=FAMILY,
    aliases=("gradient boosting", "boosted trees", "cat boost", "ordered boosting"),
)
def catboost(*, boosting: CatBoosting, early_stopping: EarlyStopping, seed: Seed | None = Seed(0)) -> Any:
    """Predict a number with gradient-boosted decision trees.

    The trees are built with CatBoost (Prokhorenkova et al., 2018). A text becomes a statistic of the label over earlier rows in a random order, so
    that a row's own label is not among its features; no category is combined with others, however many there are. A missing number counts as less
    than all others, a missing text as a category of its own. A text that training did not have counts as missing.

    When to use:
        For tables with many text columns, and when there is little time to tune.

    Args:
        boosting: How the trees are built.
        early_stopping: When to stop.
        seed: The random seed; if empty, a new one each time the step is executed.

    Returns:
        The untrained model, for Train Model.

    Example:
        trees: 40
    """
    from catboost import CatBoostRegressor

    return CatBoostRegressor(**boosting.for_catboost(early_stopping, seed))
