"""Finding out how to clean missing values: what to fill in, what to leave out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table
from pipelines.catalogue.telling import note
from pipelines.modules.transform._cleaning import replacement


def fitted(
    table: Table, chosen: list[str], mode: str, value: str, indicators: bool, all_missing: str, share: Mapping[str, float]
) -> dict[str, Any]:
    """How the chosen columns are cleaned, as the JSON state of the transformation."""
    if mode == "drop_rows":
        return {"mode": "drop_rows", "columns": chosen}
    if mode == "drop_columns":
        return {"mode": "drop_columns", "columns": [column for column in chosen if share[column] > 0]}
    empty = [column for column in chosen if table.frame.height and share[column] == 1]
    if empty:
        note(f"Without any value: {', '.join(empty)}; {'kept as it is' if all_missing == 'keep' else 'left out'}.", "warning")
    removed = empty if all_missing == "remove" else []
    fills = {
        column: None if column in empty and mode == "value" else _fill(table.frame[column], mode, value)
        for column in chosen
        if column not in removed
    }
    return {
        "mode": "fill",
        "columns": list(fills),
        "fills": fills,
        "numbers": mode in ("mean", "median"),
        "indicators": indicators,
        "removed": removed,
    }


def _fill(values: pl.Series, mode: str, text: str) -> Any:
    kind = kind_of(values.dtype)
    if mode == "value":
        return replacement(values, text)
    if mode == "mode":
        most = values.drop_nulls().drop_nans().mode() if values.dtype.is_float() else values.drop_nulls().mode()
        return replacement(values, str(most.sort()[0])) if len(most) and kind != "number" else (most.sort()[0] if len(most) else None)
    if kind != "number":
        raise ModuleError(
            "not_a_number",
            f"'{values.name}' does not hold numbers, so it has no {mode}.",
            column=values.name,
            param="columns",
            port="table",
            remedy="Choose numeric columns only, or fill in the most frequent value.",
        )
    numbers = values.cast(pl.Float64).fill_nan(None)
    return numbers.mean() if mode == "mean" else numbers.median()
