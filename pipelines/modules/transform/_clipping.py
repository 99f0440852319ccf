"""Clipping by fitted thresholds; shared by Clip Values and Apply Transformation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.catalogue.transforms import applies, by_column
from pipelines.modelling.fitted import needed
from pipelines.modelling.parallel import parallel_map
from pipelines.modules.transform._placing import placed

MOST_TOLD = 20
EXACT = 2**63  # thresholds up to here are compared with whole numbers as whole numbers


def thresholds(values: pl.Series, by: str, sides: Sequence[tuple[str, str, float, str]]) -> dict[str, Any]:
    """The thresholds of a column and what takes the place of the values beyond them, as JSON.

    Args:
        values: The column.
        by: `constant` or `percentile`.
        sides: The names of threshold and substitute, the constant or percentile, and how to substitute.
    """
    fitted: dict[str, Any] = {"low": None, "high": None, "below": None, "above": None}
    numbers = values.cast(pl.Float64)
    numbers = numbers.filter(numbers.is_finite())
    asked = [side[2] for side in sides]
    given: Sequence[float | None] = asked
    if by == "percentile":  # in one pass; polars sorts once for each
        given = np.percentile(numbers.to_numpy(), asked).tolist() if len(numbers) else [None] * len(sides)
    for (bound, beyond, _, substitute), threshold in zip(sides, given, strict=True):
        fitted[bound], fitted[beyond] = threshold, _substitute(numbers, substitute, threshold)
    if not len(numbers) and len(values):
        log(f"“{values.name}” has no values to compute percentiles, mean or median from.", "warning")
    return fitted


def _substitute(numbers: pl.Series, how: str, threshold: float | None) -> Any:
    if how in ("mean", "median"):
        return numbers.mean() if how == "mean" else numbers.median()
    return threshold if how == "threshold" else None


@applies("clip_values", by_column("columns"))
def clip(table: Table, state: Mapping[str, Any]) -> Table:
    """Apply fitted thresholds."""
    columns = state["columns"]
    needed(table, columns, numbers=True)
    beyond = table.frame.select(
        side(table.frame[column].dtype, column, bound).alias(f"{place} {name}")
        for place, (column, fitted) in enumerate(columns.items())
        for name, side, bound in (("above", _above, fitted["high"]), ("below", _below, fitted["low"]))
    )
    masks = {column: (beyond[f"{place} above"], beyond[f"{place} below"]) for place, column in enumerate(columns)}
    results = parallel_map(
        lambda column: _clipped(table.frame[column], *masks[column], columns[column], state["whole"]), list(columns), table.frame.height
    )
    made = {column: [(f"{column}_clipped", result)] for column, result in zip(columns, results, strict=True)}
    told = [words for column, fitted in columns.items() for words in _counted(column, *masks[column], fitted)]
    frame = table.frame.select(placed(table.frame.columns, made, "in_place" if state["overwrite"] else "append"))
    if state["indicators"]:
        flags = {column: [(f"{column}_IsClipped", above | below)] for column, (above, below) in masks.items()}
        frame = frame.select(placed(frame.columns, flags, "append"))
    if told:
        more = f" and {len(told) - MOST_TOLD} more columns" if len(told) > MOST_TOLD else ""
        log(f"Clipped: {', '.join(told[:MOST_TOLD])}{more}.")
    return table.with_frame(frame)


def _above(dtype: pl.DataType, column: str, bound: float | None) -> pl.Expr:
    if bound is None:
        return pl.repeat(False, pl.len(), dtype=pl.Boolean)
    if dtype.is_integer() and abs(bound) < EXACT:
        return (pl.col(column) > floor(bound)).fill_null(False)
    return (_number(dtype, column) > bound).fill_null(False)


def _below(dtype: pl.DataType, column: str, bound: float | None) -> pl.Expr:
    if bound is None:
        return pl.repeat(False, pl.len(), dtype=pl.Boolean)
    if dtype.is_integer() and abs(bound) < EXACT:
        return (pl.col(column) < ceil(bound)).fill_null(False)
    return (_number(dtype, column) < bound).fill_null(False)


def _number(dtype: pl.DataType, column: str) -> pl.Expr:
    return pl.col(column).fill_nan(None) if dtype.is_float() else pl.col(column).cast(pl.Float64)


def _clipped(values: pl.Series, above: pl.Series, below: pl.Series, fitted: Mapping[str, Any], whole: bool) -> pl.Series:
    dtype = clipped_type(values.dtype, [fitted["above"], fitted["below"]], whole)
    high, low = (None if bound is None else int(bound) if dtype.is_integer() else bound for bound in (fitted["above"], fitted["below"]))
    return values.cast(dtype).set(above, high).set(below, low)


def clipped_type(dtype: pl.DataType, substitutes: list[float | None], whole: bool) -> pl.DataType:
    """The type of a column after clipping: whole numbers stay whole where what is put in is known to be a whole number of that type."""
    if dtype.is_float():
        return dtype
    if not (whole and dtype.is_integer()):
        return pl.Float64()
    least, most = pl.select(low=dtype.min(), high=dtype.max()).row(0)  # type: ignore[attr-defined]
    fit = all(number is None or (float(number).is_integer() and least <= number <= most) for number in substitutes)
    return dtype if fit else pl.Float64()


def _counted(column: str, above: pl.Series, below: pl.Series, fitted: Mapping[str, Any]) -> list[str]:
    counts = [(int(above.sum()), "above", fitted["high"]), (int(below.sum()), "below", fitted["low"])]
    parts = [f"{many:,} {side} {bound:.6g}" for many, side, bound in counts if many]
    return [f"“{column}” ({', '.join(parts)})"] if parts else []
