"""Convert to Indicator Values: a yes/no column for every value of a column."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from pipelines.catalogue.columns import TEXT, kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Range
from pipelines.catalogue.ports import Table, Transform
from pipelines.modules.transform._indicating import as_texts, indicate
from pipelines.modules.transform._lookalikes import tell_lookalikes


class Indicated(NamedTuple):
    """The wider table and how it was made.

    Args:
        table: The table with the indicator columns.
        transform: The same columns, for another table.
    """

    table: Table
    transform: Transform


@module("Convert to Indicator Values", icon="binary", aliases=("one hot", "dummy variables", "encode"))
def convert_to_indicator(
    table: Table,
    *,
    columns: Columns = TEXT,
    replace: bool = False,
    most_values: Annotated[int, Range(1, 10_000)] = 200,
) -> Indicated:
    """Add a column of 0 and 1 for every value of a column, named COLUMN-VALUE, and COLUMN-Missing where values are missing.

    A value that turns up only later, in another table, or is missing only there, gives 0 everywhere, which the log says.

    Args:
        table: The table with the columns.
        columns: The columns to convert, usually texts or categories.
        replace: Leave out the converted columns.
        most_values: A column with more values than this is refused, since it is hardly a category.
    """
    state = {"columns": [_values(table, column, most_values) for column in columns.pick(table)], "replace": replace}
    return Indicated(indicate(table, state), Transform("convert_to_indicator", state))


def _values(table: Table, column: str, most: int) -> dict[str, Any]:
    if kind_of(table.frame.schema[column]) == "other":
        raise ModuleError(
            "wrong_type",
            f"'{column}' holds lists or objects, which are no categories.",
            column=column,
            param="columns",
            port="table",
            remedy="Choose other columns.",
        )
    tell_lookalikes(table.frame[column])
    texts = as_texts(table.frame[column])
    distinct = texts.drop_nulls().unique().sort().to_list()
    if len(distinct) > most:
        raise ModuleError(
            "too_many_values",
            f"'{column}' has {len(distinct):,} different values; at most {most:,} are converted.",
            column=column,
            param="columns",
            port="table",
            remedy="Leave this column out, or allow more values.",
        )
    return {"name": column, "values": distinct, "missing": bool(texts.null_count())}
