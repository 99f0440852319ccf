"""Group Rare Categories: put the rare values of a column together as one category."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import polars as pl

from pipelines.catalogue.columns import TEXT
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Columns, Range, Title, Titles, When
from pipelines.catalogue.ports import Table, Transform
from pipelines.catalogue.reporting import log
from pipelines.modelling.parallel import parallel_map
from pipelines.modules.transform._indicating import categories_of
from pipelines.modules.transform._lumping import lump
from pipelines.modules.transform._placing import Output

By = Annotated[
    Literal["count", "share", "top"],
    Title("Rare by"),
    Titles(count="Row count", share="Fraction of rows", top="Rank: all but the most frequent"),
]


class Grouped(NamedTuple):
    """The table with fewer categories and how they were grouped.

    Args:
        table: The table with grouped categories.
        transform: The fitted grouping, for Apply Transformation.
    """

    table: Table
    transform: Transform


@module(
    "Group Rare Categories",
    icon="stack-2",
    columns=PROBE,
    aliases=("Group Categorical Values", "lump", "other category", "infrequent categories", "high cardinality", "top k"),
    lineage=Lineage(rows="same"),
)
def group_rare_categories(
    table: Table,
    *,
    columns: Columns = TEXT,
    by: By = "count",
    least_rows: Annotated[int, Title("Minimum rows"), Range(1), When("by", "count")] = 10,
    least_share: Annotated[float, Title("Minimum fraction"), Range(0, 1), When("by", "share")] = 0.01,
    most: Annotated[int, Title("Categories to keep"), Range(1, 1_000_000), When("by", "top")] = 10,
    rest: Annotated[str, Title("Name of the group")] = "Other",
    output: Output = "in_place",
) -> Grouped:
    """Group the rare values of each column into one category.

    Categories with few rows add columns to a model, but little information. In another table, every value that was not kept here belongs to the
    group, also a new one. Missing values stay missing, and do not count in fractions. If several categories are equally frequent, the first in
    alphabetical order are kept. Numbers and dates are treated as categories and become text. The log lists what was grouped.

    When to use:
        Before training, when a category has many values with few rows each.

    Args:
        table: The table with categories.
        columns: The columns to group.
        by: How to decide which categories are rare.
        least_rows: The minimum number of rows of a category to keep.
        least_share: The minimum fraction of the rows with a value of a category to keep, from 0 to 1.
        most: The number of categories to keep.
        rest: The name of the category that replaces the rare ones.
        output: Replace the columns, append the grouped values as NAME_grouped, or keep only these.

    Example:
        columns: ["make"]
        least_rows: 10
    """
    least = {"count": least_rows, "share": least_share}.get(by, 0)
    chosen = columns.pick(table)
    found = parallel_map(lambda column: _kept(table, column, by, least, most), chosen, table.frame.height)
    kept = dict(zip(chosen, found, strict=True))
    for column, values in kept.items():
        if rest in values:
            log(f"“{column}” already has a category “{rest}”; the rare ones are added to it.", "warning")
    state = {"columns": kept, "rest": rest, "output": output}
    return Grouped(lump(table, state), Transform("group_rare_categories", state))


def _kept(table: Table, column: str, by: str, least: float, most: int) -> list[str]:
    """The categories that are not rare, in alphabetical order."""
    texts = categories_of(table, column).alias("text")
    counts = texts.value_counts(name="rows").drop_nulls("text").sort(["rows", "text"], descending=[True, False])
    size = pl.col("rows") / texts.count() if by == "share" else pl.col("rows")  # 7 / 100 is 0.07, and 0.07 × 100 is not 7
    counts = counts.head(most) if by == "top" else counts.filter(size >= least)
    return counts["text"].sort().to_list()
