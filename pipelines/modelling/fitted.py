"""What every fitted transformation asks of the table it meets."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table


def needed(table: Table, columns: Iterable[str], *, numbers: bool = False, param: str = "columns") -> None:
    """Make sure that the columns are there, and hold numbers where they must.

    Raises:
        ModuleError: `missing_columns` or `not_a_number`, naming the first such column.
    """
    columns, schema = list(columns), table.frame.schema  # read once: each reading looks at all columns
    if absent := [column for column in columns if column not in schema]:
        some = ", ".join(f"“{column}”" for column in absent[:5])
        raise ModuleError(
            "missing_columns",
            f"The transformation needs columns that are not in this table: {some}.",
            column=absent[0],
            port="table",
            remedy="Connect a table with the same columns as the one it was fitted on.",
        )
    for column in columns if numbers else ():
        if kind_of(schema[column]) != "number":
            raise ModuleError(
                "not_a_number",
                f"“{column}” is not numeric.",
                column=column,
                port="table",
                param=param,
                remedy="Select numeric columns only, or change the type with Edit Metadata.",
            )
