"""Mean predictions over a grid of feature values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Model
from pipelines.catalogue.reporting import progress
from pipelines.modelling.features import LARGEST, feature_frame
from pipelines.modelling.numbers import numbers_of
from pipelines.modelling.task import Task
from pipelines.modules.selection._predicting import number_of, quietly, scores_of

MEAN, LOW, HIGH = "Mean Prediction", "10th Percentile", "90th Percentile"
MOST_ROWS = 200_000  # that are predicted at a time
ENDS = (0.05, 0.95)


@dataclass(frozen=True)
class Grid:
    """The values of a feature that are tried, in the type of the result; `runs` where they are points of a line."""

    name: str
    values: pl.Series
    runs: bool


def grid_of(values: pl.Series, categorical: bool, points: int) -> Grid:
    """The grid of a column; without values where the column has none."""
    kind = "text" if categorical else kind_of(values.dtype)
    if kind == "number":
        known = numbers_of(values).drop_nulls().clip(-LARGEST, LARGEST)  # as the model sees them
        distinct = known.unique().sort()
        low, high = (known.quantile(end, "linear") for end in ENDS)
        steps: Any = [] if low is None or high is None else np.linspace(low, high, points)
        return Grid(values.name, distinct if len(distinct) <= points else pl.Series(values.name, steps, dtype=pl.Float64), True)
    if kind == "datetime":
        known = values.drop_nulls().to_physical()
        distinct = known.unique().sort()
        low, high = (known.quantile(end, "nearest") for end in ENDS)
        steps = [] if low is None or high is None else np.unique(np.linspace(low, high, points).round().astype(int))
        found = distinct if len(distinct) <= points else pl.Series(values.name, steps)
        return Grid(values.name, found.cast(known.dtype).cast(values.dtype).alias(values.name), True)
    plain = values.cast(pl.String) if values.dtype in (pl.Categorical, pl.Enum) else values
    counts = plain.drop_nulls().alias("value").value_counts(name="rows").sort(["rows", "value"], descending=[True, False])
    return Grid(values.name, counts["value"].head(points).alias(values.name), False)


def result_frame(grids: Sequence[Grid], figures: np.ndarray) -> pl.DataFrame:
    """The combinations of the grids' values with mean and percentiles of the predictions.

    Raises:
        ModuleError: `reserved_name`, when a feature is called as one of them.
    """
    if taken := {grid.name for grid in grids} & {MEAN, LOW, HIGH}:
        raise ModuleError(
            "reserved_name", f"A feature is called “{min(taken)}”, as a column of the result.", column=min(taken), port="table",
            remedy="Rename it with Edit Metadata before training.",
        )  # fmt: skip
    return combinations(grids).with_columns(pl.Series(name, figures[at], dtype=pl.Float64) for at, name in enumerate((MEAN, LOW, HIGH)))


def combinations(grids: Sequence[Grid]) -> pl.DataFrame:
    """Every value of the first grid with every value of the second."""
    first, *others = (grid.values.alias(grid.name).to_frame() for grid in grids)
    for other in others:
        first = first.join(other, how="cross", maintain_order="left_right")
    return first


def averaged(grids: Sequence[Grid], frame: pl.DataFrame, task: Task, model: Model, class_name: str) -> pl.DataFrame:
    """Predict all rows with each combination of values.

    Raises:
        ModuleError: When the model cannot predict them.
    """
    feature_frame(frame, model.features)  # says what is wrong with the rows, once
    asked = combinations(grids)
    rest = frame.select(column for column, _ in model.features if column not in asked.columns)
    figures = np.empty((3, asked.height))
    step = max(1, MOST_ROWS // frame.height)
    for start in range(0, asked.height, step):
        progress(start, asked.height, "values predicted")
        some = asked[start : start + step]
        rows = some.join(rest, how="cross", maintain_order="left_right") if rest.width else _repeated(some, frame.height)
        with quietly():
            features = feature_frame(rows, model.features)
        guesses = number_of(scores_of(task, model, features, None), class_name).to_numpy().reshape(some.height, frame.height)
        figures[:, start : start + step] = guesses.mean(axis=1), *np.quantile(guesses, (0.1, 0.9), axis=1)
    return result_frame(grids, figures)


def _repeated(frame: pl.DataFrame, times: int) -> pl.DataFrame:
    return frame[np.repeat(np.arange(frame.height), times).tolist()]
