"""The rows of a cross-validation, and their label as it arrives."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.preprocessing import Preprocessing
from pipelines.catalogue.reporting import reporting_to
from pipelines.modelling.features import FOLD, present, weight_column
from pipelines.modelling.parallel import Lines
from pipelines.modelling.task import LabelTask
from pipelines.modules.training._rows import known_rows


def labelled(table: Preprocessing, task: LabelTask, label: str, positive: str) -> tuple[Table, pl.Series]:
    """Return the rows that have a label, and the label as models receive it: mostly as it is at the start of the path.

    Raises:
        ModuleError: `unknown_column`, `no_rows`, `label_after_rows`, or what the task says of the values.
    """
    if table.steps and label not in table.rows.frame.columns:
        return table.rows, _arriving(table, label)
    require(label, table.rows, param="label")
    if not table.steps:
        check_free(table.rows)
    known = known_rows(table.rows, label)
    values = known.frame[label]
    try:
        task.narrowed(values).target(values)
        task.narrowed(values).check_positive(values, positive)
    except ModuleError:  # the path may change it
        if not table.steps:
            raise
        values = _arriving(replace(table, rows=known), label)
        task.narrowed(values).check_positive(values, positive)
    return known, values


def usable(part: Table, label: str, what: str, fewest: int) -> Table:
    """Return the rows at the end of a path that have a label, and a weight where there are weights.

    Raises:
        ModuleError: `no_rows_left`, where there are fewer than `fewest`.
    """
    require(label, part, param="label")
    columns = [label, *([column] if (column := weight_column(part, "table")) else ())]
    part = part.with_frame(part.frame.filter(pl.all_horizontal(present(part, column) for column in columns)))
    if part.frame.height < fewest:
        raise ModuleError(
            "no_rows_left",
            f"The modules that prepare the table leave {counted(part.frame.height, 'row')} with a label {what}.",
            port="table",
            remedy="Use fewer folds, or remove fewer rows there.",
        )
    return part


def check_free(table: Table) -> None:
    """Check that the table has no column called as the new one of folds.

    Raises:
        ModuleError: `reserved_name`.
    """
    if FOLD in table.frame.columns:
        words = f"The table has a column “{FOLD}”, as a new one is called."
        raise ModuleError("reserved_name", words, port="table", column=FOLD, remedy="Rename it with Edit Metadata.")


def _arriving(table: Preprocessing, label: str) -> pl.Series:
    """Return the label at the end of the path, for folds alone: each fold computes its own."""
    with reporting_to(Lines()):
        arriving = table.fit(table.rows).table
    require(label, arriving, param="label")
    if arriving.frame.height != table.rows.frame.height or arriving.frame[label].null_count():
        raise ModuleError(
            "label_after_rows",
            f"“{label}” is made or changed by modules that are fitted again in each fold, and some of them add or remove rows or leave it empty.",
            param="label",
            column=label,
            remedy="Make the label before the first module that learns from rows.",
        )
    return arriving.frame[label]
