"""Two-Class CatBoost: one of two classes by the sum of many trees."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.params import Seed
from pipelines.modelling.families.catboost import FAMILY, CatBoosting
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import ClassWeights, EarlyStopping


@learner(
    "Two-Class CatBoost",
    icon="cat",
    task="two_class",
    family=FAMILY,
    aliases=("gradient boosting", "boosted trees", "cat boost", "ordered boosting"),
)
def two_class_catboost(
    *, boosting: CatBoosting, class_weights: ClassWeights, early_stopping: EarlyStopping, seed: Seed | None = Seed(0)
) -> Any:
    """Predict one of two classes with gradient-boosted decision trees.

    The trees are built with CatBoost (Prokhorenkova et al., 2018). A text becomes a statistic of the label over earlier rows in a random order, so
    that a row's own label is not among its features; no category is combined with others, however many there are. A missing number counts as less
    than all others, a missing text as a category of its own. A text that training did not have counts as missing.

    When to use:
        For two classes on tables with many text columns.

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
    from catboost import CatBoostClassifier

    return CatBoostClassifier(
        auto_class_weights="Balanced" if class_weights.for_scikit_learn else None, **boosting.for_catboost(early_stopping, seed)
    )
