"""DBSCAN Clustering: groups of any shape, where rows lie close together."""

from __future__ import annotations

from typing import Annotated, Any

from pipelines.catalogue.params import Range, Title
from pipelines.modelling.families.clustering import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import Scaling


@learner(
    "DBSCAN Clustering",
    icon="blob",
    task="clustering",
    family=FAMILY,
    aliases=("density based", "noise", "outliers"),
)
def dbscan(
    *,
    radius: Annotated[float, Range(0, exclusive_min=True)] = 0.5,
    rows: Annotated[int, Range(1), Title("Rows within the radius")] = 5,
    scaling: Scaling,
) -> Any:
    """Find groups of any shape as places where rows are dense; rows elsewhere are in no cluster.

    A row with enough rows within the radius, itself among them, is a core point. Core points within the radius of each other are in the same
    cluster. Any other row, new ones too, belongs to the cluster of its nearest core point if that is within the radius; else its assignment is
    missing. A row at the border of two clusters therefore joins the nearer one, whatever the order of the rows. The number of clusters follows from
    the radius. Clusters are numbered by size. The distances to centers are to the mean of a cluster's rows, which of a curved cluster
    need not be inside it. Row weights count as rows within the radius.

    Time and memory grow with the number of pairs of rows within the radius. The model contains the core points. Rows are prepared as for K-Means
    Clustering.

    Source: M. Ester, H.-P. Kriegel, J. Sander, X. Xu, "A density-based algorithm for discovering clusters", KDD (1996); scikit-learn's DBSCAN.

    When to use:
        When groups have any shape, and rows in none of them should stay apart.

    Args:
        radius: The distance up to which rows count as close, in the unit of the scaled columns. With many columns rows are far apart: where no cluster
            is found, the error names the distance within which half of the rows have enough others.
        rows: How many rows, itself among them, a core point has within the radius.
        scaling: How numbers are scaled.

    Returns:
        The untrained model, for Train Clustering Model.

    Example:
        radius: 2.0
        in: training.train_clustering
        training.train_clustering: {"untrained": "clustering.dbscan"}
    """
    from sklearn.cluster import DBSCAN

    return DBSCAN(eps=radius, min_samples=rows)
