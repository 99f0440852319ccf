"""Two-Class XGBoost: one of two classes by the sum of many trees."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.params import Seed
from pipelines.modelling.families.xgboost import FAMILY, XGBoosting
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import ClassWeights, EarlyStopping


@learner(
    "Two-Class XGBoost",
    icon="christmas-tree",
    task="two_class",
    family=FAMILY,
    aliases=("gradient boosting", "boosted trees", "xgb", "extreme gradient boosting"),
)
def two_class_xgboost(
    *, boosting: XGBoosting, class_weights: ClassWeights, early_stopping: EarlyStopping, seed: Seed | None = Seed(0)
) -> Any:
    """Predict one of two classes with gradient-boosted decision trees.

    The trees are built with XGBoost (Chen and Guestrin, 2016): numbers are binned first. Text columns are used as categories: up to four are told
    apart one by one, more are split into two groups. Missing values, also of text, go to the side of each split where they reduce the loss more.
    All values are rounded to 32 bits. The same rows and the same seed give the same trees on any number of processors.

    When to use:
        For two classes, and where models must match those of other XGBoost systems.

    Args:
        boosting: How the trees are built.
        class_weights: How rows are weighted.
        early_stopping: When to stop.
        seed: The random seed; if empty, a new one each time the step is executed.

    Returns:
        The untrained model, for Train Model.

    Example:
        trees: 40
        data.dataset: {"dataset": "credit_risk"}
        training.train_model: {"label": "Status", "positive_class": "bad"}
    """
    from xgboost import XGBClassifier

    return XGBClassifier(**boosting.for_xgboost(early_stopping, seed))
