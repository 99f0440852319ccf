"""Finding out how to clean missing values: what to fill in, what to leave out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipelines.catalogue.columns import Selector, kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modules.transform._cleaning import finite, replacement

AVERAGES = ("mean", "median")


def choose(table: Table, columns: Selector, mode: str, value: str) -> tuple[list[str], dict[str, str]]:
    """The columns that are cleaned, and those that a rule such as "all" means too but which cannot or should not be, each with the reason.

    A column that is named is always cleaned, or refused.
    """
    chosen, left = [], {}
    for column in columns.pick(table):
        why = None if mode == "drop_rows" or column in columns.named() else _unfit(table, column, mode, value)
        if why:
            left[column] = why
        else:
            chosen.append(column)
    return chosen, left


def _unfit(table: Table, column: str, mode: str, value: str) -> str | None:
    kind, role = kind_of(table.frame[column].dtype), table.role(column).role
    if role in ("label", "score", "weight"):
        return f"it is the {role}"
    if mode in AVERAGES and kind != "number":
        return f"it has no {mode}"
    if mode == "value":
        try:
            replacement(table.frame[column].clear(), value)
        except ModuleError:
            return f"“{value}” does not fit its type"
    return None


def tell_left(left: Mapping[str, str], share: Mapping[str, float]) -> None:
    """Note which columns keep their gaps."""
    if gaps := [f"“{column}” ({why})" for column, why in left.items() if share[column] > 0]:
        log(f"Missing values remain in {', '.join(gaps)}. Select a column by name to clean it.", "warning")


def fitted(
    table: Table,
    chosen: list[str],
    mode: str,
    value: str,
    indicators: bool,
    all_missing: str,
    share: Mapping[str, float],
    means: Mapping[str, Any],
) -> dict[str, Any]:
    """How the chosen columns are cleaned, as the JSON state of the transformation; `means` are those that are known already."""
    if mode == "drop_rows":
        return {"mode": "drop_rows", "columns": chosen}
    if mode == "drop_columns":
        return {"mode": "drop_columns", "columns": [column for column in chosen if share[column] > 0]}
    empty = [column for column in chosen if table.frame.height and share[column] == 1]
    if empty:
        log(f"Columns without values: {', '.join(empty)}; {'kept' if all_missing == 'keep' else 'removed'}.", "warning")
    removed = empty if all_missing == "remove" else []
    # a column without any value may be read as text, which has no mean: it is kept as it is
    passed = [column for column in empty if mode in AVERAGES and kind_of(table.frame[column].dtype) != "number"]
    fills = {
        column: None if column in empty else _fill(table.frame[column], mode, value, means.get(column))
        for column in chosen
        if column not in removed and column not in passed
    }
    return {
        "mode": "fill",
        "columns": list(fills),
        "fills": fills,
        "numbers": mode in AVERAGES,
        "indicators": indicators,
        "removed": removed,
    }


def _fill(values: pl.Series, mode: str, text: str, mean: float | None) -> Any:
    kind = kind_of(values.dtype)
    if mode == "value":
        return replacement(values, text)
    if mode == "mode":
        most = finite(values).drop_nulls().mode()
        as_text = kind != "number" or values.dtype.is_decimal()  # which JSON keeps
        return replacement(values, str(most.sort()[0])) if len(most) and as_text else (most.sort()[0] if len(most) else None)
    if kind != "number":
        raise ModuleError(
            "not_a_number",
            f"“{values.name}” is not numeric, so it has no {mode}.",
            column=values.name,
            param="columns",
            port="table",
            remedy="Select numeric columns only, or replace with the most frequent value.",
        )
    if mode == "mean" and mean is not None:
        return mean
    numbers = finite(values.cast(pl.Float64))
    return numbers.mean() if mode == "mean" else numbers.median()
