"""Multiclass CatBoost: one of several classes by the sum of many trees."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.params import Seed
from pipelines.modelling.families.catboost import FAMILY, CatBoosting
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import ClassWeights, EarlyStopping


@learner(
    "Multiclass CatBoost",
    icon="paw",
    task="multi_class",
    family=FAMILY,
    aliases=("gradient boosting", "boosted trees", "cat boost", "ordered boosting"),
)
def multiclass_catboost(
    *, boosting: CatBoosting, class_weights: ClassWeights, early_stopping: EarlyStopping, seed: Seed | None = Seed(0)
) -> Any:
    """Predict one of several classes with gradient-boosted decision trees.

    The trees are built with CatBoost (Prokhorenkova et al., 2018); a tree predicts all classes at once. A text becomes a statistic of the label over
    earlier rows in a random order, so that a row's own label is not among its features; no category is combined with others, however many there
    are. A missing number counts as less than all others, a missing text as a category of its own. A text that training did not have counts as
    missing.

    When to use:
        For three or more classes on tables with many text columns.

    Args:
        boosting: How the trees are built.
        class_weights: How rows are weighted.
        early_stopping: When to stop.
        seed: The random seed; if empty, a new one each time the step is executed.

    Returns:
        The untrained model, for Train Model.

    Example:
        trees: 40
        training.train_model: {"label": "body-style"}
    """
    from catboost import CatBoostClassifier

    return CatBoostClassifier(
        auto_class_weights="Balanced" if class_weights.for_scikit_learn else None, **boosting.for_catboost(early_stopping, seed)
    )
