"""Gaussian Mixture Clustering: groups of rows as overlapping normal distributions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pipelines.catalogue.params import Range, Seed, Title, Titles
from pipelines.modelling.families.clustering import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import Scaling

Shape = Annotated[
    Literal["full", "tied", "diag", "spherical"],
    Titles(full="Any ellipse", tied="The same ellipse for all", diag="Ellipses along the columns", spherical="Spheres"),
]


@learner(
    "Gaussian Mixture Clustering",
    icon="chart-circles",
    task="clustering",
    family=FAMILY,
    aliases=("gmm", "mixture model", "expectation maximization", "em", "soft clustering"),
)
def gaussian_mixture(
    *,
    clusters: Annotated[int, Range(1, 1_000), Title("Number of clusters")] = 2,
    shape: Shape = "full",
    smoothing: Annotated[float, Range(0, exclusive_min=True)] = 1e-6,
    probabilities: bool = True,
    restarts: Annotated[int, Range(1, 1_000)] = 1,
    iterations: Annotated[int, Range(1)] = 100,
    scaling: Scaling,
    seed: Seed | None = Seed(0),
) -> Any:
    """Find groups that may be stretched, of different size, or overlapping, with the probability of each group for each row.

    The rows are explained as draws from several normal distributions, fitted by expectation maximization. A row is assigned to its most likely
    distribution, which need not be the one with the nearest center. Clusters are numbered by size. Row weights are not used. With many columns,
    or 0/1 columns of texts, any ellipse has too many parameters: use ellipses along the columns or spheres there.

    Rows are prepared as for K-Means Clustering.

    Source: A. P. Dempster, N. M. Laird, D. B. Rubin, "Maximum likelihood from incomplete data via the EM algorithm" (1977); scikit-learn's
    GaussianMixture.

    When to use:
        When groups are stretched or overlap, or the chance of each group matters.

    Args:
        clusters: How many distributions to fit.
        shape: Which shapes the distributions may have.
        smoothing: Added to each variance, so that no distribution shrinks to a point.
        probabilities: Add the probability of each cluster to assigned rows, in columns such as ClusterProbability no.0.
        restarts: How many times it starts from other first distributions; the most likely result is kept.
        iterations: The maximum number of iterations of each start.
        scaling: How numbers are scaled.
        seed: Start of the random numbers; the same seed gives the same clusters. If empty, each run draws one.

    Returns:
        The untrained model, for Train Clustering Model.

    Example:
        in: training.train_clustering
        training.train_clustering: {"untrained": "clustering.gaussian_mixture"}
    """
    from sklearn.mixture import GaussianMixture

    return GaussianMixture(clusters, covariance_type=shape, reg_covar=smoothing, n_init=restarts, max_iter=iterations, random_state=seed)
