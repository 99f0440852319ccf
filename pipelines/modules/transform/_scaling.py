"""Scaling by fitted numbers; shared by Normalize Data and Apply Transformation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.ports import Table
from pipelines.catalogue.transforms import applies
from pipelines.modules.transform._fitted import needed


@applies("normalize")
def scale(table: Table, state: Mapping[str, Any]) -> Table:
    """Carry out a fitted scaling."""
    needed(table, state["columns"], numbers=True)
    scaled = [
        _scaled(table.frame[column], state["method"], fitted, state["zero_for_constant"]) for column, fitted in state["columns"].items()
    ]
    return table.with_frame(table.frame.with_columns(scaled))


def _scaled(values: pl.Series, method: str, fitted: Mapping[str, Any], zero_for_constant: bool) -> pl.Series:
    gaps = values.is_null()
    x = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    if "spread" in fitted and not fitted["spread"]:
        y = np.where(np.isnan(x), np.nan, 0.0 if zero_for_constant else np.nan)
    else:
        y = _METHODS[method](x, fitted)
    return pl.Series(values.name, y).fill_nan(None).set(gaps, None)


def _lognormal(x: np.ndarray, fitted: Mapping[str, Any]) -> np.ndarray:
    from scipy.special import ndtr

    logs = np.log(x, where=x > 0, out=np.where(np.isnan(x), np.nan, -np.inf))
    return np.asarray(ndtr((logs - fitted["shift"]) / fitted["spread"]))


def _logistic(x: np.ndarray, _: Mapping[str, Any]) -> np.ndarray:
    from scipy.special import expit

    return np.asarray(expit(x))


def _shifted(x: np.ndarray, fitted: Mapping[str, Any]) -> np.ndarray:
    return np.asarray((x - fitted["shift"]) / fitted["spread"])


def _tanh(x: np.ndarray, _: Mapping[str, Any]) -> np.ndarray:
    return np.asarray(np.tanh(x))


_METHODS: Mapping[str, Callable[[np.ndarray, Mapping[str, Any]], np.ndarray]] = {
    "zscore": _shifted,
    "minmax": _shifted,
    "lognormal": _lognormal,
    "logistic": _logistic,
    "tanh": _tanh,
}
