"""Boosted Decision Tree Regression: a number as the sum of many small trees."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.params import Seed
from pipelines.modelling.families.lightgbm import FAMILY, estimator_settings
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import Boosting, EarlyStopping


@learner(
    "Boosted Decision Tree Regression",
    icon="binary-tree-2",
    task="regression",
    family=FAMILY,
    aliases=("gradient boosting", "boosted trees", "lightgbm", "bdt"),
)
def boosted_trees(*, boosting: Boosting, early_stopping: EarlyStopping, seed: Seed | None = Seed(0)) -> Any:
    """Predict a number with gradient-boosted decision trees.

    The trees are built with LightGBM. Text columns are used as categories; missing values, also of text, are used as they are.

    When to use:
        The first choice for tables of mixed columns when accuracy counts more than a formula.

    Args:
        boosting: How the trees are built.
        early_stopping: When to stop.
        seed: The random seed; if empty, a new one each time the step is executed.

    Returns:
        The untrained model, for Train Model.
    """
    from lightgbm import LGBMRegressor

    return LGBMRegressor(**estimator_settings(boosting, early_stopping, seed))
