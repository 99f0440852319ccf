"""Encoders as parts: what a fitted ColumnTransformer computes for the columns of its matrix, in their order.

They warn of the same texts and gaps that Score Model tells of a table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isnan
from typing import Any, NamedTuple

import polars as pl

from pipelines.catalogue.phrases import some_values
from pipelines.catalogue.row_functions import Warn
from pipelines.modelling.encoders import MEANS

NAN = float("nan")


class Number(NamedTuple):
    """A column of the matrix that is a number of the row: (value - shift) / scale; `fill` stands for a missing one."""

    column: str
    fill: float
    shift: float | None
    scale: float | None
    gap: str  # what is warned of where it is missing; empty where training had gaps too


class Gap(NamedTuple):
    """A column of the matrix that marks whether a number is missing; the two numbers that it has then, and else."""

    column: str
    missing: float
    present: float


class Codes(NamedTuple):
    """A column of the matrix that holds the number of a text; NaN for a missing or new one."""

    column: str
    codes: Mapping[str, float]
    warn: Callable[[str, Warn], None]


class OneHot(NamedTuple):
    """As many columns of the matrix as a text has categories: 1 in one of them, or in none. `fill` stands for a missing text."""

    column: str
    places: Mapping[str, int]
    fill: str | None
    warn: Callable[[str | None, Warn], None]


Part = Number | Gap | Codes | OneHot


def row_encoder(columns: Any) -> list[Part] | None:
    """Return the parts of the matrix of a fitted encoder, in order; None for one that is built otherwise."""
    if not hasattr(columns, "transformers_"):
        return None
    found: list[Part] = []
    for name, step, names in columns.transformers_:
        if name == "remainder" or not len(names):
            continue
        parts = _parts(name, step, list(names))
        if parts is None:
            return None
        found += parts
    return found


def _parts(name: str, step: Any, names: Sequence[str]) -> list[Part] | None:
    from sklearn.impute import SimpleImputer
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder

    steps = [each for _, each in step.steps] if hasattr(step, "steps") else [step]
    last = steps[-1]
    if isinstance(last, OneHotEncoder):
        return _one_hots(steps, last, names)
    if isinstance(last, OrdinalEncoder) and len(steps) == 1:
        return _codes(last, names)
    if (step == "passthrough" or isinstance(step, FunctionTransformer)) and len(steps) == 1:
        return [Number(column, NAN, None, None, "") for column in names]
    if isinstance(steps[0], SimpleImputer) and len(steps) <= 2:
        return _numbers(name, steps, names)
    return None


def _numbers(name: str, steps: Sequence[Any], names: Sequence[str]) -> list[Part] | None:
    from sklearn.preprocessing import MinMaxScaler, StandardScaler

    imputer, scaler = steps[0], steps[1] if len(steps) > 1 else None
    fills = imputer.statistics_.tolist()
    if name == MEANS or any(isnan(fill) for fill in fills) or imputer.strategy != "mean" or isinstance(scaler, MinMaxScaler):
        return None
    if scaler is not None and (not isinstance(scaler, StandardScaler) or scaler.mean_ is None or scaler.scale_ is None):
        return None
    shifts, scales = (scaler.mean_.tolist(), scaler.scale_.tolist()) if scaler is not None else ([None], [None])
    marked: list[int] = imputer.indicator_.features_.tolist() if imputer.indicator_ else []
    if scaler is None:
        shifts, scales = [None] * (len(names) + len(marked)), [None] * (len(names) + len(marked))

    def told(place: int) -> str:
        if place in marked:
            return ""
        mean = f"{fills[place]:.4g}"
        return f"“{names[place]}”: 1 row has a missing value, although none was missing in training; replaced with the mean, {mean}."

    found: list[Part] = [Number(column, fills[at], shifts[at], scales[at], told(at)) for at, column in enumerate(names)]
    for at, place in enumerate(marked, len(names)):
        found.append(Gap(names[place], _scaled(1.0, shifts[at], scales[at]), _scaled(0.0, shifts[at], scales[at])))
    return found


def _scaled(value: float, shift: float | None, scale: float | None) -> float:
    return value if shift is None or scale is None else (value - shift) / scale


def _codes(encoder: Any, names: Sequence[str]) -> list[Part] | None:
    if any(rare is not None for rare in _rare(encoder, names)) or not (
        isinstance(encoder.unknown_value, float) and isnan(encoder.unknown_value)
    ):
        return None
    return [
        Codes(column, {text: float(at) for at, text in enumerate(known.tolist())}, _tells(column, "missing"))
        for column, known in zip(names, encoder.categories_, strict=True)
    ]


def _one_hots(steps: Sequence[Any], encoder: Any, names: Sequence[str]) -> list[Part] | None:
    from sklearn.impute import SimpleImputer

    fill = None
    if len(steps) > 1:
        if not all(isinstance(step, SimpleImputer) and step.strategy == "constant" for step in steps[:-1]):
            return None
        fill = steps[0].fill_value
    if any(rare is not None for rare in _rare(encoder, names)) or encoder.drop_idx_ is not None:
        return None
    found: list[Part] = []
    for column, known in zip(names, encoder.categories_, strict=True):
        places = {text: at for at, text in enumerate(known.tolist())}
        found.append(OneHot(column, places, fill, _tells(column, "none of its categories", alone=fill is None and None not in places)))
    return found


def _rare(encoder: Any, names: Sequence[str]) -> Sequence[Any]:
    return getattr(encoder, "infrequent_categories_", None) or [None] * len(names)


def _tells(column: str, taken: str, *, alone: bool = False) -> Callable[[str | None, Warn], None]:
    """Return what warns of a new text; `alone` warns of a missing one too."""

    def tell(value: str | None, warn: Warn) -> None:
        if value is not None:
            some = some_values(pl.Series([value]))
            warn(f"“{column}”: 1 row has a value that was not in the training rows, treated as {taken}: {some}.")
        elif alone:
            warn(f"“{column}”: 1 row has a missing value, although none was missing in training; treated as none of its categories.")

    return tell
