"""Mini-Batch K-Means Clustering: groups of rows around their means, found by small samples of many rows."""

from __future__ import annotations

from typing import Annotated, Any

from pipelines.catalogue.params import Range, Seed, Title
from pipelines.modelling.families.clustering import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import Scaling


@learner(
    "Mini-Batch K-Means Clustering",
    icon="chart-grid-dots",
    task="clustering",
    family=FAMILY,
    aliases=("kmeans", "minibatch", "large data", "online k-means"),
)
def mini_batch_k_means(
    *,
    clusters: Annotated[int, Range(2, 10_000), Title("Number of clusters")] = 8,
    batch_rows: Annotated[int, Range(1)] = 1024,
    restarts: Annotated[int, Range(1, 1_000)] = 3,
    iterations: Annotated[int, Range(1)] = 100,
    scaling: Scaling,
    seed: Seed | None = Seed(0),
) -> Any:
    """Find the same kind of groups as K-Means Clustering in less time, for many rows or many clusters.

    Each step moves the centers by a small random sample of the rows. The clusters are slightly worse than those of K-Means Clustering. Clusters
    are numbered by size. Rows are prepared as for K-Means Clustering, and their weights count.

    Source: D. Sculley, "Web-scale k-means clustering", WWW (2010); scikit-learn's MiniBatchKMeans.

    When to use:
        When K-Means Clustering takes too long: for millions of rows or hundreds of clusters.

    Args:
        clusters: How many clusters to find.
        batch_rows: The number of rows per step.
        restarts: How many first centers are tried on a sample; the best are used.
        iterations: The maximum number of passes over the rows.
        scaling: How numbers are scaled.
        seed: Start of the random numbers; the same seed gives the same clusters. If empty, each run draws one.

    Returns:
        The untrained model, for Train Clustering Model.

    Example:
        in: training.train_clustering
        training.train_clustering: {"untrained": "clustering.mini_batch_k_means"}
    """
    from sklearn.cluster import MiniBatchKMeans

    return MiniBatchKMeans(clusters, batch_size=batch_rows, n_init=restarts, max_iter=iterations, random_state=seed)
