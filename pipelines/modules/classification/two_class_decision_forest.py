"""Two-Class Decision Forest: one of two classes by many trees that differ by chance."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.params import Seed
from pipelines.modelling.families.scikit_learn import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import ClassWeights, Forest


@learner(
    "Two-Class Decision Forest", icon="tree", task="two_class", family=FAMILY, aliases=("random forest", "bagging", "rf", "decision jungle")
)
def two_class_decision_forest(*, forest: Forest, class_weights: ClassWeights, seed: Seed | None = Seed(0)) -> Any:
    """Predict one of two classes with a random forest.

    Each tree is built from rows and columns drawn at random. The probability of a class is the mean of its proportions in the leaves that a row
    reaches. The importance of a column is its share of the decrease in impurity.

    Source: L. Breiman, “Random Forests”, Machine Learning 45 (2001), as in scikit-learn.

    When to use:
        For two classes, when a robust model that needs hardly any tuning is enough.

    Args:
        forest: How the trees are built.
        class_weights: How rows are weighted.
        seed: The random seed; if empty, a new one each time the step is executed.

    Returns:
        The untrained model, for Train Model.

    Example:
        data.dataset: {"dataset": "credit_risk"}
        training.train_model: {"label": "Status", "positive_class": "bad"}
    """
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(class_weight=class_weights.for_scikit_learn, random_state=seed, **forest.for_scikit_learn)
