"""Convert to Indicator Values: a yes/no column for every value of a column."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from pipelines.catalogue.columns import TEXT, kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Range, Title
from pipelines.catalogue.ports import Table, Transform
from pipelines.modelling.lookalikes import tell_lookalikes
from pipelines.modelling.parallel import parallel_map
from pipelines.modules.transform._indicating import categories_of, indicate


class Indicated(NamedTuple):
    """The wider table and how it was made.

    Args:
        table: The table with the indicator columns.
        transform: The fitted conversion, for Apply Transformation.
    """

    table: Table
    transform: Transform


@module(
    "Convert to Indicator Values", icon="binary", aliases=("one hot", "dummy variables", "encode"), lineage=Lineage(rows="same", fits=False)
)
def convert_to_indicator(
    table: Table,
    *,
    columns: Columns = TEXT,
    replace: Annotated[bool, Title("Remove converted columns")] = False,
    most_values: Annotated[int, Title("Maximum distinct values"), Range(1, 10_000)] = 200,
) -> Indicated:
    """Add a 0/1 column for each value of a column, named COLUMN-VALUE, and COLUMN-Missing if values are missing.

    A value that occurs only in another table, or is missing only there, gives 0 in all indicator columns; the log reports it.

    When to use:
        For learners and statistics outside Easel that need numbers. Train Model encodes categories by itself.

    Args:
        table: The table with the columns.
        columns: The columns to convert, usually text or categorical.
        replace: Remove the converted columns.
        most_values: The maximum number of distinct values. A column with more stops the step, because it is unlikely to be categorical.

    Example:
        columns: ["fuel-type", "body-style"]
    """
    fitted = parallel_map(lambda column: _values(table, column, most_values), columns.pick(table), table.frame.height)
    state = {"columns": list(fitted), "replace": replace}
    return Indicated(indicate(table, state), Transform("convert_to_indicator", state))


def _values(table: Table, column: str, most: int) -> dict[str, Any]:
    texts = categories_of(table, column)
    different = texts.unique().drop_nulls().sort()
    if kind_of(table.frame[column].dtype) == "text":
        tell_lookalikes(different)
    distinct = different.to_list()
    if len(distinct) > most:
        raise ModuleError(
            "too_many_values",
            f"“{column}” has {len(distinct):,} distinct values; the maximum is {most:,}.",
            column=column,
            param="columns",
            port="table",
            remedy="Do not select this column, or raise “Maximum distinct values”.",
        )
    return {"name": column, "values": distinct, "missing": bool(texts.null_count())}
