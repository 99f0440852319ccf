"""Clusters of rows: which one a fitted model assigns to each row, how far its centre is, and how well they are separated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from pipelines.modelling.family import Features
from pipelines.modelling.features import kind_named
from pipelines.modelling.parallel import parallel_map

ASSIGNMENTS = "Assignments"
DISTANCES = "DistancesToClusterCenter no."
CHANCES = "ClusterProbability no."
NONE = -1  # the place of a row that is in no cluster
MOST_SEPARATED = 20_000  # rows whose separation is measured
MOST_COMPARED = 2_000  # rows that are compared in pairs
MOST_DESCRIBED = 30  # clusters whose columns and rows are shown
SEPARATION = (("silhouette", "Silhouette"), ("davies_bouldin", "Davies-Bouldin index"), ("calinski_harabasz", "Calinski-Harabasz index"))


@dataclass(frozen=True)
class Assigned:
    """The cluster of each row, NONE for none; its distance to each centre and its probability of each cluster, where a model has these."""

    clusters: np.ndarray
    distances: np.ndarray | None
    chances: np.ndarray | None = None


def encoded(estimator: Any, features: pl.DataFrame) -> tuple[Any, Any]:
    """Return the last step of an estimator and the rows as it receives them."""
    if hasattr(estimator, "steps") and len(estimator) > 1:
        return estimator[-1], estimator[:-1].transform(features)
    alone = estimator[-1] if hasattr(estimator, "steps") else estimator
    return alone, features if hasattr(alone, "feature_names_in_") else features.to_numpy()  # it warns of names that it does not get


def centres_of(learner: Any) -> np.ndarray | None:
    """Return the centre of each cluster: means of rows, or of the distributions of a mixture."""
    found: np.ndarray | None = getattr(learner, "cluster_centers_", None)
    return getattr(learner, "means_", None) if found is None else found


def assigned(learner: Any, matrix: Any, *, chances: bool = False) -> Assigned:
    """Assign rows to the clusters of a fitted learner.

    Args:
        learner: A clustering estimator of scikit-learn, or the core points of DBSCAN as a nearest-neighbor classifier with a `radius_`.
        matrix: The rows.
        chances: Whether the learner's probabilities are asked for.
    """
    from sklearn.metrics.pairwise import euclidean_distances

    centres = centres_of(learner)
    if not matrix.shape[0]:
        none = None if centres is None else np.zeros((0, len(centres)))
        return Assigned(np.zeros(0, dtype=int), none, none if chances else None)
    if hasattr(learner, "radius_"):
        distances, nearest = (found[:, 0] for found in learner.kneighbors(matrix, 1))
        clusters = learner.classes_[learner._y[nearest]]  # as `predict`, which would search again
        clusters[distances > learner.radius_] = NONE
    else:
        clusters = learner.predict(matrix)
    distances = None if centres is None else euclidean_distances(matrix, centres)
    return Assigned(clusters.astype(int), distances, learner.predict_proba(matrix) if chances else None)


def by_size(clusters: np.ndarray, count: int) -> np.ndarray:
    """Return the old place of each new cluster: the one with most rows first, of equally large ones the one whose first row is earlier."""
    inside = np.flatnonzero(clusters >= 0)
    sizes = np.bincount(clusters[inside], minlength=count)
    firsts = np.full(count, len(clusters))
    np.minimum.at(firsts, clusters[inside], inside)
    return np.lexsort((firsts, -sizes))


def different_rows(matrix: Any, wanted: int) -> list[int]:
    """Return the places of the first rows that differ from all before, at most as many as wanted."""
    seen: set[bytes] = set()
    found: list[int] = []
    for start in range(0, matrix.shape[0], 1_000):
        part = matrix[start : start + 1_000]
        dense = np.ascontiguousarray(part.toarray() if hasattr(part, "toarray") else part) + 0.0  # 0 and -0 are one number
        for place, row in enumerate(dense, start):
            if (key := row.tobytes()) not in seen:
                seen.add(key)
                found.append(place)
                if len(found) == wanted:
                    return found
    return found


def separation(matrix: Any, clusters: np.ndarray) -> dict[str, float | None]:
    """Return how well clusters are separated; None where fewer than two have rows, or each row is its own.

    The silhouette compares at most 2,000 rows, the indices of Davies-Bouldin and Calinski-Harabasz 20,000, evenly spread over those in a cluster.
    """
    from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score

    found: dict[str, float | None] = {}
    scores = (silhouette_score, davies_bouldin_score, calinski_harabasz_score)
    for (key, _), score, most in zip(SEPARATION, scores, (MOST_COMPARED, MOST_SEPARATED, MOST_SEPARATED), strict=True):
        some = spread(clusters, most)
        different = len(np.unique(clusters[some]))
        found[key] = float(score(dense(matrix[some]), clusters[some])) if 1 < different < len(some) else None
    return found


def spread(clusters: np.ndarray, most: int) -> np.ndarray:
    """Return the places of at most so many rows that are in a cluster, evenly spread."""
    inside = np.flatnonzero(clusters >= 0)
    if len(inside) <= most:
        return inside
    chosen: np.ndarray = inside[np.linspace(0, len(inside) - 1, most).astype(int)]
    return chosen


def dense(matrix: Any) -> np.ndarray:
    """Return a matrix as an array."""
    found: np.ndarray = matrix.toarray() if hasattr(matrix, "toarray") else np.asarray(matrix)
    return found


@dataclass(frozen=True)
class Difference:
    """How a column differs within a cluster from all rows: its mean, or the share of one of its texts; `by` is in standard deviations."""

    cluster: int
    column: str
    inside: float
    overall: float
    by: float


def differences(frame: pl.DataFrame, features: Features, clusters: np.ndarray) -> list[Difference]:
    """Return how each column differs in each of the largest clusters; of texts those that are frequent, as “column = text”."""
    within = clusters >= 0
    rows, places = (frame, clusters) if within.all() else (frame.filter(within), clusters[within])
    shown = np.unique(places)[:MOST_DESCRIBED].tolist()
    parts = parallel_map(lambda feature: list(_differences(rows[feature[0]], feature[1], places, shown)), features, rows.height)
    return [difference for part in parts for difference in part]


def _differences(column: pl.Series, dtype: str, places: np.ndarray, shown: Sequence[int]) -> Iterator[Difference]:
    for name, values in _measured(column, dtype):
        known = np.isfinite(values)
        there, where = (values, places) if known.all() else (values[known], places[known])
        mean, deviation = (float(there.mean()), float(there.std())) if len(there) else (0.0, 0.0)
        counts, sums = np.bincount(where), np.bincount(where, there)
        for cluster in shown if deviation > 0 else ():
            if cluster < len(counts) and counts[cluster]:
                inside = float(sums[cluster] / counts[cluster])
                yield Difference(cluster, name, inside, mean, (inside - mean) / deviation)


def _measured(values: pl.Series, dtype: str) -> Iterator[tuple[str, np.ndarray]]:
    """A column of numbers, or for each frequent text of a column whether a row has it."""
    if kind_named(dtype) != "text":
        yield values.name, values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        return
    counts = values.drop_nulls().alias("text").value_counts(name="rows").sort(["rows", "text"], descending=[True, False])
    for text in counts["text"].head(10):
        yield f"{values.name} = {text}", (values == text).fill_null(False).cast(pl.Float64).to_numpy()
