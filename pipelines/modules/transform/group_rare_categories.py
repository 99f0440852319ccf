"""Group Rare Categories: put the rare values of a column together as one category."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import polars as pl

from pipelines.catalogue.columns import TEXT, kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Columns, Range, Titles, When
from pipelines.catalogue.ports import Table, Transform
from pipelines.catalogue.reporting import log
from pipelines.modules.transform._indicating import as_texts
from pipelines.modules.transform._lumping import lump
from pipelines.modules.transform._placing import Output

By = Annotated[
    Literal["count", "share", "top"],
    Titles(count="With fewer rows than a number", share="With a smaller share of the rows", top="All but the most frequent"),
]


class Grouped(NamedTuple):
    """The table with fewer categories and how they were grouped.

    Args:
        table: The table with the rare categories put together.
        transform: The same grouping, for another table.
    """

    table: Table
    transform: Transform


@module(
    "Group Rare Categories",
    icon="stack-2",
    columns=PROBE,
    aliases=("Group Categorical Values", "lump", "other category", "infrequent categories", "high cardinality", "top k"),
)
def group_rare_categories(
    table: Table,
    *,
    columns: Columns = TEXT,
    by: By = "count",
    least_rows: Annotated[int, Range(1), When("by", "count")] = 10,
    least_share: Annotated[float, Range(0, 1), When("by", "share")] = 0.01,
    most: Annotated[int, Range(1, 1_000_000), When("by", "top")] = 10,
    rest: str = "Other",
    output: Output = "in_place",
) -> Grouped:
    """Put the rare values of each column together as one category.

    A category of few rows teaches a model little, and makes it wide. In another table every value that was not kept here, also one that was
    never seen, belongs to the rest. Missing values stay missing, and do not count in shares. Of categories with equally many rows
    the first in alphabetical order are kept. Numbers and dates count as categories too, and become texts. The log names what was grouped.

    Args:
        table: The table with categories.
        columns: The columns whose values are grouped.
        by: Which categories are rare.
        least_rows: How many rows a category has at least to be kept.
        least_share: Which share of the rows with a value a category has at least to be kept, from 0 to 1.
        most: How many categories are kept.
        rest: What the rare ones are called.
        output: Whether the grouped values take the place of their columns, or are columns of their own, named NAME_grouped.
    """
    least = {"count": least_rows, "share": least_share}.get(by, 0)
    kept = {column: _kept(table, column, by, least, most) for column in columns.pick(table)}
    for column, values in kept.items():
        if rest in values:
            log(f"'{column}' has a category {rest!r} of its own; the rare ones join it.", "warning")
    state = {"columns": kept, "rest": rest, "output": output}
    return Grouped(lump(table, state), Transform("group_rare_categories", state))


def _kept(table: Table, column: str, by: str, least: float, most: int) -> list[str]:
    """The categories that are not rare, in alphabetical order."""
    if kind_of(table.frame[column].dtype) == "other":
        raise ModuleError(
            "wrong_type",
            f"'{column}' holds lists or objects, which are no categories.",
            column=column,
            param="columns",
            port="table",
            remedy="Choose other columns.",
        )
    texts = as_texts(table.frame[column]).drop_nulls().alias("text")
    counts = texts.value_counts(name="rows").sort(["rows", "text"], descending=[True, False])
    size = pl.col("rows") / len(texts) if by == "share" else pl.col("rows")  # 7 / 100 is 0.07, and 0.07 × 100 is not 7
    counts = counts.head(most) if by == "top" else counts.filter(size >= least)
    return counts["text"].sort().to_list()
