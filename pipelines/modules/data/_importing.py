"""What Import Data reads, and what it knows of its source before."""

from __future__ import annotations

from typing import Literal

from pipelines.catalogue.connection import Connection
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.freshness import Freshness
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Frame
from pipelines.catalogue.reporting import log

Source = Literal["url", "database", "files"]
Format = Literal["auto", "csv", "tsv", "json", "parquet", "arrow", "xlsx"]
Again = Literal["always", "changed", "never"]


def freshness(
    *,
    source: Source,
    url: str | None,
    login: Connection | None,
    storage: Connection | None,
    path: str | None,
    again: Again,
    **_: object,
) -> Freshness:
    """Return what the source looks like now, as far as the setting asks for it and the source tells."""
    if again == "always":
        return Freshness(None, "It reads its source in every run, as its setting says.")
    if again == "never":
        return Freshness("", "It does not look at its source again, as its setting says.")
    state = None
    if source == "url" and url:
        from pipelines.outside import web

        state = web.state_of(url, login)
    elif source == "files" and storage and path:
        from pipelines.outside import storage as files

        state = files.state_of(storage, path)
    return Freshness(state, "" if state else "Its source does not tell whether it changed, so it is read in every run.")


def from_web(url: str | None, login: Connection | None, format: Format) -> Frame:
    """Fetch a file and read it."""
    from urllib.parse import unquote, urlsplit

    from pipelines.outside import files, web

    if not url:
        raise _missing("url", "a web address")
    with files.scratch_folder() as folder:
        fetched = web.fetch(url, folder / "fetched", login)
        paths = [unquote(urlsplit(each).path).rpartition("/")[2] for each in (url, fetched.url)]
        name = next((each for each in paths if "." in each), paths[0])
        chosen = files.format_of(name, fetched.content_type, format, "format")
        return Frame(files.read_file(folder / "fetched", chosen, folder, name or "The file", param="url"))


def from_database(database: Connection | None, table: str | None, query: str, most: int | None) -> Frame:
    """Read a table, or the rows of a query."""
    from pipelines.outside.database import opened
    from pipelines.outside.rows import read_rows, table_query

    if database is None:
        raise _missing("database", "a connection")
    named, written = (table or "").strip(), query.strip().rstrip(";")
    if bool(named) == bool(written):
        words = "Both a table and a query are entered." if named else "Neither a table nor a query is entered."
        raise ModuleError("table_or_query", words, param="table", remedy="Enter one of the two.")
    with opened(database) as held:
        return Frame(read_rows(held, written or table_query(held, named), most))


def from_files(storage: Connection | None, path: str | None, format: Format) -> Frame:
    """Read the files that match a path."""
    from pipelines.outside import files
    from pipelines.outside import storage as places

    if storage is None or not path:
        raise _missing("path" if storage else "storage", "a path" if storage else "a connection")
    tables = []
    with files.scratch_folder() as folder:
        for place, found in enumerate(places.find(storage, path)):
            local = folder / f"file-{place}"
            found.fetch(local)
            chosen = files.format_of(found.path, "", format, "format")
            tables.append((found.path, files.read_file(local, chosen, folder, found.path, param="path")))
            local.unlink()
        log(
            f"{counted(len(tables), 'file')} of “{storage.name}”: "
            + ", ".join(name for name, _ in tables[:5])
            + (" …" if tables[5:] else "")
        )
        return Frame(files.stacked(tables))


def _missing(param: str, what: str) -> ModuleError:
    return ModuleError("missing_setting", f"The import needs {what}.", param=param, remedy="Enter it in the settings.")
