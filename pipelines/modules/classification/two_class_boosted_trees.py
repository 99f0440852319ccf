"""Two-Class Boosted Decision Tree: one of two classes by the sum of many small trees."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.params import Seed
from pipelines.modelling.families.lightgbm import FAMILY, estimator_settings
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import Boosting, ClassWeights, EarlyStopping


@learner(
    "Two-Class Boosted Decision Tree",
    icon="binary-tree",
    task="two_class",
    family=FAMILY,
    aliases=("gradient boosting", "boosted trees", "lightgbm", "bdt"),
)
def two_class_boosted_trees(
    *, boosting: Boosting, class_weights: ClassWeights, early_stopping: EarlyStopping, seed: Seed | None = Seed(0)
) -> Any:
    """Predict one of two classes with gradient-boosted decision trees.

    The trees are built with LightGBM. Text columns are used as categories; missing values, also of text, are used as they are.

    When to use:
        The first choice for two classes on tables of mixed columns.

    Args:
        boosting: How the trees are built.
        class_weights: How rows are weighted.
        early_stopping: When to stop.
        seed: The random seed; if empty, a new one each time the step is executed.

    Returns:
        The untrained model, for Train Model.

    Example:
        data.dataset: {"dataset": "credit_risk"}
        training.train_model: {"label": "Status", "positive_class": "bad"}
    """
    from lightgbm import LGBMClassifier

    return LGBMClassifier(class_weight=class_weights.for_scikit_learn, **estimator_settings(boosting, early_stopping, seed))
