"""Multiclass Decision Forest: one of several classes by many trees that differ by chance."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.params import Seed
from pipelines.modelling.families.scikit_learn import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import ClassWeights, Forest


@learner(
    "Multiclass Decision Forest",
    icon="trees",
    task="multi_class",
    family=FAMILY,
    aliases=("random forest", "bagging", "rf", "decision jungle"),
)
def multiclass_decision_forest(*, forest: Forest, class_weights: ClassWeights, seed: Seed | None = Seed(0)) -> Any:
    """Predict one of several classes with a random forest.

    Each tree is built from rows and columns drawn at random. The probability of a class is the mean of its proportions in the leaves that a row
    reaches. The importance of a column is its share of the decrease in impurity.

    Source: L. Breiman, “Random Forests”, Machine Learning 45 (2001), as in scikit-learn.

    When to use:
        For three or more classes, when a robust model that needs hardly any tuning is enough.

    Args:
        forest: How the trees are built.
        class_weights: How rows are weighted.
        seed: The random seed; if empty, a new one each time the step is executed.

    Returns:
        The untrained model, for Train Model.

    Example:
        training.train_model: {"label": "body-style"}
    """
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(class_weight=class_weights.for_scikit_learn, random_state=seed, **forest.for_scikit_learn)
