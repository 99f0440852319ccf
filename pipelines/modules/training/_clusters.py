"""What the report of a clustering shows, and labels by cluster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.clusters import NONE, dense, differences, separation
from pipelines.modelling.evaluation.charts import Block
from pipelines.modelling.evaluation.cluster_charts import means, profile, scatter, separation_table, sizes
from pipelines.modelling.task import Score
from pipelines.modules.training._unlabelled import Trained


def cluster_blocks(trained: Trained, frame: pl.DataFrame, clusters: np.ndarray) -> list[Block]:
    """What the report shows of the clusters of the rows that were trained on."""
    learner, matrix = trained.model.estimator[-1], trained.matrix
    different = differences(frame, trained.model.features, clusters)
    facts: list[list[Any]] = []
    if hasattr(learner, "inertia_"):
        facts = [["Sum of squared distances to the own center", float(learner.inertia_)], ["Iterations", int(learner.n_iter_)]]
    if hasattr(learner, "bic"):
        rows = dense(matrix)
        facts = [["BIC", float(learner.bic(rows))], ["AIC", float(learner.aic(rows))], ["Iterations", int(learner.n_iter_)]]
    return [
        separation_table(separation(matrix, clusters), facts),
        *scatter(matrix, clusters),
        sizes(clusters),
        *profile(different),
        *means(different),
    ]


def labelled(table: Table, scores: Sequence[Score], *, overwrite: bool) -> Table:
    """The rows with labels of the row closest to the center of their cluster; of equally close ones the first."""
    columns = table.columns_with("label")
    if not columns:
        raise ModuleError(
            "no_label",
            "The table has no column with the role label to fill or overwrite.",
            port="table",
            param="labels",
            remedy="Give a column the role label with Edit Metadata, or leave labels as they are.",
        )
    clusters = scores[0].values.fill_null(NONE).to_numpy()
    for column in columns:
        values = table.frame[column]
        there = values.is_not_null().to_numpy()
        source = np.arange(len(values))
        for place in np.unique(clusters[clusters >= 0]).tolist():
            here = clusters == place
            if not (known := np.flatnonzero(here & there)).size:
                log(f"No row of cluster {place} has a value of “{column}”.", "warning")
                continue
            source[here] = known[scores[1 + place].values.to_numpy()[known].argmin()]
        changed = (clusters >= 0) & (overwrite | ~there)
        found = pl.Series(column, values.gather(np.where(changed, source, np.arange(len(values)))))
        log(f"{counted(int((found.is_not_null() & ~found.eq_missing(values)).sum()), 'value')} of “{column}” changed.")
        table = table.with_frame(table.frame.with_columns(found))
    return table
