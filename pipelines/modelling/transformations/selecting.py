"""A selection of columns that was fitted on another table; shared by the selection shelf and Apply Transformation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.catalogue.row_functions import unchanged
from pipelines.catalogue.transforms import applies, by_column
from pipelines.modelling.fitted import needed


@applies("feature_selection", by_column("columns"), by_row=lambda state, head: unchanged)
def select_features(table: Table, state: Mapping[str, Any]) -> Table:
    """Keep the selected columns, and labels and weights where the table has them, in the table's order."""
    needed(table, state["columns"])
    kept = {*state["columns"], *state["beside"]}
    columns = [column for column in table.frame.columns if column in kept]
    if left := table.frame.width - len(columns):
        log(f"{counted(left, 'column')} {'was' if left == 1 else 'were'} removed; {counted(len(columns), 'column')} kept.")
    return table.only(columns)
