"""A fitted choice of columns; shared by Select Columns Transform and Apply Transformation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.catalogue.phrases import listed
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.catalogue.row_functions import unchanged
from pipelines.catalogue.transforms import applies, by_column
from pipelines.modelling.fitted import needed


@applies("select_columns", by_column("columns"), by_row=lambda state, head: unchanged)
def select(table: Table, state: Mapping[str, Any]) -> Table:
    """Keep the fitted columns, in their order; labels may be missing, as in rows that are yet to be predicted."""
    there = set(table.frame.columns)
    absent = [column for column in state["labels"] if column not in there]
    columns = [column for column in state["columns"] if column not in absent]
    needed(table, columns)
    if absent:
        log(f"Labels that are not in this table: {listed(absent)}.", "warning")
    return table.only(columns)
