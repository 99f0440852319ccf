"""Counts and log-odds of categories, by fitted counts; shared by Count Features and Apply Transformation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipelines.catalogue.phrases import counted, some_values
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.catalogue.transforms import applies, by_column
from pipelines.modelling.fitted import needed
from pipelines.modules.transform._indicating import as_texts
from pipelines.modules.transform._placing import placed


@applies("count_features", by_column("columns"))
def look_up(table: Table, state: Mapping[str, Any]) -> Table:
    """Add the fitted counts and log-odds of each category; a category that was not counted has 0 rows and the log-odds of all."""
    needed(table, state["columns"])
    made = {}
    for column, fitted in state["columns"].items():
        texts = as_texts(table.frame[column]).alias("text").to_frame()
        known = pl.DataFrame({"text": fitted["values"], "rows": fitted["rows"], "positive": fitted["positive"]}, schema=SCHEMA)
        found = texts.join(known, on="text", how="left", maintain_order="left", nulls_equal=True)
        if strange := found["rows"].null_count():
            new = texts["text"].filter(found["rows"].is_null())
            told = f" ({some_values(new)})" if new.null_count() < len(new) else ""
            log(
                f"“{column}”: {counted(strange, 'row has', 'rows have')} a new value{told}; its count is 0 and its log-odds are those of all rows.",
                "warning",
            )
        found = found.with_columns(pl.col("rows", "positive").fill_null(0))
        odds = log_odds(pl.col("positive"), pl.col("rows"), pl.lit(float(state["positive"])), pl.lit(float(state["rows"])), state["prior"])
        made[column] = columns_of(column, found.select(rows="rows", odds=odds))
    return table.with_frame(table.frame.select(placed(table.frame.columns, made, state["output"], new_names=True)))


SCHEMA = {"text": pl.String, "rows": pl.Int64, "positive": pl.Int64}


def columns_of(column: str, found: pl.DataFrame) -> list[tuple[str, pl.Expr | pl.Series]]:
    """The names and values of the new columns."""
    return [(f"{column}_count", found["rows"]), (f"{column}_log_odds", found["odds"])]


def log_odds(positive: pl.Expr, rows: pl.Expr, all_positive: pl.Expr, all_rows: pl.Expr, prior: float) -> pl.Expr:
    """The log-odds of the positive class in a category, drawn to those of all rows as if `prior` more rows had their share."""
    share = (all_positive + 0.5) / (all_rows + 1)  # neither 0 nor 1
    return ((positive + prior * share) / (rows - positive + prior * (1 - share))).log()
