"""Rare categories as one, by fitted lists; shared by Group Rare Categories and Apply Transformation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.catalogue.phrases import counted, some_values
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.catalogue.transforms import applies
from pipelines.modelling.fitted import needed
from pipelines.modules.transform._indicating import as_texts
from pipelines.modules.transform._placing import placed

MOST_TOLD = 20


@applies("group_rare_categories")
def lump(table: Table, state: Mapping[str, Any]) -> Table:
    """Put the categories that are not on the fitted lists together; missing values stay missing."""
    needed(table, state["columns"])
    made = {}
    for place, (column, kept) in enumerate(state["columns"].items()):
        texts = as_texts(table.frame[column])
        rare = ~texts.is_in(kept)  # missing where a value is
        if place < MOST_TOLD and (rows := int(rare.sum())):
            lumped = texts.filter(rare).unique(maintain_order=True)
            log(f"“{column}”: {counted(len(lumped), 'category', 'categories')} in {counted(rows, 'row')} grouped: {some_values(lumped)}.")
        made[column] = [(f"{column}_grouped", texts.set(rare, state["rest"]))]
    return table.with_frame(table.frame.select(placed(table.frame.columns, made, state["output"])))
