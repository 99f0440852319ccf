"""Text Operations: clean, search, cut, split and join texts."""

from __future__ import annotations

import polars as pl

from pipelines.catalogue.columns import TEXT, kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns
from pipelines.catalogue.ports import Query
from pipelines.modules.transform._placing import Output, placed
from pipelines.modules.transform._texts import OPERATIONS, How, Operation


@module(
    "Text Operations",
    icon="letter-case",
    aliases=("string operations", "trim", "replace text", "regex", "extract", "split column", "concatenate", "upper", "lower", "substring"),
)
def text_operations(table: Query, *, columns: Columns = TEXT, operation: Operation = "trim", how: How, output: Output = "append") -> Query:
    """Clean, search, cut, split or join the texts of columns.

    New columns are called NAME_OPERATION, those of a split NAME_1, NAME_2 and so on. A missing text stays missing, except that joining skips
    it. Where a regular expression is not found, nothing is extracted: the result is missing. Positions and lengths count characters,
    not bytes. Categories count as texts, and become texts.

    Args:
        table: The table with texts.
        columns: The columns with texts; to join, columns of any type but lists, in the order in which they are named.
        operation: What is done.
        output: Whether the results come after the other columns, or take the place of their columns.

    Returns:
        The table with the results.
    """
    how.check(operation)
    schema = table.head.frame.schema
    if operation == "join":
        return _joined(table, columns.ordered(table.head), how, output)
    made = {}
    for column in columns.pick(table.head):
        if kind_of(schema[column]) != "text":
            raise ModuleError(
                "not_a_text",
                f"'{column}' holds {schema[column]} values, which are no texts.",
                column=column,
                param="columns",
                port="table",
                remedy="Choose text columns, or change the type with Edit Metadata.",
            )
        text = pl.col(column).cast(pl.String)
        if operation == "split":
            fields = text.str.splitn(how.separator, how.parts).struct
            made[column] = [(f"{column}_{part + 1}", fields.field(f"field_{part}")) for part in range(how.parts)]
        else:
            made[column] = [(f"{column}_{operation}", OPERATIONS[operation](text, how))]
    return table.with_frame(table.frame.select(placed(list(schema), made, output)))


def _joined(table: Query, chosen: list[str], how: How, output: str) -> Query:
    schema = table.head.frame.schema
    if not chosen:
        raise ModuleError("no_columns", "No column is chosen.", param="columns", port="table", remedy="Choose the columns to join.")
    if strange := next((column for column in chosen if kind_of(schema[column]) == "other"), None):
        raise ModuleError(
            "wrong_type",
            f"'{strange}' holds lists or objects, which cannot be joined to a text.",
            column=strange,
            param="columns",
            port="table",
            remedy="Choose other columns.",
        )
    texts = [pl.col(column).dt.to_string() if schema[column] == pl.Duration else pl.col(column).cast(pl.String) for column in chosen]
    joined = pl.concat_str(texts, separator=how.separator, ignore_nulls=how.skip_missing)
    if how.skip_missing:
        joined = pl.when(pl.any_horizontal(text.is_not_null() for text in texts)).then(joined)
    first = min(chosen, key=list(schema).index)
    kept = [column for column in schema if output != "in_place" or column == first or column not in chosen]
    return table.with_frame(table.frame.select(placed(kept, {first: [(how.name.strip(), joined)]}, output, new_names=True)))
