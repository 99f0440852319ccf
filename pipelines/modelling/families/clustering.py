"""Clustering: rows on a common scale, and clusters numbered by their size."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.reporting import log
from pipelines.modelling.clusters import MOST_COMPARED, NONE, assigned, by_size, dense, different_rows
from pipelines.modelling.encoders import distance_columns
from pipelines.modelling.family import Family, TrainingData

THREADS = 2  # K-means adds up what its threads found in the order in which they end: of two the sum is the same
FIRST_ROWS = "First rows"  # a choice of K-Means, which only the rows can resolve


def _fit(learner: Any, data: TrainingData) -> Any:
    from scipy.sparse import issparse
    from sklearn.cluster import DBSCAN
    from sklearn.utils import get_tags
    from sklearn.utils.validation import has_fit_parameter
    from threadpoolctl import threadpool_limits

    matrix, weights = data.matrix, {}
    if issparse(matrix) and not get_tags(learner).input_tags.sparse:
        matrix = matrix.toarray()
    if data.weights is not None:
        if has_fit_parameter(learner, "sample_weight"):
            weights["sample_weight"] = data.weights
        else:
            log(f"Row weights are not used: {type(learner).__name__} does not support them.", "warning")
    if isinstance(learner, DBSCAN):
        return _core_points(learner.fit(matrix, **weights), matrix)
    parameter = "n_clusters" if hasattr(learner, "n_clusters") else "n_components"
    starts = _starts(matrix, getattr(learner, parameter))
    if data.settings.get("initialization") == FIRST_ROWS:
        learner.set_params(init=dense(matrix[starts]), n_init=1)
    with threadpool_limits(THREADS, user_api="openmp"):
        learner.fit(matrix, **weights)
    return _numbered_by_size(learner, matrix)


def _starts(matrix: Any, clusters: int) -> list[int]:
    """The first rows that differ, as many as there are clusters."""
    starts = different_rows(matrix, clusters)
    if len(starts) < clusters:
        raise ModuleError(
            "too_few_rows",
            f"{counted(clusters, 'cluster')} need as many different rows, but there are {len(starts)}.",
            port="table",
            remedy="Set fewer clusters, or add rows or columns.",
        )
    return starts


def _numbered_by_size(learner: Any, matrix: Any) -> Any:
    """Put whatever an estimator holds of each cluster in the order of the clusters' sizes."""
    labels = getattr(learner, "labels_", None)
    count = getattr(learner, "n_clusters", None) or learner.n_components
    order = by_size(learner.predict(matrix) if labels is None else labels, count)
    of_each = ["cluster_centers_", "_counts", "weights_", "means_"]
    if getattr(learner, "covariance_type", "") != "tied":
        of_each += ["covariances_", "precisions_", "precisions_cholesky_"]
    for name in of_each:
        if (held := getattr(learner, name, None)) is not None:
            setattr(learner, name, np.ascontiguousarray(held[order]))
    if hasattr(learner, "labels_"):
        new = np.empty(count, dtype=learner.labels_.dtype)
        new[order] = np.arange(count)
        learner.labels_ = new[learner.labels_]
    return learner


def _core_points(fitted: Any, matrix: Any) -> Any:
    """The core points of DBSCAN as a classifier: a row belongs to the cluster of the nearest one, if it is within the radius."""
    from sklearn.neighbors import KNeighborsClassifier

    cores = fitted.core_sample_indices_
    if not len(cores):
        raise ModuleError(
            "no_clusters",
            f"No row has {fitted.min_samples} rows within a distance of {fitted.eps:g}, so there are no clusters.",
            port="table",
            remedy=f"Set a larger radius or fewer rows in DBSCAN Clustering.{_usual_distance(fitted, matrix)}",
        )
    learner = KNeighborsClassifier(1).fit(matrix[cores], fitted.labels_[cores])
    learner.radius_ = fitted.eps
    clusters = assigned(learner, matrix).clusters
    order = by_size(clusters, len(learner.classes_))
    new = np.empty(len(order), dtype=int)
    new[order] = np.arange(len(order))
    learner = KNeighborsClassifier(1).fit(matrix[cores], new[fitted.labels_[cores]])
    learner.radius_ = fitted.eps
    clusters = np.where(clusters == NONE, NONE, new[clusters])  # the same core points, by their new numbers
    learner.cluster_centers_ = np.stack([np.asarray(matrix[clusters == place].mean(axis=0)).ravel() for place in range(len(order))])
    if outside := int((clusters == NONE).sum()):
        log(f"{counted(outside, 'row')} {'is' if outside == 1 else 'are'} in no cluster.")
    return learner


def _usual_distance(fitted: Any, matrix: Any) -> str:
    """What radius gives half of the rows enough others, of at most 2,000 rows that are looked at."""
    from sklearn.neighbors import NearestNeighbors

    if matrix.shape[0] < fitted.min_samples:
        return ""
    some = np.linspace(0, matrix.shape[0] - 1, min(matrix.shape[0], MOST_COMPARED)).astype(int)
    far = NearestNeighbors(n_neighbors=fitted.min_samples).fit(matrix).kneighbors(matrix[some])[0][:, -1]
    return f" Half of the rows have {fitted.min_samples} rows within {np.median(far):.3g}."


FAMILY = Family(
    "clustering",
    encode=distance_columns,
    fit=_fit,
    libraries=("scikit-learn", "numpy", "scipy"),
)
