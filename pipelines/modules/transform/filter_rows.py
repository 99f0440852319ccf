"""Filter Rows: keep the rows that meet a condition."""

from __future__ import annotations

from typing import Annotated, Literal

from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Code, Column, Titles, When
from pipelines.catalogue.ports import Query
from pipelines.modules.transform._comparing import compared
from pipelines.modules.transform._formula import read_condition

Condition = Annotated[
    Literal["equal", "unequal", "greater", "at_least", "less", "at_most", "one_of", "contains", "starts_with", "missing", "present", "formula"],
    Titles(
        equal="is", unequal="is not", greater="is greater than", at_least="is at least", less="is less than", at_most="is at most",
        one_of="is one of", contains="contains", starts_with="starts with", missing="is missing", present="is not missing",
        formula="Formula",
    ),
]  # fmt: skip
WITH_VALUE = ("equal", "unequal", "greater", "at_least", "less", "at_most", "one_of", "contains", "starts_with")


@module(
    "Filter Rows",
    icon="filter",
    aliases=("where", "query", "row filter", "Split Data by expression", "condition", "subset"),
    libraries=("duckdb", "pyarrow"),
    lineage=Lineage(rows="some"),
)
def filter_rows(
    table: Query,
    *,
    condition: Condition = "equal",
    column: Annotated[Column | None, When("condition", *WITH_VALUE, "missing", "present")],
    value: Annotated[str, When("condition", *WITH_VALUE)] = "",
    formula: Annotated[str | None, Code("sql"), When("condition", "formula")],
    keep: Annotated[Literal["matching", "others"], Titles(matching="Matching rows", others="Other rows")] = "matching",
) -> Query:
    """Keep the rows of a table that meet a condition.

    A missing value, or one that is not a number, meets only the condition "is missing". Infinity is a value greater than all others.

    When to use:
        To keep the rows that a question is about, or to remove those known to be wrong.

    Args:
        table: The table to filter.
        condition: The comparison that each row must meet.
        column: The column to compare.
        value: The value to compare with, converted to the type of the column; separate several values with commas.
        formula: An SQL expression that is true or false for each row, such as price > 100 and city = 'Bern'.
        keep: Which rows to keep.

    Returns:
        The kept rows, in their original order.

    Example:
        column: "price"
        condition: "greater"
        value: "20000"
    """
    if condition == "formula":
        holds = read_condition(formula or "", table.head, "formula")
    else:
        holds = compared(table.head.frame, column, condition, value)
    holds = holds.fill_null(False)
    return table.with_frame(table.frame.filter(holds if keep == "matching" else ~holds))
