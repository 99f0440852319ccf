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
    """Predict a number with many small decision trees, each correcting those before it.

    Trees are built by LightGBM. Text columns are used as categories and missing values, of texts too, as they are.

    Args:
        boosting: How the trees are built.
        early_stopping: When to stop.
        seed: Start of what is random; empty for another one each time it is executed.

    Returns:
        The learner, ready for Train Model.
    """
    from lightgbm import LGBMRegressor

    return LGBMRegressor(**estimator_settings(boosting, early_stopping, seed))
