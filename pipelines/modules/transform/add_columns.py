"""Add Columns: combine the columns of tables side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Title, Titles
from pipelines.catalogue.phrases import counted, listed
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.catalogue.reporting import log
from pipelines.modules.transform._naming import titles

Shorter = Annotated[Literal["fill", "refuse"], Title("If a table is shorter"), Titles(fill="Missing values at its end", refuse="Error")]


def _own_names(settings: Mapping[str, Any], *tables: Table) -> Mapping[str, list[tuple[int, str]]]:
    given = [(place, column) for place, table in enumerate(tables) for column in table.frame.columns]
    return {name: [end] for name, end in zip(titles([column for _, column in given]), given, strict=True)}


@module(
    "Add Columns",
    icon="columns-2",
    columns=PROBE,
    aliases=("side by side", "concat", "bind columns", "horizontal", "zip", "paste"),
    lineage=Lineage(rows="same", derives=_own_names),
)
def add_columns(*tables: Table, shorter: Shorter = "fill") -> Table:
    """Combine the columns of several tables side by side, in the order in which the tables are connected.

    Rows are combined by position: first with first, second with second. To combine rows by a value, such as a customer number, use Join Data. Of
    columns with the same name, the first keeps it; the others become NAME_2, NAME_3.

    When to use:
        For tables whose rows correspond by position. Join Data combines tables by a key.

    Args:
        tables: The tables, the first one on the left.
        shorter: What to do with a table that has fewer rows than another.

    Returns:
        The columns of all tables.

    Example:
        tables: {"transform.select_columns": {"columns": ["make", "price"]}, "transform.apply_math": {"columns": ["horsepower"], "function": "ln", "output": "only"}}
    """
    if not tables:
        raise ModuleError("no_table", "No table is connected.", port="tables", remedy="Connect at least one table.")
    _check_lengths([table.frame.height for table in tables], shorter)
    given = [column for table in tables for column in table.frame.columns]
    names = titles(given)
    rest, frames = iter(names), []
    roles: dict[str, ColumnRole] = {}
    for table in tables:
        new = {column: next(rest) for column in table.frame.columns}
        frames.append(table.frame.rename(new))
        roles |= {new[column]: role for column, role in table.roles.items()}
    if renamed := [name for name, old in zip(names, given, strict=True) if name != old]:
        log(f"Renamed, as the name occurs more than once: {listed(renamed)}.")
    return Table(pl.concat(frames, how="horizontal_extend"), roles)


def _check_lengths(heights: list[int], shorter: str) -> None:
    most = max(heights)
    for number, height in enumerate(heights, 1):
        if height == most:
            continue
        if shorter == "refuse":
            raise ModuleError(
                "lengths_differ",
                f"Table {number} has {counted(height, 'row')}, and the longest {most:,}.",
                port="tables",
                param="shorter",
                remedy="Join the tables on a key with Join Data, or allow missing values at the end.",
            )
        told = f"Table {number} has {counted(height, 'row')}, and the longest {most:,}"
        log(f"{told}; its values are missing in the last {most - height:,}.", "warning")
