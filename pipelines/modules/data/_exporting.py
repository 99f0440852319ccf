"""What Export Data writes."""

from __future__ import annotations

from typing import Literal

import polars as pl

from pipelines.catalogue.connection import Connection
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.freshness import Freshness
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.reporting import log

Again = Literal["always", "changed"]
IfExists = Literal["create", "append", "replace"]
RECEIPT = {"place": pl.String, "rows": pl.Int64, "columns": pl.Int64, "bytes": pl.Int64, "sha256": pl.String}


def freshness(*, again: Again, **_: object) -> Freshness:
    """Return whether a run writes although nothing changed: its source is the table, so there is nothing to look at."""
    if again == "always":
        return Freshness(None, "It writes in every run, as its setting says.")
    return Freshness("", "The table is not written again, as its setting says.")


def to_database(table: pl.DataFrame, database: Connection | None, name: str | None, if_exists: IfExists) -> pl.DataFrame:
    """Write a table to a database, and return what was written."""
    from pipelines.outside.database import database_url, opened
    from pipelines.outside.tables import write_table

    if database is None or not (name or "").strip():
        raise _missing("name" if database else "database", "a table" if database else "a connection")
    named = str(name).strip()
    with opened(database, write=True) as held:
        written = write_table(held, named, table, if_exists)
    place = f"{named} in {database_url(database.address).database}"
    rows = counted(written.rows, "row")
    if written.before:
        log(f"An earlier attempt of this step had written {rows} to {place}. They are not written twice.")
    else:
        log(f"{rows} and {counted(table.width, 'column')} were written to {place}.")
    return _receipt(place, table, None, None)


def to_files(table: pl.DataFrame, storage: Connection | None, path: str | None, format: str, if_exists: IfExists) -> pl.DataFrame:
    """Write a table to a file, and return what was written."""
    from hashlib import sha256

    from pipelines.outside.files import scratch_folder, write_file
    from pipelines.outside.storage import write

    if storage is None or not path:
        raise _missing("path" if storage else "storage", "a path" if storage else "a connection")
    if if_exists == "append":
        raise ModuleError("cannot_append", "Rows cannot be appended to a file.", param="if_exists", remedy="Select Replace, or a database.")
    with scratch_folder() as folder:
        file = folder / "table"
        write_file(table, format, file)
        size, digest = file.stat().st_size, sha256(file.read_bytes()).hexdigest()
        place = write(storage, path, file, replace=if_exists == "replace")
    log(f"{counted(table.height, 'row')} and {counted(table.width, 'column')} were written to {place} ({size:,} bytes, SHA-256 {digest}).")
    return _receipt(place, table, size, digest)


def _receipt(place: str, table: pl.DataFrame, size: int | None, digest: str | None) -> pl.DataFrame:
    return pl.DataFrame([[place, table.height, table.width, size, digest]], schema=RECEIPT, orient="row")


def _missing(param: str, what: str) -> ModuleError:
    return ModuleError("missing_setting", f"The export needs {what}.", param=param, remedy="Enter it in the settings.")
