"""Text Operations: clean, search, cut, split and join texts."""

from __future__ import annotations

import polars as pl

from pipelines.catalogue.columns import TEXT, kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns
from pipelines.catalogue.ports import Query
from pipelines.modules.transform._placing import Output, placed
from pipelines.modules.transform._texts import OPERATIONS, How, Operation


@module(
    "Text Operations",
    icon="letter-case",
    aliases=("string operations", "trim", "replace text", "regex", "extract", "split column", "concatenate", "upper", "lower", "substring"),
    lineage=Lineage(rows="same"),
)
def text_operations(table: Query, *, columns: Columns = TEXT, operation: Operation = "trim", how: How, output: Output = "append") -> Query:
    """Clean, search, split or concatenate text.

    New columns are named NAME_OPERATION, those of a split NAME_1, NAME_2 and so on. Missing text stays missing; concatenation can skip it. If a
    regular expression does not match, the extracted value is missing. Positions and lengths count characters, not bytes. Categorical columns
    become text.

    When to use:
        To clean texts or to take a part out of them, such as a number or a domain.

    Args:
        table: The table with text columns.
        columns: The text columns. To concatenate, columns of any type except lists, in the order in which they are named.
        operation: The operation.
        output: Append the results, replace the columns, or keep only the results.

    Returns:
        The table with the results.

    Example:
        data.dataset: {"dataset": "artworks"}
        columns: ["title"]
        operation: "lower"
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
                f"“{column}” holds {schema[column]} values, not text.",
                column=column,
                param="columns",
                port="table",
                remedy="Select text columns, or change the type with Edit Metadata.",
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
        raise ModuleError(
            "no_columns", "No column is selected.", param="columns", port="table", remedy="Select the columns to concatenate."
        )
    if strange := next((column for column in chosen if kind_of(schema[column]) == "other"), None):
        raise ModuleError(
            "wrong_type",
            f"“{strange}” contains lists or objects, which cannot be concatenated.",
            column=strange,
            param="columns",
            port="table",
            remedy="Select other columns.",
        )
    texts = [pl.col(column).dt.to_string() if schema[column] == pl.Duration else pl.col(column).cast(pl.String) for column in chosen]
    joined = pl.concat_str(texts, separator=how.separator, ignore_nulls=how.skip_missing)
    if how.skip_missing:
        joined = pl.when(pl.any_horizontal(text.is_not_null() for text in texts)).then(joined)
    first = min(chosen, key=list(schema).index)
    kept = [column for column in schema if output != "in_place" or column == first or column not in chosen]
    return table.with_frame(table.frame.select(placed(kept, {first: [(how.name.strip(), joined)]}, output, new_names=True)))
