"""Compute Linear Correlation: how strongly columns of numbers go together, two by two."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import polars as pl

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Titles
from pipelines.catalogue.ports import Report, Table
from pipelines.modelling.numbers import MEASURED, chosen_numbers, numbers_of
from pipelines.modelling.parallel import parallel_map
from pipelines.modules.statistics._correlating import PAIRS, Pairs, correlate
from pipelines.modules.statistics._correlation_report import correlation_report

Method = Annotated[
    Literal["pearson", "spearman", "kendall"], Titles(pearson="Pearson's r", spearman="Spearman's rho", kendall="Kendall's tau-b")
]


class Correlations(NamedTuple):
    """The coefficients as a matrix, as a list, and drawn.

    Args:
        matrix: A row and a column for each selected column.
        pairs: A row for each pair of columns, the strongest first, with how many rows have both values and the p-value.
        report: A heat map and the strongest pairs.
    """

    matrix: Table
    pairs: Table
    report: Report


def _columns(table: Table, *, columns: Columns, method: str) -> tuple[Table, Table, None]:
    chosen = columns.pick(table)
    schema = {_head(chosen): pl.String(), **dict.fromkeys(chosen, pl.Float64())}
    return Table(pl.DataFrame(schema=schema)), Table(pl.DataFrame(schema=PAIRS)), None


@module(
    "Compute Linear Correlation",
    icon="grid-dots",
    columns=_columns,
    aliases=("correlation matrix", "pearson", "spearman", "kendall", "collinearity", "heat map", "corr"),
    libraries=("numpy", "scipy"),
)
def linear_correlation(table: Table, *, columns: Columns = MEASURED, method: Method = "pearson") -> Correlations:
    """Compute the correlation of every two of the selected columns.

    Pearson's r measures how close two columns are to a straight line. Spearman's rho is Pearson's r of their ranks: how close they are to any
    rising or falling curve. Kendall's tau-b compares the order of every two rows; it suits short columns and many ties. All run from −1 to 1.
    Equal values share their mean rank.

    Each pair uses the rows that have both values (pairwise complete), so pairs may rest on different rows. What is missing or not a finite
    number is ignored; yes/no counts as 1 and 0. The coefficient of a column that does not vary on those rows is missing. P-values test that
    there is no correlation, two-sided: by the t distribution for Pearson and Spearman, which for Spearman is an approximation that suits
    10 or more rows, and by SciPy's exact or asymptotic method for Kendall. They are not corrected for the number of pairs.
    Kendall, and Spearman where columns have gaps in different rows, take each pair on its own, which is slow for hundreds of columns.

    When to use:
        To see which numbers move together, before features are chosen.

    Args:
        table: The table with the columns.
        columns: The columns to compare: numbers, or yes/no.
        method: What the coefficient measures.

    Example:
        columns: ["price", "horsepower", "curb-weight", "city-mpg"]
    """
    chosen = chosen_numbers(table, columns)
    given = [table.frame[column] for column in chosen]
    found = correlate(list(parallel_map(_whole_or_finite if method == "spearman" else numbers_of, given, table.frame.height)), method)
    matrix = {_head(chosen): chosen, **{column: found.matrix[:, place] for place, column in enumerate(chosen)}}
    frame = pl.DataFrame(matrix, schema_overrides=dict.fromkeys(chosen, pl.Float64())).with_columns(pl.col(chosen).fill_nan(None))
    return Correlations(Table(frame), Table(_listed(chosen, found)), correlation_report(chosen, found, method))


def _whole_or_finite(values: pl.Series) -> pl.Series:
    """The numbers of a column to rank; whole numbers are ranked sooner than the same as decimal numbers."""
    return values if values.dtype.is_integer() else numbers_of(values)


def _listed(chosen: list[str], found: Pairs) -> pl.DataFrame:
    names = pl.Series(chosen, dtype=pl.String)
    first, second = (names.gather(places) for places in found.places)
    pairs = pl.DataFrame([first, second, *map(pl.Series, (found.coefficients, found.p_values, found.rows))], schema=PAIRS)
    pairs = pairs.with_columns(pl.col("Correlation", "P Value").fill_nan(None))
    return pairs.sort(pl.col("Correlation").abs(), descending=True, nulls_last=True, maintain_order=True)


def _head(chosen: list[str]) -> str:
    """The name of the column of names: Column, or a longer one where that is taken."""
    name = "Column"
    while name in chosen:
        name += "_"
    return name
