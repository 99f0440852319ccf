"""Group into Bins: put the numbers of a column into a few intervals."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pipelines.catalogue.columns import NUMERIC
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Column, Columns, Range, Title, Titles, When
from pipelines.catalogue.ports import Table, Transform
from pipelines.modelling.fitted import needed
from pipelines.modules.transform._binning import put_into_bins
from pipelines.modules.transform._edges import edges_of
from pipelines.modules.transform._placing import Output

By = Annotated[
    Literal["quantiles", "equal_width", "edges", "entropy"],
    Title("Binning mode"),
    Titles(
        quantiles="Quantiles",
        equal_width="Equal width",
        edges="Custom edges",
        entropy="Entropy (MDL)",
    ),
]
Values = Annotated[
    Literal["number", "range", "share", "percent"],
    Title("Bin values"),
    Titles(
        number="Bin number, from 1",
        range="Range, such as (1, 2.5]",
        share="Fraction, up to 1",
        percent="Percent, up to 100",
    ),
]


class Binned(NamedTuple):
    """The table with bins and how they were made.

    Args:
        table: The table with bins.
        transform: The fitted bins, for Apply Transformation.
    """

    table: Table
    transform: Transform


@module(
    "Group into Bins",
    icon="chart-bar",
    columns=PROBE,
    aliases=("Group Data into Bins", "binning", "discretize", "quantize", "cut", "quantiles", "entropy MDL", "bucket"),
    libraries=("numpy",),
    lineage=Lineage(rows="same", label="label", fits=lambda settings: settings["by"] != "edges"),
)
def group_into_bins(
    table: Table,
    *,
    columns: Columns = NUMERIC,
    by: By = "quantiles",
    bins: Annotated[int, Title("Number of bins"), Range(1, 10_000), When("by", "quantiles", "equal_width")] = 10,
    edges: Annotated[str, When("by", "edges")] = "",
    label: Annotated[Column | None, When("by", "entropy")] = None,
    values: Values = "number",
    output: Output = "append",
    categorical: Annotated[bool, Title("Tag as categorical")] = True,
) -> Binned:
    """Group the numbers of each column into a few intervals (bins).

    Bins let a linear model fit a nonlinear effect, and limit the influence of extreme values. A bin contains the values above its lower edge and up
    to its upper edge. The first and the last bin are open, so infinite values and values beyond those of this table have a bin too. A missing
    value stays missing. Edges are computed from the finite values; the log lists them.

    Quantiles interpolate linearly. If many values are equal, edges coincide and there are fewer bins. Entropy finds the cut points that best
    separate the classes of a label, as many as the minimum description length justifies, possibly none; rows without a label are skipped.
    Source: U. Fayyad, K. Irani, "Multi-interval discretization of continuous-valued attributes for classification learning", IJCAI 1993.

    When to use:
        To make ranges of a number for a table, a chart or a model that should not see its exact value.

    Args:
        table: The table with numeric columns.
        columns: The columns to bin.
        by: How to find the edges between bins.
        bins: The maximum number of bins of a column.
        edges: The edges between bins, in ascending order, separated by commas. n edges make n + 1 bins.
        label: The label column, with at most 100 classes.
        values: How to represent a bin. Fraction and percent are the bin number divided by the number of bins.
        output: Append the bins as NAME_bin, replace the columns, or keep only the bins.
        categorical: Tag the bins as categorical, so that learners do not treat them as quantities.

    Example:
        columns: ["price"]
        bins: 4
    """
    chosen = columns.pick(table)
    needed(table, chosen, numbers=True)
    found = edges_of(table, chosen, by, bins, edges, label)
    state = {"columns": found, "values": values, "output": output, "categorical": categorical}
    return Binned(put_into_bins(table, state), Transform("group_into_bins", state))
