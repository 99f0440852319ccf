"""Partial Dependence: what a model predicts on average while one or two features change."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Range, Seed
from pipelines.catalogue.ports import Model, Report, Table
from pipelines.modelling.families import libraries
from pipelines.modules.selection._dependence import averaged, grid_of, result_frame
from pipelines.modules.selection._dependence_report import dependence_report
from pipelines.modules.selection._predicting import some_rows, task_of_model


class Dependence(NamedTuple):
    """The mean prediction at each value.

    Args:
        table: A row for each value, or each pair of values, with the mean prediction and the 10th and 90th percentile over the rows.
        report: The same as a chart.
    """

    table: Table
    report: Report


def _columns(model: Model | None, table: Table, *, feature: str, second: str | None, points: int, **_: object) -> tuple[Table | None, None]:
    frame = table.frame
    if feature not in frame.columns or (second is not None and second not in frame.columns):
        return None, None
    grids = [grid_of(frame[name], table.is_categorical(name), points) for name in (feature, second) if name is not None]
    return Table(result_frame(grids, np.empty((3, 0)))), None


@module(
    "Partial Dependence",
    icon="chart-line",
    columns=_columns,
    aliases=("pdp", "marginal effect", "what-if", "explain", "model explanation", "interaction"),
    libraries=libraries(),
)
def partial_dependence(
    model: Model,
    table: Table,
    *,
    feature: Column,
    second: Column | None = None,
    points: Annotated[int, Range(2, 200)] = 20,
    class_name: str = "",
    rows: Annotated[int, Range(1)] = 1000,
    seed: Seed = Seed(0),
) -> Dependence:
    """Show how the predictions of a model move with a feature.

    All rows get the same value of the feature, the model predicts them, and the predictions are averaged; this for each value of a grid. The
    result is the predicted number, or the probability of a class. The 10th and the 90th percentile of the predictions tell how far rows differ:
    where they run apart, the feature acts together with others, which a second feature can show.

    The grid of a number or a date runs in equal steps from its 5th to its 95th percentile, so that the ends are backed by rows; a number with no more
    values than points has its own values. Texts and yes/no have their most frequent values, at most so many as there are points. Missing values
    are no value of the grid. The table needs no label. The model is asked about combinations that may never occur, such as a small car with a
    large engine; where features go together closely, read the result with care.

    Source: J. H. Friedman, "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29 (2001).

    When to use:
        To see how the prediction of a trained model changes with one feature, or with two.

    Args:
        model: The trained model.
        table: Rows with the features of the model, best those of a test.
        feature: The feature that changes.
        second: A second feature that changes with it.
        points: How many values of each feature are tried.
        class_name: The class whose probability is averaged; empty for the positive class, of several classes the last.
        rows: At most so many rows are used, drawn at random.
        seed: Start of the draw.

    Example:
        table: transform.split_data.second
        feature: "horsepower"
        points: 8
    """
    task = task_of_model(model)
    names = [feature] if second is None else [feature, second]
    for name, param in zip(names, ("feature", "second"), strict=False):
        require(name, table, param=param)
        if name not in {column for column, _ in model.features} or names.count(name) > 1:
            why = f"The model does not use “{name}”" if names.count(name) == 1 else f"“{name}” is selected twice"
            raise ModuleError(
                "not_a_feature", f"{why}.", param=param, column=name, port="table", remedy="Select a column that it was trained on."
            )
    grids = [grid_of(table.frame[name], table.is_categorical(name), points) for name in names]
    if empty := next((grid.name for grid in grids if not len(grid.values)), None):
        words = f"“{empty}” has no values to try."
        raise ModuleError("no_values", words, column=empty, port="table", remedy="Use rows that have values.")
    frame = some_rows(table.frame, rows, seed)
    result = averaged(grids, frame, task, model, class_name)
    return Dependence(Table(result), dependence_report(result, grids, model, class_name, frame.height))
