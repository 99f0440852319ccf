"""Multiclass Boosted Decision Tree: one of several classes by the sum of many small trees for each."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.params import Seed
from pipelines.modelling.families.lightgbm import FAMILY, estimator_settings
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import Boosting, ClassWeights, EarlyStopping


@learner(
    "Multiclass Boosted Decision Tree",
    icon="sitemap",
    task="multi_class",
    family=FAMILY,
    aliases=("gradient boosting", "boosted trees", "lightgbm", "bdt"),
)
def multiclass_boosted_trees(
    *, boosting: Boosting, class_weights: ClassWeights, early_stopping: EarlyStopping, seed: Seed | None = Seed(0)
) -> Any:
    """Predict one of several classes with gradient-boosted decision trees.

    The trees are built with LightGBM: in each round one for each class, so that ten classes and 100 trees make 1,000. Text columns are used as
    categories; missing values, also of text, are used as they are.

    When to use:
        The first choice for three or more classes on tables of mixed columns.

    Args:
        boosting: How the trees are built.
        class_weights: How rows are weighted.
        early_stopping: When to stop.
        seed: The random seed; if empty, a new one each time the step is executed.

    Returns:
        The untrained model, for Train Model.

    Example:
        training.train_model: {"label": "body-style"}
    """
    from lightgbm import LGBMClassifier

    return LGBMClassifier(class_weight=class_weights.for_scikit_learn, **estimator_settings(boosting, early_stopping, seed))
