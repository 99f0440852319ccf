"""Train Model: a learner and a table in, a trained model out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Model, Table, UntrainedModel
from pipelines.catalogue.reporting import log
from pipelines.modelling.explanation import explain
from pipelines.modelling.families import libraries
from pipelines.modelling.features import LABELS, PROBABILITIES, feature_frame, present, weight_column
from pipelines.modules.training._features import choose_features
from pipelines.modules.training._fit import fit, task_and_family
from pipelines.modules.training._leaks import find_leaks
from pipelines.modules.training._report import training_report

FEWEST_ROWS = 2


def _before(untrained: UntrainedModel | None, table: Table, *, label: str, positive_class: str) -> Model | None:
    return Model(untrained.name, untrained.task, None, label, ()) if untrained else None


@module("Train Model", icon="school", columns=_before, aliases=("fit", "learn"), libraries=libraries())
def train_model(untrained: UntrainedModel, table: Table, *, label: Column, positive_class: str = "") -> Model:
    """Train a learner to predict a column from the feature columns of a table.

    Numbers are used as they are, yes/no as 1 and 0. A date is used as days since 1970 (with its time as a fraction) and as its year, month,
    weekday (Monday is 1) and hour; linear learners take month, weekday and hour as categories. Texts and categories become categories; of
    a column with more than 100 the 99 most frequent are kept and all others are one. A missing or infinite number is the column's mean plus
    a mark for linear learners; a missing text is a category of its own. Trees know missing values of both kinds.
    Left out are rows without label or weight, columns that are ignored, label, score or weight, columns without any value or with one value
    only, and texts with nearly as many values as rows, such as names. A weight column weighs the rows.
    The report and the log of the step say what was left out or changed, and name columns that look like row numbers, like numbers or dates
    written as text, or that give the label away.

    Args:
        untrained: The learner.
        table: The rows to learn from.
        label: The column to predict.
        positive_class: Of two classes the one whose probability is predicted; empty for the later in order: true of false and true, the
            larger number, the later text of the alphabet.

    Returns:
        The trained model.
    """
    require(label, table, param="label")
    if label in (LABELS, PROBABILITIES):
        raise ModuleError(
            "reserved_name",
            f"The label is called '{label}', as a column that Score Model adds.",
            param="label",
            column=label,
            remedy="Rename it with Edit Metadata.",
        )
    known = _known(table, label)
    task, family = task_and_family(untrained)
    y = task.target(known.frame[label])
    task.check_positive(known.frame[label], positive_class)
    chosen = choose_features(known, label)
    frame = feature_frame(known.frame, chosen.features)
    leaks = tuple(find_leaks(frame, chosen.features, task.signals(y), task.measure))
    for column, words in leaks:
        log(f"'{column}': {words}", "warning")
    pipeline = fit(untrained, family, frame, y, chosen.features, _weights(known))
    classes = task.classes(pipeline[-1], positive_class)
    model = Model(untrained.name, task.id, pipeline, label, chosen.features, classes, dict(untrained.settings))
    log(f"Learned from {counted(known.frame.height, 'row')} and {counted(len(chosen.features), 'column')}.")
    importance = explain(model, family, frame, y)
    return replace(model, report=training_report(model, frame, replace(chosen, remarks=chosen.remarks + leaks), importance))


def _known(table: Table, label: str) -> Table:
    """The rows that have a label, and a weight where there are weights."""
    for column, what in ((label, "label"), (weight_column(table, "table"), "weight")):
        if column is None:
            continue
        if lost := table.frame.height - int(table.frame.select(present(table, column).sum()).item()):
            table = table.with_frame(table.frame.filter(present(table, column)))
            log(f"{counted(lost, 'row')} with a missing {what} {'was' if lost == 1 else 'were'} left out.", "warning")
    if table.frame.height < FEWEST_ROWS:
        raise ModuleError(
            "no_rows",
            f"There is {'only one' if table.frame.height else 'no'} row with a value of '{label}'; a model needs at least {FEWEST_ROWS}.",
            port="table",
            column=label,
            remedy="Give it more rows.",
        )
    return table


def _weights(table: Table) -> Any:
    column = weight_column(table, "table")
    return None if column is None else table.frame[column].cast(pl.Float64).to_numpy()
