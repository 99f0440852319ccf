"""Finding out how to clean missing values: what to fill in, what to leave out."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Any, Literal

import polars as pl

from pipelines.catalogue.columns import Selector, kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Title, Titles
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modules.transform._cleaning import finite, replacement
from pipelines.modules.transform._imputing import MODELS, fit_imputation

AVERAGES = ("mean", "median")
NUMERIC = (*AVERAGES, *MODELS)  # modes that only numbers can be cleaned by

Mode = Annotated[
    Literal["value", "mean", "median", "mode", "mice", "ppca", "drop_rows", "drop_columns"],
    Title("Cleaning mode"),
    Titles(
        value="Replace with a custom value",
        mean="Replace with the mean",
        median="Replace with the median",
        mode="Replace with the most frequent value",
        mice="Replace by the other columns (MICE)",
        ppca="Replace by the other columns (probabilistic PCA)",
        drop_rows="Remove the row",
        drop_columns="Remove the column",
    ),
]
FILLS = ("value", "mean", "median", "mode", "mice", "ppca")


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
    if mode in NUMERIC and kind != "number":
        return f"it has no {mode}" if mode in AVERAGES else "it is not numeric"
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


def tell_numbers_in_texts(table: Table, chosen: list[str], value: str, share: Mapping[str, float]) -> None:
    """Warn of text columns that a number, such as the default 0, was put into: it is one more category there, and of a label one more class."""
    texts = [column for column in chosen if share[column] > 0 and kind_of(table.frame[column].dtype) == "text"]
    if texts and value.strip().lstrip("+-").replace(".", "", 1).isdigit():
        log(f"Missing texts are now “{value}” in {listed(texts)}. Exclude columns where that is wrong, such as a label.", "warning")


def fitted(
    table: Table,
    chosen: list[str],
    mode: str,
    value: str,
    indicators: bool,
    all_missing: str,
    share: Mapping[str, float],
    model: Mapping[str, int],
    means: Mapping[str, Any],
) -> dict[str, Any]:
    """How the chosen columns are cleaned, as the JSON state of the transformation.

    `model` are the settings of a model that fills them, `means` the means that are known already.
    """
    if mode == "drop_rows":
        return {"mode": "drop_rows", "columns": chosen}
    if mode == "drop_columns":
        return {"mode": "drop_columns", "columns": [column for column in chosen if share[column] > 0]}
    empty = [column for column in chosen if table.frame.height and share[column] == 1]
    if empty:
        log(f"Columns without values: {', '.join(empty)}; {'kept' if all_missing == 'keep' else 'removed'}.", "warning")
    removed = empty if all_missing == "remove" else []
    # a column without any value may be read as text, which has no mean: it is kept as it is
    passed = [column for column in empty if mode in NUMERIC and kind_of(table.frame[column].dtype) != "number"]
    fills = {
        column: None if column in empty else _fill(table.frame[column], mode, value, means.get(column))
        for column in chosen
        if column not in removed and column not in passed
    }
    state = {
        "mode": "fill",
        "columns": list(fills),
        "fills": fills,
        "numbers": mode in NUMERIC,
        "indicators": indicators,
        "removed": removed,
    }
    if mode in MODELS:
        state["model"] = fit_imputation(table.frame, [column for column in fills if column not in empty], mode, **model)
    return state


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
            f"“{values.name}” is not numeric, so it has no {mode}." if mode in AVERAGES else f"“{values.name}” is not numeric.",
            column=values.name,
            param="columns",
            port="table",
            remedy="Select numeric columns only, or replace with the most frequent value.",
        )
    if mode in MODELS:
        return None
    if mode == "mean" and mean is not None and isfinite(mean):
        return mean
    numbers = finite(values.cast(pl.Float64))
    return numbers.mean() if mode == "mean" else numbers.median()
