"""Where computed columns go: after the others, in the place of the columns that they come from, or alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Titles

Output = Annotated[
    Literal["append", "in_place", "only"],
    Titles(append="Append new columns", in_place="Replace the columns", only="Keep only the new columns"),
]
Made = Sequence[tuple[str, pl.Expr | pl.Series]]


def placed(columns: Sequence[str], made: Mapping[str, Made], output: str, *, new_names: bool = False) -> list[pl.Expr | pl.Series]:
    """Return what to select: the columns of a table and those that were computed of some of them.

    Args:
        columns: The columns of the table.
        made: By source column the names and values of what was computed.
        output: One of `Output`.
        new_names: Whether what was computed has its own name also where it is alone in the place of its source.

    Raises:
        ModuleError: `duplicate_column`, when two columns would have one name.
    """
    new = [(name, values.alias(name)) for each in made.values() for name, values in each]
    if output == "in_place":
        chosen = [pair for column in columns for pair in _in_place(column, made, new_names)]
    else:
        chosen = [*((column, pl.col(column)) for column in columns if output == "append"), *new]
    unique([name for name, _ in chosen])
    return [values for _, values in chosen]


def unique(names: Sequence[str]) -> None:
    """Make sure that no two columns have one name.

    Raises:
        ModuleError: `duplicate_column`.
    """
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ModuleError(
                "duplicate_column",
                f"Two columns would be named “{name}”.",
                column=name,
                port="table",
                remedy="Rename one with Edit Metadata.",
            )
        seen.add(name)


def _in_place(column: str, made: Mapping[str, Made], new_names: bool) -> list[tuple[str, pl.Expr | pl.Series]]:
    if not made.get(column):
        return [(column, pl.col(column))]
    if len(made[column]) == 1 and not new_names:
        return [(column, made[column][0][1].alias(column))]
    return [(name, values.alias(name)) for name, values in made[column]]
