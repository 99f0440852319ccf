"""Principal Component Analysis: a few new columns that hold most of what many columns vary by."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import numpy as np
import polars as pl

from pipelines.catalogue.columns import NUMERIC
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Range, Titles, When
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Report, Table, Transform
from pipelines.catalogue.reporting import log
from pipelines.modelling.numbers import need_numbers
from pipelines.modelling.transformations.projecting import projected, spread_of, standardized, upright
from pipelines.modules.selection._projection_report import variance_report

By = Annotated[Literal["number", "share"], Titles(number="A number of components", share="A share of the variance")]


class Components(NamedTuple):
    """The components and how they are computed.

    Args:
        table: The table with the components PC1, PC2, … in place of the selected columns, or after them.
        transform: The same components, for another table.
        report: How much of the variance each component has, and its weights.
    """

    table: Table
    transform: Transform
    report: Report


def _columns(table: Table, *, columns: Columns, by: str, components: int, keep: bool, **_: object) -> tuple[Table | None, None, None]:
    chosen = columns.pick(table)
    if by == "share":
        return None, None, None
    frame = table.frame if keep else table.frame.drop(chosen)
    names = [f"PC{place + 1}" for place in range(min(components, len(chosen)))]
    return table.with_frame(frame.with_columns(pl.Series(name, [], dtype=pl.Float64) for name in names)), None, None


ROWS = Lineage(rows="same")
ALIASES = ("pca", "dimensionality reduction", "components", "explained variance", "scale and reduce")


@module("Principal Component Analysis", icon="axis-x", columns=_columns, aliases=ALIASES, libraries=("numpy", "scikit-learn"), lineage=ROWS)
def pca(
    table: Table,
    *,
    columns: Columns = NUMERIC,
    by: By = "number",
    components: Annotated[int, Range(1), When("by", "number")] = 2,
    share: Annotated[float, Range(0, 1, exclusive_min=True), When("by", "share")] = 0.95,
    scale: bool = True,
    keep: bool = False,
) -> Components:
    """Replace columns of numbers by their principal components.

    The first component is the weighted sum of the centred columns that varies most, the second the one that varies most among those that have
    no correlation with the first, and so on. A few components often hold most of the variance of many columns that go together. Weights have
    length 1, and the largest is positive. What is missing or not a finite number is treated as the mean of its column, and the log says so. Fit on the
    training rows and apply the transform to the test rows.

    Source: I. T. Jolliffe, "Principal component analysis" (2002).

    When to use:
        To replace many correlated numbers by a few, for a chart, for clustering or against noise.

    Args:
        table: The rows to fit on.
        columns: The columns to combine: numbers, or yes/no.
        by: What decides how many components there are.
        components: How many components to compute.
        share: Compute as many components as hold this share of the variance.
        scale: Divide each column by its standard deviation first; off lets columns with large numbers decide.
        keep: Keep the selected columns beside the components.

    Example:
        columns: ["length", "width", "height", "curb-weight", "city-mpg"]
    """
    from sklearn.decomposition import PCA

    chosen = columns.pick(table)
    wanted = min(components, len(chosen)) if by == "number" else 1
    _check(table, chosen, wanted)
    if by == "number" and wanted < components:
        log(f"{components} components were requested; {len(chosen)} columns have {wanted}.", "warning")
    means, scales = spread_of(table.frame, chosen, scale=scale)
    matrix = standardized(table.frame, chosen, means, scales)
    if not matrix.any():
        words = "None of the selected columns varies, so there is nothing to combine."
        raise ModuleError("does_not_vary", words, param="columns", port="table", remedy="Select columns that vary.")
    fitted = PCA(svd_solver="covariance_eigh" if len(matrix) >= len(chosen) else "full").fit(matrix)
    shares = np.clip(fitted.explained_variance_ratio_, 0, None)
    count = wanted if by == "number" else min(int(np.searchsorted(shares.cumsum(), share - 1e-12)) + 1, len(shares))
    weights = upright(fitted.components_[:count])
    names = [f"PC{place + 1}" for place in range(count)]
    state = {"columns": chosen, "means": means, "scales": scales, "weights": weights.tolist(), "names": names, "keep": keep}
    report = variance_report("Principal component analysis", chosen, names, weights, fitted.explained_variance_, shares)
    return Components(projected(table, state, matrix), Transform("projection", state), report)


def _check(table: Table, chosen: list[str], wanted: int) -> None:
    need_numbers(table.frame, chosen)
    rows = table.frame.height
    if not chosen or rows < max(2, wanted):
        words = f"{counted(rows, 'row')} and {counted(len(chosen), 'column')} are too few for {counted(wanted, 'component')}."
        raise ModuleError("too_few", words, param="columns", port="table", remedy="Select more numeric columns, or use more rows.")
