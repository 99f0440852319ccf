"""Histogram Boosting Regression: a number by the sum of many small trees over binned columns."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.params import Seed
from pipelines.modelling.families.histogram_boosting import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import EarlyStopping, HistogramBoosting


@learner(
    "Histogram Boosting Regression",
    icon="stairs",
    task="regression",
    family=FAMILY,
    aliases=("gradient boosting", "boosted trees", "hist gradient boosting", "gbm"),
)
def histogram_boosting(*, boosting: HistogramBoosting, early_stopping: EarlyStopping, seed: Seed | None = Seed(0)) -> Any:
    """Predict a number with gradient-boosted decision trees.

    The trees are built with scikit-learn's histogram gradient boosting: numbers are binned into at most 255 bins first. Text columns are used as
    categories; missing values, also of text, are used as they are.

    When to use:
        For accuracy on large tables with scikit-learn alone.

    Args:
        boosting: How the trees are built.
        early_stopping: When to stop.
        seed: The random seed; if empty, a new one each time the step is executed.

    Returns:
        The untrained model, for Train Model.
    """
    from sklearn.ensemble import HistGradientBoostingRegressor

    settings = boosting.for_scikit_learn(early_stopping)
    return HistGradientBoostingRegressor(random_state=seed, **settings)
