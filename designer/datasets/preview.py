"""Reads of a version's table: rows, profile and downloads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from designer.datasets.models import DatasetVersion
from designer.http.errors import Refusal
from pipelines import flow
from pipelines.catalogue.ports import Table
from pipelines.flow import Damaged
from pipelines.preview.export import FORMATS, export
from pipelines.preview.profile import Profile, profile
from pipelines.preview.query import parse_query
from pipelines.preview.rows import Rows, rows


def rows_of(version: DatasetVersion, params: Mapping[str, str], sorts: Sequence[str]) -> Rows:
    """A window of rows, from the query string."""
    question = parse_query(params, sorts)
    table = _table(version)
    return rows(table.frame, table.roles, key=version.output.content, **question)


def profile_of(version: DatasetVersion) -> Profile:
    """The profile of each column."""
    table = _table(version)
    return profile(table.frame, table.roles, key=version.output.content)


def file_of(version: DatasetVersion, as_: str, *, raw: bool) -> tuple[Path, str]:
    """A file for download, and its media type.

    Raises:
        Refusal: For an unknown format.
        ModuleError: For a table that Excel cannot hold.
    """
    if as_ not in FORMATS:
        raise Refusal(400, "unknown_format", f"A table cannot be saved as '{as_[:20]}'.", remedy=f"Choose one of {', '.join(FORMATS)}.")
    file = flow.store(version.dataset.scope).scratch()
    try:
        export(_table(version).frame, as_, file, raw=raw)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return file, FORMATS[as_]


def _table(version: DatasetVersion) -> Table:
    try:
        return flow.table(version.output, version.dataset.scope)
    except Damaged:
        words = "The stored rows of this dataset are gone or damaged."
        raise Refusal(410, "data_lost", words, remedy="Upload the file again as a new version.") from None
