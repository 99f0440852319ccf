"""Clustering: groups of similar rows, without a label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.ports import Model, Report
from pipelines.modelling.clusters import (
    ASSIGNMENTS,
    CHANCES,
    DISTANCES,
    MOST_COMPARED,
    MOST_SEPARATED,
    NONE,
    SEPARATION,
    Difference,
    assigned,
    differences,
    encoded,
    separation,
)
from pipelines.modelling.encoders import MOST_CATEGORIES, distance_columns
from pipelines.modelling.evaluation.charts import Block, figures, table
from pipelines.modelling.evaluation.cluster_charts import MOST_LISTED, name_of, profile, scatter, sizes
from pipelines.modelling.evaluation.scored import Scored, ScoredRows
from pipelines.modelling.family import Features
from pipelines.modelling.features import feature_frame, kind_named
from pipelines.modelling.task import Metric, Score

HEAD = ["Model", "Result", "Average distance to other centers", "Average distance to own center", "Rows", "Largest distance to own center"]


@dataclass(frozen=True)
class Clustered(Scored):
    """Rows with their cluster (`truth`) and their distances to the centres (`score`), and how they are separated by the feature columns."""

    matrix: Any = None
    separated: dict[str, float | None] = field(default_factory=dict)
    different: Sequence[Difference] = ()
    columns: tuple[str, ...] = ()


class Clustering:
    """The task of assigning rows to clusters."""

    id = "clustering"
    order = 3
    trainer = "Train Clustering Model"
    metrics: tuple[Metric, ...] = (
        Metric("silhouette", "Silhouette", "high"),
        Metric("davies_bouldin", "Davies-Bouldin index", "low"),
        Metric("calinski_harabasz", "Calinski-Harabasz index", "high"),
        Metric("distance_to_own", "Average distance to own center", "low"),
        Metric("distance_to_others", "Average distance to other centers", "high"),
        Metric("largest_distance", "Largest distance to own center", "low"),
    )

    def suits(self, estimator: Any) -> bool:
        """Return whether an estimator assigns new rows to clusters."""
        from sklearn.base import is_clusterer

        last = estimator[-1] if hasattr(estimator, "steps") else estimator
        return hasattr(last, "predict") and (bool(is_clusterer(last)) or hasattr(last, "means_"))

    def accepts(self, classes: Sequence[str] | None) -> bool:
        """Return whether there are no classes."""
        return classes is None

    def classes(self, learner: Any, positive: str) -> None:
        """Return None: clusters are no classes of a label."""
        return None

    def facts(self, classes: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Return nothing: there are no classes."""
        return []

    def score(self, model: Model, features: pl.DataFrame, label: pl.DataType | None, threshold: float) -> Sequence[Score]:
        """Return the cluster of each row, its distances to the centres, and its probabilities where the model's settings ask for them."""
        return self.scores(model, *encoded(model.estimator, features))

    def scores(self, model: Model, learner: Any, matrix: Any) -> Sequence[Score]:
        """Return the same for rows as the last step of the model receives them."""
        found = assigned(learner, matrix, chances=bool(model.settings.get("probabilities")))
        clusters = pl.Series(found.clusters, dtype=pl.Int64)
        scores = [Score(ASSIGNMENTS, clusters.set(clusters == NONE, None))]
        for name, values in ((DISTANCES, found.distances), (CHANCES, found.chances)):
            scores += [] if values is None else [Score(f"{name}{at}", pl.Series(values[:, at])) for at in range(values.shape[1])]
        return scores

    def score_columns(self, model: Model, label: pl.DataType | None) -> Sequence[Score] | None:
        """Return the columns of `score`, where the settings tell how many clusters there are."""
        count = model.settings.get("clusters")
        if not isinstance(count, int):
            return None
        names = [f"{name}{at}" for name in (DISTANCES, CHANCES)[: 1 + bool(model.settings.get("probabilities"))] for at in range(count)]
        return [Score(ASSIGNMENTS, pl.Series(dtype=pl.Int64)), *(Score(name, pl.Series(dtype=pl.Float64)) for name in names)]

    def claims(self, rows: ScoredRows) -> bool:
        """Return False: only Score Model and Train Clustering Model say that a column holds clusters."""
        return False

    def read(self, rows: ScoredRows) -> Clustered:
        """Return the cluster and the distances of each row, and how well the feature columns separate the clusters.

        Raises:
            ModuleError: `no_assignments`.
        """
        names = [column for column in rows.together if column.startswith(DISTANCES)]
        if ASSIGNMENTS not in rows.together or not names:
            raise ModuleError(
                "no_assignments",
                f"The table has no column “{ASSIGNMENTS}” with distances to the centers.",
                port="scored",
                remedy="Connect Score Model or the table of Train Clustering Model, and keep the names of its columns.",
            )
        clusters = rows.frame[ASSIGNMENTS].fill_null(NONE).to_numpy()
        distances = rows.frame.select(names).to_numpy()
        chosen = _comparable(rows.frame, rows.features)
        if not chosen:
            return Clustered(rows.name, clusters, distances, separated=dict.fromkeys(key for key, _ in SEPARATION))
        frame = feature_frame(rows.frame, chosen)
        matrix = distance_columns(frame, chosen, {}).fit_transform(frame)
        return Clustered(
            rows.name,
            clusters,
            distances,
            matrix=matrix,
            separated=separation(matrix, clusters),
            different=differences(frame, chosen, clusters),
            columns=tuple(column for column, _ in chosen),
        )

    def metric_values(self, scored: Scored) -> dict[str, float | int | None]:
        """Return the figures of all clusters together; rows in no cluster do not count."""
        assert isinstance(scored, Clustered)
        others, own, _, largest = _of(scored, scored.truth >= 0)
        return {**scored.separated, "distance_to_own": own, "distance_to_others": others, "largest_distance": largest}

    def influences(self, scored: Scored) -> Mapping[str, np.ndarray]:
        """Return nothing: no figure is a mean over rows."""
        return {}

    def report(self, scored: Sequence[Scored]) -> Report:
        """Return the figures, those of each cluster, and pictures of the clusters."""
        read = [one for one in scored if isinstance(one, Clustered)]
        metrics: list[dict[str, Any]] = [{"name": one.name, "metrics": self.metric_values(one)} for one in read]
        rows = [[one.name, *row] for one in read for row in _clusters(one)]
        blocks = [
            figures("Metrics", self.metrics, metrics, [(one.name, "Rows", len(one.truth), None) for one in read]),
            table("Distances and rows of each cluster", HEAD, rows),
        ]
        for one in read:
            of = f" of {one.name}" if len(read) > 1 else ""
            blocks += [
                *(scatter(one.matrix, one.truth, of) if one.matrix is not None else []),
                sizes(one.truth, of),
                *profile(one.different, of),
            ]
        return Report("Evaluation", [*blocks, _compared(read)], metrics)


