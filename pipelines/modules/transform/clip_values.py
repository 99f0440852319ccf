"""Clip Values: cap or replace values beyond a threshold."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pipelines.catalogue.columns import NUMERIC
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Columns, Range, Title, Titles, When
from pipelines.catalogue.ports import Table, Transform
from pipelines.modelling.fitted import needed
from pipelines.modelling.parallel import parallel_map
from pipelines.modules.transform._clipping import clip as clip_by
from pipelines.modules.transform._clipping import thresholds

Sides = Annotated[
    Literal["both", "above", "below"],
    Title("Values to clip"),
    Titles(both="Above the upper or below the lower threshold", above="Above the upper threshold", below="Below the lower threshold"),
]
Substitute = Annotated[
    Literal["threshold", "mean", "median", "missing"],
    Titles(threshold="Threshold", mean="Mean", median="Median", missing="Missing"),
]
Percentile = Annotated[float, Range(0, 100), When("by", "percentile")]


class Clipped(NamedTuple):
    """The clipped table and how it was clipped.

    Args:
        table: The table with clipped values.
        transform: The fitted thresholds, for Apply Transformation.
    """

    table: Table
    transform: Transform


@module(
    "Clip Values",
    icon="scissors",
    columns=PROBE,
    aliases=("winsorize", "outliers", "cap", "clip peaks", "threshold", "trim values"),
    libraries=("numpy",),
    lineage=Lineage(rows="same", fits=lambda settings: settings["by"] == "percentile"),
)
def clip_values(
    table: Table,
    *,
    columns: Columns = NUMERIC,
    clip: Sides = "both",
    by: Annotated[Literal["percentile", "constant"], Title("Threshold type")] = "percentile",
    upper_percentile: Percentile = 99.0,
    lower_percentile: Percentile = 1.0,
    upper: Annotated[float, Title("Upper threshold"), When("by", "constant")] = 99.0,
    lower: Annotated[float, Title("Lower threshold"), When("by", "constant")] = 1.0,
    upper_substitute: Annotated[Substitute, When("clip", "both", "above")] = "threshold",
    lower_substitute: Annotated[Substitute, When("clip", "both", "below")] = "threshold",
    overwrite: Annotated[bool, Title("Overwrite columns")] = True,
    indicators: Annotated[bool, Title("Add indicator columns")] = False,
) -> Clipped:
    """Cap or replace the values of numeric columns that are above an upper or below a lower threshold.

    A few extreme values distort means, linear models and scaling. A value equal to a threshold is not clipped. Percentiles interpolate linearly;
    percentiles, mean and median are of the finite values before clipping. Infinite values are beyond any threshold; missing values stay missing.
    Whole numbers become decimals, except with whole constant thresholds and neither mean nor median. The log counts the clipped values.

    When to use:
        When a few extreme values would dominate a mean, a chart or a linear model.

    Args:
        table: The table to clip.
        columns: The columns to clip. Others are not changed.
        clip: Which values to clip.
        by: Use percentiles of each column, or the same constants for all columns.
        upper_percentile: The upper threshold as a percentile, from 0 to 100.
        lower_percentile: The lower threshold as a percentile, from 0 to 100.
        upper: The upper threshold.
        lower: The lower threshold.
        upper_substitute: The replacement for values above the upper threshold.
        lower_substitute: The replacement for values below the lower threshold.
        overwrite: Replace the columns. If off, the clipped values are added as NAME_clipped.
        indicators: Add a column NAME_IsClipped for each column that marks where a value was clipped.

    Example:
        columns: ["price"]
        by: "percentile"
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
    fits = parallel_map(lambda column: thresholds(table.frame[column], by, sides), chosen, table.frame.height)
    state = {"columns": dict(zip(chosen, fits, strict=True)), "whole": whole, "overwrite": overwrite, "indicators": indicators}
    return Clipped(clip_by(table, state), Transform("clip_values", state))
