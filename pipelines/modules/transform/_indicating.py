"""Indicator columns by fitted values; shared by Convert to Indicator Values and Apply Transformation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table
from pipelines.catalogue.transforms import applies
from pipelines.modules.transform._fitted import needed


@applies("convert_to_indicator")
def indicate(table: Table, state: Mapping[str, Any]) -> Table:
    """Add the fitted indicator columns."""
    names = [column["name"] for column in state["columns"]]
    needed(table, names)
    wide = table.frame.with_columns(expr for column in state["columns"] for expr in _indicators(table.frame, column))
    return table.with_frame(wide.drop(names) if state["replace"] else wide)


def _indicators(frame: pl.DataFrame, column: Mapping[str, Any]) -> Iterator[pl.Expr]:
    name = column["name"]
    wanted = [(f"{name}-{value}", pl.col(name).cast(pl.String).eq_missing(pl.lit(value))) for value in column["values"]]
    wanted += [(f"{name}-Missing", pl.col(name).is_null())] if column["missing"] else []
    titles = [title for title, _ in wanted]
    for title, holds in wanted:
        if title in frame.columns or titles.count(title) > 1:
            raise ModuleError(
                "duplicate_column",
                f"Two columns would be called '{title}'.",
                column=title,
                port="table",
                remedy="Rename it with Edit Metadata.",
            )
        yield holds.cast(pl.UInt8).alias(title)
