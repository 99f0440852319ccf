"""Isolation Forest: rows that random cuts separate early from the others."""

from __future__ import annotations

from typing import Annotated, Any

from pipelines.catalogue.params import Range, Seed
from pipelines.modelling.families.anomaly import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import Scaling


@learner(
    "Isolation Forest",
    icon="cut",
    task="anomaly",
    family=FAMILY,
    aliases=("iforest", "outliers", "novelty", "fraud"),
)
def isolation_forest(
    *,
    trees: Annotated[int, Range(1, 10_000)] = 100,
    rows_per_tree: Annotated[int, Range(2)] = 256,
    column_share: Annotated[float, Range(0, 1, exclusive_min=True)] = 1.0,
    scaling: Scaling,
    seed: Seed | None = Seed(0),
) -> Any:
    """Find rows that few random cuts separate from the others.

    Each tree cuts a small sample of the rows at random values of random columns until each row is alone. Unusual rows are alone after few cuts.
    The score is between 0 and 1: about 0.5 for usual rows, towards 1 for rows that are easy to separate. Scaling hardly matters, since a cut asks
    for the order of values only. It is fast on many rows and columns, and a sensible first choice. Row weights count.

    A missing number is replaced with the mean; texts become 0/1 columns, one of them for missing texts; a date becomes days.

    Source: F. T. Liu, K. M. Ting, Z.-H. Zhou, "Isolation forest", ICDM (2008); scikit-learn's IsolationForest.

    When to use:
        The first choice for anomalies in tables of many columns and rows.

    Args:
        trees: The number of trees.
        rows_per_tree: The number of rows that each tree is built from, at most all.
        column_share: The fraction of columns that each tree is built from.
        scaling: How numbers are scaled.
        seed: Start of the random cuts; the same seed gives the same model. If empty, each run draws one.

    Returns:
        The untrained model, for Train Anomaly Detection Model.

    Example:
        trees: 50
        in: scoring.score_model
        scoring.score_model: {"model": "training.train_anomaly_detection", "table": "data.dataset"}
        training.train_anomaly_detection: {"untrained": "anomaly.isolation_forest"}
    """
    from sklearn.ensemble import IsolationForest

    return IsolationForest(n_estimators=trees, max_samples=rows_per_tree, max_features=column_share, random_state=seed)
