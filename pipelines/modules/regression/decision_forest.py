"""Decision Forest Regression: a number by many trees that differ by chance."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.params import Seed
from pipelines.modelling.families.scikit_learn import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import Forest


@learner("Decision Forest Regression", icon="plant-2", task="regression", family=FAMILY, aliases=("random forest", "bagging", "rf"))
def decision_forest(*, forest: Forest, seed: Seed | None = Seed(0)) -> Any:
    """Predict a number with a random forest.

    The prediction is the mean of the trees; each predicts the mean label of the rows in a leaf, so no prediction is outside the range of the
    training labels. The importance of a column is its share of the decrease in squared error. With Replicate and all columns the trees hardly differ.

    Source: L. Breiman, “Random Forests”, Machine Learning 45 (2001), as in scikit-learn.

    When to use:
        For a robust model that needs hardly any tuning.

    Args:
        forest: How the trees are built.
        seed: The random seed; if empty, a new one each time the step is executed.

    Returns:
        The untrained model, for Train Model.
    """
    from sklearn.ensemble import RandomForestRegressor

    return RandomForestRegressor(random_state=seed, **forest.for_scikit_learn)
