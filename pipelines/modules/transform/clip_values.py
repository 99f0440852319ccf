"""Clip Values: cap or replace values beyond a threshold."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pipelines.catalogue.columns import NUMERIC
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Columns, Range, Titles, When
from pipelines.catalogue.ports import Table, Transform
from pipelines.modules.transform._clipping import clip as clip_by
from pipelines.modules.transform._clipping import thresholds
from pipelines.modules.transform._fitted import needed

Sides = Annotated[
    Literal["both", "above", "below"],
    Titles(both="Values above the upper or below the lower", above="Values above the upper", below="Values below the lower"),
]
Substitute = Annotated[
    Literal["threshold", "mean", "median", "missing"],
    Titles(threshold="The threshold", mean="The mean", median="The median", missing="Nothing: they are missing"),
]
Percentile = Annotated[float, Range(0, 100), When("by", "percentile")]


class Clipped(NamedTuple):
    """The clipped table and how it was clipped.

    Args:
        table: The table without the values beyond the thresholds.
        transform: The same thresholds, for another table.
    """

    table: Table
    transform: Transform


@module(
    "Clip Values",
    icon="scissors",
    columns=PROBE,
    aliases=("winsorize", "outliers", "cap", "clip peaks", "threshold", "trim values"),
    libraries=("numpy",),
)
def clip_values(
    table: Table,
    *,
    columns: Columns = NUMERIC,
    clip: Sides = "both",
    by: Literal["percentile", "constant"] = "percentile",
    upper_percentile: Percentile = 99.0,
    lower_percentile: Percentile = 1.0,
    upper: Annotated[float, When("by", "constant")] = 99.0,
    lower: Annotated[float, When("by", "constant")] = 1.0,
    upper_substitute: Annotated[Substitute, When("clip", "both", "above")] = "threshold",
    lower_substitute: Annotated[Substitute, When("clip", "both", "below")] = "threshold",
    overwrite: bool = True,
    indicators: bool = False,
) -> Clipped:
    """Cap or replace the values of numeric columns that are above an upper or below a lower threshold.

    A few extreme values pull means, linear models and scales towards them. A value that equals a threshold is inside. Percentiles
    interpolate; percentiles, mean and median are of the finite values before clipping. Infinite values are beyond any threshold, and missing ones
    stay missing. Whole numbers become decimal, except with whole constant thresholds and no mean or median. The log says how many were clipped.

    Args:
        table: The table to clip.
        columns: The columns to clip; others pass as they are.
        clip: Which values are clipped.
        by: Whether the thresholds are percentiles of each column or the same numbers for all columns.
        upper_percentile: The upper threshold as a percentile, from 0 to 100.
        lower_percentile: The lower threshold as a percentile, from 0 to 100.
        upper: The upper threshold.
        lower: The lower threshold.
        upper_substitute: What a value above the upper threshold becomes.
        lower_substitute: What a value below the lower threshold becomes.
        overwrite: Put the clipped values in the place of the columns; off adds a column NAME_clipped for each.
        indicators: Add a column NAME_IsClipped for each column, which says where a value was clipped.
    """
    chosen = columns.pick(table)
    needed(table, chosen, numbers=True)
    low, high = (lower_percentile, upper_percentile) if by == "percentile" else (lower, upper)
    if clip == "both" and low > high:
        raise ModuleError(
            "crossed_thresholds",
            f"The lower threshold {low:g} is above the upper threshold {high:g}.",
            param="lower_percentile" if by == "percentile" else "lower",
            remedy="Make the lower threshold the smaller one.",
        )
    sides = [("low", "below", low, lower_substitute)] * (clip != "above") + [("high", "above", high, upper_substitute)] * (clip != "below")
    whole = by == "constant" and not {"mean", "median"} & {side[3] for side in sides}
    state = {"columns": {column: thresholds(table.frame[column], by, sides) for column in chosen}, "whole": whole}
    state |= {"overwrite": overwrite, "indicators": indicators}
    return Clipped(clip_by(table, state), Transform("clip_values", state))
