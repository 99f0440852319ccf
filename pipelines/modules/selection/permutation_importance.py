"""Permutation Feature Importance: how much worse a model does when the values of one column are shuffled."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
import polars as pl

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Seed
from pipelines.catalogue.ports import Model, Report, Table
from pipelines.catalogue.reporting import progress
from pipelines.modelling.families import libraries
from pipelines.modelling.features import calendar_columns, feature_frame
from pipelines.modelling.tasks import label_tasks
from pipelines.modules.selection._importance_report import IMPORTANCE, importance_report
from pipelines.modules.selection._predicting import FIRST, MetricName, figure, known_rows, metric_of, task_of_model


class Importance(NamedTuple):
    """What each column is worth to the model.

    Args:
        table: A row for each feature column, the most important first.
        report: The same as a chart, with the metric of the unshuffled rows.
    """

    table: Table
    report: Report


def _columns(model: Model | None, table: Table, **_: object) -> tuple[Table, None]:
    return Table(pl.DataFrame(schema=IMPORTANCE)), None


@module(
    "Permutation Feature Importance",
    icon="arrows-shuffle",
    columns=_columns,
    aliases=("feature importance", "explain", "variable importance", "model explanation"),
    libraries=libraries(),
)
def permutation_importance(
    model: Model,
    table: Table,
    *,
    metric: MetricName = FIRST,
    repeats: Annotated[int, Range(1, 1000)] = 5,
    rows: Annotated[int, Range(1)] = 10_000,
    seed: Seed = Seed(0),
) -> Importance:
    """Measure how much a trained model relies on each column.

    The values of one column are shuffled, so that they say nothing about the label any more, and the model predicts again. Importance is how
    much worse the metric becomes, the mean of several shuffles: 0 for a column that the model does not use, negative where chance made the
    shuffled rows better. Derived parts of a date move with it. Columns that say the same stand in for each other, so both can look unimportant.

    Use rows that the model was not trained on: on training rows a model that overfits seems to need what it only memorized. Rows without a
    label or a weight are removed, weights weigh, and the positive of two classes is predicted from the threshold of the model on. The shuffles are the permutations
    that `numpy.random.Generator(numpy.random.PCG64(seed))` gives one after another, column by column in the model's order.

    Source: L. Breiman, "Random forests", Machine Learning 45 (2001).

    When to use:
        To see what a model of any kind relies on, measured on rows that it has not seen.

    Args:
        model: The trained model.
        table: Rows with the label, best those of a test.
        metric: The metric that is compared.
        repeats: How often each column is shuffled.
        rows: At most so many rows are used, drawn at random.
        seed: Start of the shuffles; the same seed gives the same numbers.

    Example:
        table: transform.split_data.second
        repeats: 2
    """
    task_of_model(model)
    known = known_rows(table, model, rows, seed)
    task = label_tasks()[model.task]
    chosen = metric_of(model, task, metric)
    features = feature_frame(known.frame, model.features)
    whole = figure(task, model, known, features, chosen)
    dice, sign = np.random.Generator(np.random.PCG64(seed)), 1 if chosen.better == "high" else -1
    found = []
    for done, (column, dtype) in enumerate(model.features):
        together = features.select(column, *calendar_columns(column, dtype).values())
        drops = np.empty(repeats)
        for repeat in range(repeats):
            progress(done * repeats + repeat, len(model.features) * repeats, "shuffles scored")
            shuffled = features.with_columns(together[dice.permutation(features.height).tolist()])
            drops[repeat] = sign * (whole - figure(task, model, known, shuffled, chosen))
        spread = float(drops.std(ddof=1)) if repeats > 1 else None
        found.append((column, float(drops.mean()), spread, float(drops.min()), float(drops.max())))
    frame = pl.DataFrame(found, schema=IMPORTANCE, orient="row").sort("Importance", descending=True, maintain_order=True)
    return Importance(Table(frame), importance_report(frame, model, chosen, whole, features.height, repeats))
