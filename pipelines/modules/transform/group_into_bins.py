"""Group into Bins: put the numbers of a column into a few intervals."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pipelines.catalogue.columns import NUMERIC
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Column, Columns, Range, Titles, When
from pipelines.catalogue.ports import Table, Transform
from pipelines.modules.transform._binning import put_into_bins
from pipelines.modules.transform._edges import edges_of
from pipelines.modules.transform._fitted import needed
from pipelines.modules.transform._placing import Output

By = Annotated[
    Literal["quantiles", "equal_width", "edges", "entropy"],
    Titles(
        quantiles="As many rows in each (quantiles)",
        equal_width="Equal width",
        edges="Edges of your own",
        entropy="Entropy of a label (MDL)",
    ),
]
Values = Annotated[
    Literal["number", "range", "share", "percent"],
    Titles(
        number="Its number, from 1",
        range="Its range, such as (1, 2.5]",
        share="Its number as a share, up to 1",
        percent="Its number in percent",
    ),
]


class Binned(NamedTuple):
    """The table with bins and how they were made.

    Args:
        table: The table with the bins.
        transform: The same bins, for another table.
    """

    table: Table
    transform: Transform


@module(
    "Group into Bins",
    icon="chart-histogram",
    columns=PROBE,
    aliases=("Group Data into Bins", "binning", "discretize", "quantize", "cut", "quantiles", "entropy MDL", "bucket"),
    libraries=("numpy",),
)
def group_into_bins(
    table: Table,
    *,
    columns: Columns = NUMERIC,
    by: By = "quantiles",
    bins: Annotated[int, Range(1, 10_000), When("by", "quantiles", "equal_width")] = 10,
    edges: Annotated[str, When("by", "edges")] = "",
    label: Annotated[Column | None, When("by", "entropy")] = None,
    values: Values = "number",
    output: Output = "append",
    categorical: bool = True,
) -> Binned:
    """Put the numbers of each column into a few intervals (bins).

    Bins let a linear model follow a bend, make charts of a number by groups, and take the pull from extreme values. A bin holds the values
    above its lower edge and up to its upper edge; the first and the last bin have no end, so every value has a bin, infinite ones and
    those of another table too. A missing value has none. Edges are found among the finite values; the log names them.

    Quantiles interpolate between the two nearest values. Where many values are equal, edges coincide and there are fewer bins than asked.
    Entropy finds the cuts that best tell the classes of a label apart, as many as pay for their description, possibly none; rows without
    label are left out. Source: U. Fayyad, K. Irani, "Multi-interval discretization of continuous-valued attributes for classification
    learning", IJCAI 1993.

    Args:
        table: The table with numeric columns.
        columns: The columns to bin.
        by: How the edges between the bins are found.
        bins: How many bins a column gets at most.
        edges: The edges between bins, ascending and separated by commas; n edges make n + 1 bins.
        label: The column with the classes, at most 100.
        values: How a bin is written.
        output: Whether the bins are columns of their own, named NAME_bin, or take the place of their columns.
        categorical: Mark the bins as categories, so that learners do not take them for amounts.
    """
    chosen = columns.pick(table)
    needed(table, chosen, numbers=True)
    found = edges_of(table, chosen, by, bins, edges, label)
    state = {"columns": found, "values": values, "output": output, "categorical": categorical}
    return Binned(put_into_bins(table, state), Transform("group_into_bins", state))
