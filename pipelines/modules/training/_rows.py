"""The rows that a model is trained on."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.features import LABELS, PROBABILITIES, present, weight_column

FEWEST_ROWS = 2


def require_label(label: str, table: Table) -> None:
    """Check that a table has the label, under a name that Score Model does not give.

    Raises:
        ModuleError: `unknown_column` or `reserved_name`.
    """
    require(label, table, param="label")
    if label in (LABELS, PROBABILITIES):
        raise ModuleError(
            "reserved_name",
            f"The label is named “{label}”, like a column that Score Model adds.",
            param="label",
            column=label,
            remedy="Rename it with Edit Metadata.",
        )


def known_rows(table: Table, label: str) -> Table:
    """Return the rows that have a label, and a weight where there are weights.

    Raises:
        ModuleError: `no_rows`.
    """
    for column, what in ((label, "label"), (weight_column(table, "table"), "weight")):
        if column is None:
            continue
        if lost := table.frame.height - int(table.frame.select(present(table, column).sum()).item()):
            table = table.with_frame(table.frame.filter(present(table, column)))
            log(f"{counted(lost, 'row')} with a missing {what} {'was' if lost == 1 else 'were'} left out.", "warning")
    if table.frame.height < FEWEST_ROWS:
        raise ModuleError(
            "no_rows",
            f"The table has {'only one row' if table.frame.height else 'no rows'} with a value of “{label}”; a model needs at least {FEWEST_ROWS}.",
            port="table",
            column=label,
            remedy="Add rows.",
        )
    return table


def weights(table: Table) -> Any:
    """Return the weight of each row; None without a weight column."""
    column = weight_column(table, "table")
    return None if column is None else table.frame[column].cast(pl.Float64).to_numpy()
