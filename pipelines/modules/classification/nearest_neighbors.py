"""K-Nearest Neighbors Classification: the classes of the most similar rows."""

from __future__ import annotations

from typing import Any

from pipelines.modelling.families.scikit_learn import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import Neighbors


@learner(
    "K-Nearest Neighbors Classification",
    icon="chart-scatter",
    task="multi_class",
    family=FAMILY,
    aliases=("knn", "nearest neighbours", "instance based"),
)
def nearest_neighbors(*, neighbors: Neighbors) -> Any:
    """Predict one of two or more classes from the most similar training rows.

    Numbers are standardized to zero mean and unit variance before distances are computed; each category is a 0/1 column. Of rows at the same distance,
    which one counts depends on their order in the table. The model contains the training rows, so it is as large as they are, and scoring
    takes longer than training. Row weights are not used.

    When to use:
        For small tables in which similar rows belong to the same class, and as a baseline.

    Args:
        neighbors: Which rows are neighbors, and how they count.

    Returns:
        The untrained model, for Train Model.

    Example:
        data.dataset: {"dataset": "credit_risk"}
        training.train_model: {"label": "Status", "positive_class": "bad"}
    """
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(**neighbors.for_scikit_learn)
