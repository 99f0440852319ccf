"""K-Nearest Neighbors Regression: the mean label of the most similar rows."""

from __future__ import annotations

from typing import Any

from pipelines.modelling.families.scikit_learn import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import Neighbors


@learner(
    "K-Nearest Neighbors Regression",
    icon="chart-dots-2",
    task="regression",
    family=FAMILY,
    aliases=("knn", "nearest neighbours", "instance based"),
)
def nearest_neighbors(*, neighbors: Neighbors) -> Any:
    """Predict a number as the mean label of the most similar training rows.

    Numbers are standardized to zero mean and unit variance before distances are computed; each category is a 0/1 column. Of rows at the same distance,
    which one counts depends on their order in the table. The model contains the training rows, so it is as large as they are, and scoring
    takes longer than training. Row weights are not used.

    When to use:
        For small tables in which similar rows have similar values, and as a baseline.

    Args:
        neighbors: Which rows are neighbors, and how they count.

    Returns:
        The untrained model, for Train Model.
    """
    from sklearn.neighbors import KNeighborsRegressor

    return KNeighborsRegressor(**neighbors.for_scikit_learn)
