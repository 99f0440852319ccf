"""Pass On: a step that does nothing, or next to nothing."""

from __future__ import annotations

import polars as pl

from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.ports import Frame


@module("Pass On", columns=PROBE)
def pass_on(table: Frame, *, mark: int = 0, marked: bool = False) -> Frame:
    """Give the table on as it is, or with its mark as a column.

    Args:
        table: Any table.
        mark: A number that makes two such steps differ.
        marked: Make two such tables differ too.

    Returns:
        The same table.
    """
    return table.with_columns(mark=pl.lit(mark)) if marked else table
