"""K-Means Clustering: groups of rows around their means."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pipelines.catalogue.params import Range, Seed, Title, Titles, When
from pipelines.modelling.families.clustering import FAMILY, FIRST_ROWS
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import Scaling

Start = Annotated[
    Literal["k_means_plus_plus", "random", "first"], Titles(k_means_plus_plus="K-means++", random="Random rows", first=FIRST_ROWS)
]


@learner(
    "K-Means Clustering",
    icon="chart-dots-3",
    task="clustering",
    family=FAMILY,
    aliases=("kmeans", "k-means++", "centroids", "lloyd", "segmentation"),
)
def k_means(
    *,
    clusters: Annotated[int, Range(2, 10_000), Title("Number of clusters")] = 2,
    initialization: Start = "k_means_plus_plus",
    restarts: Annotated[int, Range(1, 1_000), When("initialization", "k_means_plus_plus", "random")] = 10,
    iterations: Annotated[int, Range(1)] = 100,
    scaling: Scaling,
    seed: Annotated[Seed | None, When("initialization", "k_means_plus_plus", "random")] = Seed(0),
) -> Any:
    """Find groups of rows that lie around their mean, by Euclidean distance.

    Each row belongs to the nearest center, and each center is the mean of its rows: both are computed in turn until the centers hardly move.
    It suits round groups of similar size. The result depends on the first centers, so it is computed several times and the one with the smallest
    sum of squared distances is kept. Clusters are numbered by size: Cluster 0 has the most training rows, and of equally large clusters the
    earlier one has the earlier row. Row weights count.

    A missing number is replaced with the mean; texts become 0/1 columns, one of them for missing texts; a date becomes days.

    Source: D. Arthur, S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA (2007); scikit-learn's KMeans (Lloyd).

    When to use:
        To divide rows into a known number of compact groups, such as customers into segments.

    Args:
        clusters: How many clusters to find. Select Number of Clusters compares several numbers.
        initialization: The first centers. K-means++ draws rows that are far from each other; Random rows draws any rows; First rows takes the first
            rows of the table that differ from each other, without chance.
        restarts: How many times it starts from other first centers.
        iterations: The maximum number of iterations of each start.
        scaling: How numbers are scaled.
        seed: Start of the random numbers; the same seed gives the same clusters. If empty, each run draws one.

    Returns:
        The untrained model, for Train Clustering Model.

    Example:
        in: training.train_clustering
        training.train_clustering: {"untrained": "clustering.k_means"}
    """
    from sklearn.cluster import KMeans

    start = "random" if initialization == "random" else "k-means++"  # the family sets the first rows, once it has them
    return KMeans(clusters, init=start, n_init=restarts, max_iter=iterations, random_state=0 if initialization == "first" else seed)
