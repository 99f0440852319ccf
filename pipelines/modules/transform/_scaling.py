"""Scaling by fitted numbers; shared by Normalize Data and Apply Transformation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.catalogue.transforms import applies, by_column
from pipelines.modelling.fitted import needed
from pipelines.modelling.numbers import all_finite, finite_columns, tell_infinities
from pipelines.modules.transform._cleaning import finite


@applies("normalize", by_column("columns"))
def scale(table: Table, state: Mapping[str, Any]) -> Table:
    """Apply a fitted scaling."""
    needed(table, state["columns"], numbers=True)
    method, columns = state["method"], state["columns"]
    at_once = {column: fitted for column, fitted in columns.items() if method == "zscore" and fitted["spread"]}
    frame = table.frame.with_columns(_shifted_in_place(column, fitted) for column, fitted in at_once.items())
    right = finite_columns(frame, at_once)  # elsewhere a value was infinite, or became so
    rest = [column for column in columns if column not in right]
    tell_infinities(table.frame, rest)
    scaled = [_scaled(table.frame[column], method, columns[column], state["zero_for_constant"]) for column in rest]
    return table.with_frame(frame.with_columns(scaled) if scaled else frame)


def _shifted_in_place(column: str, fitted: Mapping[str, Any]) -> pl.Expr:
    """Finite numbers as an expression, which is computed column beside column and keeps gaps as they are."""
    scaled: pl.Expr = (pl.col(column).cast(pl.Float64) - fitted["shift"]) / fitted["spread"]
    return scaled


def _scaled(values: pl.Series, method: str, fitted: Mapping[str, Any], zero_for_constant: bool) -> pl.Series:
    numbers = finite(values.cast(pl.Float64))
    if method == "lognormal" and (low := int((numbers <= 0).sum())):
        told = "1 value is not greater than 0 and becomes 0" if low == 1 else f"{low:,} values are not greater than 0 and become 0"
        log(f"“{values.name}”: {told}.", "warning")
    x = (numbers.fill_null(float("nan")) if numbers.null_count() else numbers).to_numpy()
    if "spread" in fitted and not fitted["spread"]:
        _tell_others(numbers, method, fitted["shift"], "become 0" if zero_for_constant else "are missing")
        y = np.where(np.isnan(x), np.nan, 0.0 if zero_for_constant else np.nan)
    else:
        with np.errstate(over="ignore"):
            y = _METHODS[method](x, fitted)
        if not all_finite(known := pl.Series(y).fill_nan(None)) and (large := int(known.is_infinite().sum())):
            log(
                f"“{values.name}”: {counted(large, 'value')} {'is' if large == 1 else 'are'} too large to be scaled, and missing.",
                "warning",
            )
            y = np.where(np.isinf(y), np.nan, y)
    return pl.Series(values.name, y).fill_nan(None)


def _tell_others(numbers: pl.Series, method: str, only: float | None, become: str) -> None:
    """Note values that a column had not when its scaling was fitted: then there was one value, or none, and nothing tells how far another is away."""
    if method == "lognormal":
        numbers = numbers.filter(numbers > 0).log()
    others = numbers.len() - numbers.null_count() if only is None else int((numbers != only).sum())
    if others:
        had = "no value" if only is None else "a single value"
        told = "1 row has another value here and" if others == 1 else f"{others:,} rows have other values here and"
        become = become.replace("become", "becomes").replace("are", "is") if others == 1 else become
        log(f"“{numbers.name}” had {had} when the scaling was fitted; {told} {become}.", "warning")


def _lognormal(x: np.ndarray, fitted: Mapping[str, Any]) -> np.ndarray:
    from scipy.special import ndtr

    logs = np.log(x, where=x > 0, out=np.where(np.isnan(x), np.nan, -np.inf))
    return np.asarray(ndtr((logs - fitted["shift"]) / fitted["spread"]))


def _logistic(x: np.ndarray, _: Mapping[str, Any]) -> np.ndarray:
    from scipy.special import expit

    return np.asarray(expit(x))


def _shifted(x: np.ndarray, fitted: Mapping[str, Any]) -> np.ndarray:
    y: np.ndarray = np.subtract(x, fitted["shift"])
    y /= fitted["spread"]
    return y


def _tanh(x: np.ndarray, _: Mapping[str, Any]) -> np.ndarray:
    return np.asarray(np.tanh(x))


_METHODS: Mapping[str, Callable[[np.ndarray, Mapping[str, Any]], np.ndarray]] = {
    "zscore": _shifted,
    "minmax": _shifted,
    "lognormal": _lognormal,
    "logistic": _logistic,
    "tanh": _tanh,
}
