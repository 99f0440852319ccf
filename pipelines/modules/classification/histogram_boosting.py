"""Histogram Boosting Classification: one of several classes by the sum of many small trees over binned columns."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.params import Seed
from pipelines.modelling.families.histogram_boosting import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import ClassWeights, EarlyStopping, HistogramBoosting


@learner(
    "Histogram Boosting Classification",
    icon="hierarchy-2",
    task="multi_class",
    family=FAMILY,
    aliases=("gradient boosting", "boosted trees", "hist gradient boosting", "gbm"),
)
def histogram_boosting(
    *, boosting: HistogramBoosting, class_weights: ClassWeights, early_stopping: EarlyStopping, seed: Seed | None = Seed(0)
) -> Any:
    """Predict one of two or more classes with gradient-boosted decision trees.

    The trees are built with scikit-learn's histogram gradient boosting: numbers are binned into at most 255 bins first. Text columns are used as
    categories; missing values, also of text, are used as they are.

    When to use:
        For accuracy on large tables with scikit-learn alone, with two or more classes.

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
    from sklearn.ensemble import HistGradientBoostingClassifier

    settings = boosting.for_scikit_learn(early_stopping)
    return HistGradientBoostingClassifier(class_weight=class_weights.for_scikit_learn, random_state=seed, **settings)
