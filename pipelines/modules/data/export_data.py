"""Export Data: write a table to a database, a bucket or a folder."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.connection import Connection, ConnectionKind
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Connects, Title, Titles, When
from pipelines.catalogue.ports import Frame
from pipelines.modules.data import _exporting

Storage = Annotated[Connection | None, Connects(ConnectionKind.S3, ConnectionKind.FOLDER), Title("Bucket or folder"), When("to", "files")]


def _columns(_: Frame, **settings: object) -> Frame:
    return pl.DataFrame(schema=_exporting.RECEIPT)


@module(
    "Export Data",
    columns=_columns,
    icon="cloud-upload",
    aliases=(
        "write",
        "save",
        "SQL database",
        "PostgreSQL",
        "S3",
        "folder",
        "csv",
        "parquet",
        "excel",
        "sink",
        "download",
        "Convert to CSV",
    ),
    freshness=_exporting.freshness,
)
def export_data(
    table: Frame,
    *,
    to: Annotated[Literal["database", "files"], Titles(database="Database", files="Bucket or folder")] = "database",
    database: Annotated[Connection | None, Connects(ConnectionKind.DATABASE), When("to", "database")],
    name: Annotated[str | None, Title("Table"), When("to", "database")],
    storage: Storage,
    path: Annotated[str | None, When("to", "files")],
    format: Annotated[
        Literal["csv", "parquet", "xlsx"], Titles(csv="CSV", parquet="Parquet", xlsx="Excel (.xlsx)"), When("to", "files")
    ] = "csv",
    if_exists: Annotated[
        _exporting.IfExists, Title("If it exists"), Titles(create="Stop", append="Append the rows", replace="Replace it")
    ] = "create",
    again: Annotated[
        _exporting.Again, Title("Write again"), Titles(always="In every run", changed="When the data or the settings changed")
    ] = "changed",
) -> Frame:
    """Write a table to a database, a bucket or a folder.

    To download a table to your machine, no module is needed: open it in the results and select Download.

    Database: PostgreSQL, and SQLite files in folders that the administrator allows. All rows are written in one transaction: readers see
    all of them or none. A step that is interrupted and repeated writes its rows once; for this, the database gets a small table
    easel_exports, which lists the steps that have written. Replace keeps the rights, indexes and views of a table that has the same columns,
    and creates it again if not. Categories become text, durations become seconds, lists and structures become JSON.

    Bucket or folder: one file, which appears whole or not at all. Values are written as they are; a spreadsheet program may take a text
    that begins with = for a formula.

    When to use:
        To hand a result to other systems. Any output also downloads as a file.

    Args:
        table: The rows to write.
        to: Where the table goes.
        database: A connection to a database.
        name: The name of the table in the database; a schema stands before it with a dot.
        storage: A connection to a bucket or a folder.
        path: The file, below the place of the connection.
        format: The format of the file.
        if_exists: What happens if the table or the file exists. Rows can be appended to a table, not to a file.
        again: Whether each run writes, or only a run in which the rows or the settings differ from those written before.

    Returns:
        What was written: the place, rows and columns, and for a file its bytes and SHA-256.

    Example:
        none: Name a connection of the workspace first.
    """
    if not table.width:
        raise ModuleError("no_columns", "The table has no columns.", port="table", remedy="Connect a table with columns.")
    if to == "files":
        return Frame(_exporting.to_files(table, storage, path, format, if_exists))
    return Frame(_exporting.to_database(table, database, name, if_exists))
