"""Local Outlier Factor: rows that lie less densely than their neighbors."""

from __future__ import annotations

from typing import Annotated, Any

from pipelines.catalogue.params import Range
from pipelines.modelling.families.anomaly import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import Scaling


@learner(
    "Local Outlier Factor",
    icon="focus-2",
    task="anomaly",
    family=FAMILY,
    aliases=("lof", "density", "novelty", "outliers"),
)
def local_outlier_factor(*, neighbors: Annotated[int, Range(1, 10_000)] = 20, scaling: Scaling) -> Any:
    """Find rows around which there are fewer rows than around their neighbors.

    The score is the ratio of densities: about 1 for a row that lies as densely as its neighbors, more for a row that lies apart from them. So it
    finds rows next to a dense group that a comparison with all rows misses. The model contains the training rows, so it is as large as they
    are, and scoring takes longer than training. A training row that is scored again is a neighbor of its own, which makes it look more
    usual; the threshold is computed without that. Row weights are not used.

    A missing number is replaced with the mean; texts become 0/1 columns, one of them for missing texts; a date becomes days.

    Source: M. Breunig, H.-P. Kriegel, R. Ng, J. Sander, "LOF: identifying density-based local outliers", SIGMOD (2000); scikit-learn's
    LocalOutlierFactor, for new rows.

    When to use:
        When what is usual differs from place to place, such as between groups of rows of different density.

    Args:
        neighbors: How many neighbors a row is compared with; more than the smallest group of rows that is no anomaly.
        scaling: How numbers are scaled.

    Returns:
        The untrained model, for Train Anomaly Detection Model.

    Example:
        in: scoring.score_model
        scoring.score_model: {"model": "training.train_anomaly_detection", "table": "data.dataset"}
        training.train_anomaly_detection: {"untrained": "anomaly.local_outlier_factor"}
    """
    from sklearn.neighbors import LocalOutlierFactor

    return LocalOutlierFactor(neighbors, novelty=True)