TASK = Clustering()


def _comparable(frame: pl.DataFrame, features: Features) -> list[tuple[str, str]]:
    """Feature columns that a distance can be computed of: numbers, yes/no, dates, and texts of few values."""
    found = []
    for column, dtype in features:
        values = frame[column]
        plain = values.dtype.is_numeric() or values.dtype.is_temporal() or values.dtype in (pl.Boolean, pl.String, pl.Categorical, pl.Enum)
        few = kind_named(dtype) != "text" or values.n_unique() <= MOST_CATEGORIES
        known = values.is_finite() if values.dtype.is_float() else values.is_not_null()
        if plain and few and known.any():
            found.append((column, dtype))
    return found


def _clusters(one: Clustered) -> list[list[Any]]:
    """The figures of each cluster, of many the largest, of the rows in none, and of all in one."""
    shown = np.unique(one.truth[one.truth >= 0])[:MOST_LISTED].tolist()
    rows = [[name_of(place), *_of(one, one.truth == place)] for place in shown]
    if outside := int((one.truth == NONE).sum()):
        rows.append([name_of(NONE), None, None, outside, None])
    return [*rows, ["All clusters", *_of(one, one.truth >= 0)]]


def _of(one: Clustered, some: np.ndarray) -> tuple[float | None, float | None, int, float | None]:
    """Of some rows: the mean distance to the centres of the other clusters and to their own, how many they are, and the largest distance."""
    clusters, distances = one.truth[some], one.score[some]
    if not len(clusters):
        return None, None, 0, None
    own = distances[np.arange(len(clusters)), clusters]
    count = distances.shape[1]
    others = float(((distances.sum(axis=1) - own) / (count - 1)).mean()) if count > 1 else None
    return others, float(own.mean()), len(own), float(own.max())


def _compared(read: Sequence[Clustered]) -> Block:
    """Of which rows and columns the separation is measured."""
    rows = []
    for one in read:
        inside = int((one.truth != NONE).sum())
        columns = listed(one.columns) if one.columns else "none, so there is no silhouette"
        rows.append([one.name, min(inside, MOST_COMPARED), min(inside, MOST_SEPARATED), columns])
    return table("What the separation is measured of", ["Model", "Rows, silhouette", "Rows, indices", "Columns, standardized"], rows)
