"""Clusterings with several numbers of clusters, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Titles
from pipelines.catalogue.ports import Report, UntrainedModel
from pipelines.modelling.clusters import MOST_COMPARED, MOST_SEPARATED, SEPARATION, assigned, dense, separation
from pipelines.modelling.evaluation.charts import Block, chart
from pipelines.modelling.evaluation.charts import table as table_block
from pipelines.modules.training._unlabelled import Trained

BIC, SQUARES = "BIC", "Sum of Squared Distances"
NAMES = {"silhouette": "Silhouette", "davies_bouldin": "Davies-Bouldin Index", "calinski_harabasz": "Calinski-Harabasz Index", "bic": BIC}
LOWER_IS_BETTER = {"davies_bouldin", "bic"}
RESULT = {"Clusters": pl.Int64, **dict.fromkeys((*NAMES.values(), SQUARES), pl.Float64)}
By = Annotated[
    Literal["silhouette", "davies_bouldin", "calinski_harabasz", "bic"],
    Titles(silhouette="Silhouette", davies_bouldin="Davies-Bouldin index", calinski_harabasz="Calinski-Harabasz index", bic="BIC"),
]


def check_choice(untrained: UntrainedModel, fewest: int, most: int, by: str) -> None:
    """Check that the learner has what is asked for."""
    if "clusters" not in untrained.settings:
        raise ModuleError(
            "no_number",
            f"{untrained.name} has no number of clusters to select.",
            port="untrained",
            remedy="Connect K-Means Clustering or Gaussian Mixture Clustering.",
        )
    if fewest > most:
        raise ModuleError(
            "empty_range",
            f"The fewest clusters, {fewest}, are more than the most, {most}.",
            param="fewest",
            remedy="Enter a smaller number.",
        )
    if by == "bic" and not hasattr(untrained.estimator, "bic"):
        raise ModuleError(
            "no_likelihood",
            f"{untrained.name} has no likelihood, so there is no BIC.",
            param="by",
            remedy="Select another figure, or connect Gaussian Mixture Clustering.",
        )


def with_clusters(untrained: UntrainedModel, count: int) -> UntrainedModel:
    from sklearn.base import clone

    parameter = "n_clusters" if hasattr(untrained.estimator, "n_clusters") else "n_components"
    estimator = clone(untrained.estimator).set_params(**{parameter: count})
    return replace(untrained, estimator=estimator, settings={**untrained.settings, "clusters": count})


def figures_of(trained: Trained) -> Iterator[tuple[str, float | None]]:
    learner = trained.model.estimator[-1]
    separated = separation(trained.matrix, assigned(learner, trained.matrix).clusters)
    yield from ((NAMES[key], separated[key]) for key, _ in SEPARATION)
    yield BIC, float(learner.bic(dense(trained.matrix))) if hasattr(learner, "bic") else None
    yield SQUARES, float(learner.inertia_) if hasattr(learner, "inertia_") else None


def best_of(frame: pl.DataFrame, by: str) -> int:
    known = frame.drop_nulls(NAMES[by]).sort(NAMES[by], descending=by not in LOWER_IS_BETTER, maintain_order=True)
    if not known.height:
        raise ModuleError(
            "not_separated",
            "No number of clusters separates the rows.",
            port="table",
            remedy="Select columns that vary, or use more rows.",
        )
    return int(known["Clusters"][0])


def number_report(name: str, frame: pl.DataFrame, by: str, best: int) -> Report:
    shown = [column for column in (NAMES[by], SQUARES) if frame[column].null_count() < frame.height]
    shown += [column for column in NAMES.values() if column not in shown and frame[column].null_count() < frame.height]
    title = f"Numbers of clusters (silhouette of at most {MOST_COMPARED:,} rows, indices of at most {MOST_SEPARATED:,})"
    facts = table_block("Selected", ["What", "Value"], [["Learner", name], ["Figure", NAMES[by]], ["Number of clusters", best]])
    lines = [_line(frame.select("Clusters", column).rows(), column, best) for column in shown]
    return Report("Number of clusters", [facts, *lines, table_block(title, frame.columns, [list(row) for row in frame.rows()])])


def _line(points: Sequence[tuple[Any, ...]], title: str, best: int) -> Block:
    values: list[Mapping[str, Any]] = [{"clusters": count, "value": value} for count, value in points]
    line = {"mark": {"type": "line", "point": True, "tooltip": True}, "data": {"values": values}}
    rule = {
        "mark": {"type": "rule", "style": "guide", "tooltip": False},
        "data": {"values": [{"clusters": best}]},
        "encoding": {"x": {"field": "clusters", "type": "quantitative"}},
    }
    axes = {
        "x": {"field": "clusters", "type": "quantitative", "title": "Clusters", "axis": {"tickMinStep": 1}, "scale": {"zero": False}},
        "y": {"field": "value", "type": "quantitative", "title": title, "scale": {"zero": False}},
    }
    spec = {"layer": [rule, {**line, "encoding": axes}]}
    return chart(title, "number_of_clusters", f"{title} by number of clusters. The line marks the selected number, {best}.", spec)
