"""Import Data: a table from the web, a database, a bucket or a folder."""

from __future__ import annotations

from typing import Annotated

from pipelines.catalogue.connection import Connection, ConnectionKind
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Code, Connects, Range, Title, Titles, When
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Frame
from pipelines.catalogue.reporting import log
from pipelines.modules.data import _importing

FORMATS = Titles(auto="By its name", csv="CSV", tsv="TSV", json="JSON lines", parquet="Parquet", arrow="Arrow", xlsx="Excel (.xlsx)")
WEB, DATABASE, FILES = When("source", "url"), When("source", "database"), When("source", "files")
Source = Annotated[_importing.Source, Titles(url="Web address", database="Database", files="Bucket or folder")]
Login = Annotated[Connection | None, Connects(ConnectionKind.HTTP), WEB]
Database = Annotated[Connection | None, Connects(ConnectionKind.DATABASE), DATABASE]
Storage = Annotated[Connection | None, Connects(ConnectionKind.S3, ConnectionKind.FOLDER), Title("Bucket or folder"), FILES]
Format = Annotated[_importing.Format, FORMATS, When("source", "url", "files")]
Again = Annotated[_importing.Again, Title("Read again"), Titles(always="In every run", changed="When the source changed", never="Never")]
ALIASES = ("read", "URL", "web", "HTTP", "SQL database", "PostgreSQL", "S3", "folder", "load", "csv", "parquet", "query")


@module("Import Data", icon="cloud-download", aliases=ALIASES, freshness=_importing.freshness)
def import_data(
    *,
    source: Source = "url",
    url: Annotated[str | None, Title("Web address"), WEB],
    login: Login = None,
    database: Database,
    table: Annotated[str | None, DATABASE] = None,
    query: Annotated[str, Code("sql"), DATABASE] = "",
    storage: Storage,
    path: Annotated[str | None, FILES],
    format: Format = "auto",
    most_rows: Annotated[int, Range(1), Title("Maximum rows")] | None = None,
    again: Again = "changed",
) -> Frame:
    """Load a table from outside the workspace: from a web address, a database, a bucket or a folder.

    Use it for data that changes at its source. For a file on your machine, upload a dataset: its versions stay. Only public addresses are
    reached, and no folder, unless the administrator allows others. Files are read like uploads, with the same types, limits and checks. A
    query runs in a read-only transaction; exact decimals become numbers of 15 digits, times with a zone become UTC, JSON and the like text.

    When to use:
        For tables that change outside the workspace, such as in a database. Upload a file as a dataset where it should stay as it is.

    Args:
        source: Where the table comes from.
        url: The http or https address of a file, without a password. Redirects are followed.
        login: A connection with the user and password, or the token, for the server. It is sent to this server alone.
        database: A connection to PostgreSQL, or to an SQLite file.
        table: The name of a table or view; a schema stands before it with a dot. Leave it empty to enter a query.
        query: One SELECT statement in the SQL of the database. Leave it empty to read a whole table.
        storage: A connection to a bucket or a folder.
        path: The files: * stands for a part of a name, ** for any folders. They must have the same columns; they are stacked by name.
        format: The format of the files. If automatic, the name says it, else the server.
        most_rows: The maximum number of rows; if empty, all. From a database, no more than these are fetched.
        again: When a stored result is not used again. A web server says that a file changed by its ETag or date, files by size and time. A
            database does not say it, so it is read in every run unless this is set to Never.

    Returns:
        The imported rows.

    Example:
        none: Enter an address, or name a connection of the workspace.
    """
    if source == "database":
        read = _importing.from_database(database, table, query, most_rows)
    else:
        read = _importing.from_files(storage, path, format) if source == "files" else _importing.from_web(url, login, format)
    if most_rows is not None and read.height > most_rows:
        log(f"{most_rows:,} of {read.height:,} rows are kept, as the setting says.")
        read = read.head(most_rows)
    log(f"{counted(read.height, 'row')} and {counted(read.width, 'column')} were imported.")
    return Frame(read)
