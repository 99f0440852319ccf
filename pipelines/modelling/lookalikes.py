"""Categories that differ in spaces or capital letters only: two to a learner, one to a person."""

from __future__ import annotations

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.reporting import log

SHOWN = 3


def tell_lookalikes(values: pl.Series) -> None:
    """Note the categories of a column that look the same."""
    if kind_of(values.dtype) != "text":
        return
    texts = values.cast(pl.String).drop_nulls().unique().sort().to_frame("text")
    same = texts.group_by(pl.col("text").str.strip_chars().str.to_lowercase(), maintain_order=True).agg(pl.col("text").alias("all"))
    groups = [" and ".join(f"“{text[:40]}”" for text in group) for group in same["all"].to_list() if len(group) > 1]
    if groups:
        more = f", and {len(groups) - SHOWN} more" if len(groups) > SHOWN else ""
        told = ", ".join(groups[:SHOWN])
        log(
            f"“{values.name}” has values that differ only in spaces or case, and count as different: {told}{more}. "
            "To merge them, use Add Column: lower(trim(column)).",
            "warning",
        )
