"""Normalize Data: bring numeric columns to a common scale."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Any, Literal, NamedTuple

import polars as pl

from pipelines.catalogue.columns import NUMERIC
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Columns, Title, Titles
from pipelines.catalogue.ports import Table, Transform
from pipelines.modelling.fitted import needed
from pipelines.modelling.parallel import parallel_map
from pipelines.modules.transform._cleaning import finite
from pipelines.modules.transform._scaling import scale

VARIES = 1e-6  # of its mean: a deviation that is no rounding of equal values

Method = Annotated[
    Literal["zscore", "minmax", "logistic", "lognormal", "tanh"],
    Titles(zscore="Z-score", minmax="Min-max", logistic="Logistic", lognormal="Log-normal", tanh="Hyperbolic tangent"),
]


class Normalized(NamedTuple):
    """The scaled table and how it was scaled.

    Args:
        table: The table with the scaled columns.
        transform: The fitted scaling, for Apply Transformation.
    """

    table: Table
    transform: Transform


@module(
    "Normalize Data",
    icon="ruler-measure",
    columns=PROBE,
    aliases=("scale", "standardize", "zscore", "minmax", "feature scaling"),
    libraries=("scipy",),
    lineage=Lineage(rows="same", fits=lambda settings: settings["method"] in ("zscore", "minmax", "lognormal")),
)
def normalize(
    table: Table,
    *,
    columns: Columns = NUMERIC,
    method: Method = "zscore",
    zero_for_constant: Annotated[bool, Title("Zero for constant columns")] = True,
) -> Normalized:
    """Scale numeric columns to a common range.

    Z-score: (x − mean) / population standard deviation. Min-max: (x − min) / (max − min). Logistic: 1 / (1 + e^−x). Log-normal: the log-normal
    cumulative distribution function, with the mean and standard deviation of ln x over values above 0; other values give 0. Hyperbolic tangent:
    tanh x. Missing values stay missing. Infinite values become missing, as models treat them; the log reports them.

    When to use:
        Before methods that compare columns by size, such as clustering, neighbors or principal components.

    Args:
        table: The table to scale.
        columns: The columns to scale. Others are not changed.
        method: The scaling method.
        zero_for_constant: Set columns with a single value to 0, also in another table with other values; the log reports it. If off, they become
            missing.

    Example:
        columns: ["length", "width", "curb-weight"]
    """
    chosen = columns.pick(table)
    needed(table, chosen, numbers=True)
    fits = parallel_map(lambda column: _fitted(table.frame[column], method), chosen, table.frame.height)
    state = {"method": method, "zero_for_constant": zero_for_constant, "columns": dict(zip(chosen, fits, strict=True))}
    return Normalized(scale(table, state), Transform("normalize", state))


def _fitted(values: pl.Series, method: str) -> Mapping[str, Any]:
    if method in ("logistic", "tanh"):
        return {}
    numbers = values.cast(pl.Float64)
    if method == "zscore":
        mean: Any = numbers.mean()
        deviation: Any = numbers.std(ddof=0)
        # which an infinity, a single value and the rounding of equal ones are not
        if mean is not None and deviation is not None and isfinite(mean) and isfinite(deviation) and deviation > VARIES * abs(mean):
            return {"shift": mean, "spread": deviation}
    numbers = finite(numbers)
    if method == "lognormal":
        numbers = numbers.filter(numbers > 0).log()
    low, high = numbers.min(), numbers.max()
    if low == high:  # also where rounding would give a mean beside the only value
        return {"shift": low, "spread": None if low is None else 0.0}
    shift, spread = (low, high - low) if method == "minmax" else (numbers.mean(), numbers.std(ddof=0))  # type: ignore[operator]
    if not (isfinite(shift) and isfinite(spread)):  # type: ignore[arg-type]
        raise ModuleError(
            "too_large",
            f"“{values.name}” has values too large to compute their standard deviation.",
            column=values.name,
            param="columns",
            port="table",
            remedy="Divide the column by a large number with Add Column, or do not select it.",
        )
    return {"shift": shift, "spread": spread}
