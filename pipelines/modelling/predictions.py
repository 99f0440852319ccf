"""Predictions beside the rows that they are of."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import ColumnRole, Model, Table
from pipelines.modelling.anomalies import SCORE
from pipelines.modelling.clusters import ASSIGNMENTS, CHANCES, DISTANCES
from pipelines.modelling.family import ESTIMATOR_ERRORS, in_words
from pipelines.modelling.features import LABELS, PROBABILITIES, QUANTILES, largest_column
from pipelines.modelling.steady import steadied
from pipelines.modelling.task import Score
from pipelines.modelling.tasks import tasks

NAMES, STARTS = (LABELS, PROBABILITIES), (f"{PROBABILITIES} (", f"{QUANTILES} (", ASSIGNMENTS, DISTANCES, CHANCES, SCORE)


def predicted(model: Model, features: pl.DataFrame, label: pl.DataType | None, threshold: float | None = None) -> Sequence[Score]:
    """Return the predictions of a model for a frame of features, as its task gives them; without a threshold by the model's own.

    Raises:
        ModuleError: `cannot_score`, when the library refuses the rows.
    """
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore", RuntimeWarning)  # of numbers that are too large: what comes of them is said
            steady = replace(model, estimator=steadied(model.estimator))
            return tasks()[model.task].score(steady, features, label, model.threshold if threshold is None else threshold)
    except ESTIMATOR_ERRORS as wrong:
        largest = largest_column(features)
        raise ModuleError(
            "cannot_score",
            f"{model.name} cannot predict these rows: {in_words(wrong)}.{f' The largest number is in “{largest}”.' if largest else ''}",
            port="table",
            column=largest,
            remedy="Check the rows for values far from those in training, or change the settings of the untrained model.",
        ) from wrong


def with_scores(model: Model, table: Table, scores: Sequence[Score], append: bool) -> Table:
    """Return a table with the predictions of a model, in place of those of an earlier one.

    A model of a label makes its column the only one with the role label. Without `append` the predictions and labels are all that is left.

    Raises:
        ModuleError: `reserved_name`, when the table has a column of its own that is called as a new one.
    """
    kept = [column for column in table.frame.columns if not _of_a_model(table, column)]
    labels = [model.label] if model.label else table.columns_with("label")
    own = [column for column in kept if append or column in labels]
    if taken := {score.name for score in scores}.intersection(own):
        raise ModuleError(
            "reserved_name",
            f"The table has a column “{min(taken)}”, as a new one is called.",
            port="table",
            column=min(taken),
            remedy="Rename it with Edit Metadata.",
        )
    frame = pl.DataFrame([*(table.frame[column] for column in own), *(score.values.alias(score.name) for score in scores)])
    scored = Table(frame, table.roles).with_frame(frame)
    if model.label:
        for column in scored.columns_with("label"):
            scored = scored.with_role(column, role="ignored")
        if model.label in own:
            scored = scored.with_role(model.label, role="label")
    roles = {
        score.name: ColumnRole("score", positive=score.positive, model=model.name, task=model.task, threshold=score.threshold)
        for score in scores
    }
    return Table(frame, {**scored.roles, **roles})


def _of_a_model(table: Table, column: str) -> bool:
    """Whether a column holds the scores of a model, that this one's replace."""
    return column in NAMES or (column.startswith(STARTS) and bool(table.role(column).task))
