"""Rare categories as one, by fitted lists; shared by Group Rare Categories and Apply Transformation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipelines.catalogue.phrases import counted, some_values
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.catalogue.transforms import applies, by_column
from pipelines.modelling.fitted import needed
from pipelines.modelling.parallel import parallel_map
from pipelines.modules.transform._indicating import as_texts
from pipelines.modules.transform._placing import placed

MOST_TOLD = 20


@applies("group_rare_categories", by_column("columns"))
def lump(table: Table, state: Mapping[str, Any]) -> Table:
    """Put the categories that are not on the fitted lists together; missing values stay missing."""
    needed(table, state["columns"])
    columns = list(state["columns"])

    def lumped(place: int) -> pl.Series:
        texts = as_texts(table.frame[columns[place]])
        return _lumped(texts, state["columns"][columns[place]], state["rest"], told=place < MOST_TOLD)

    results = parallel_map(lumped, range(len(columns)), table.frame.height)
    made = {column: [(f"{column}_grouped", result)] for column, result in zip(columns, results, strict=True)}
    return table.with_frame(table.frame.select(placed(table.frame.columns, made, state["output"])))


def _lumped(texts: pl.Series, kept: list[str], rest: str, *, told: bool) -> pl.Series:
    rare = ~texts.is_in(kept)  # missing where a value is
    if told and (rows := int(rare.sum())):
        group = texts.filter(rare).unique(maintain_order=True)
        log(f"“{texts.name}”: {counted(len(group), 'category', 'categories')} in {counted(rows, 'row')} grouped: {some_values(group)}.")
    return texts.set(rare, rest)
