"""Reads of a step's output: rows, profile, report and downloads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from designer.http.errors import Refusal
from pipelines import flow
from pipelines.catalogue.kind import kinds
from pipelines.catalogue.ports import TABLE, Table
from pipelines.flow import Damaged, Output
from pipelines.preview.profile import Profile, profile
from pipelines.preview.query import parse_query
from pipelines.preview.rows import Rows, rows

T = TypeVar("T")


def rows_of(output: Output, scope: str, params: dict[str, str], sorts: Sequence[str]) -> Rows:
    """A window of a table's rows, from the query string."""
    question = parse_query(params, sorts)
    return _of_table(output, scope, lambda table: rows(table.frame, table.roles, key=output.content, **question))


def profile_of(output: Output, scope: str) -> Profile:
    """The profile of each column of a table."""
    return _of_table(output, scope, lambda table: profile(table.frame, table.roles, key=output.content))


def report_of(output: Output, scope: str) -> Any:
    """The page of a report, a model or a transform."""
    try:
        found = flow.report(output, scope)
    except Damaged:
        raise _lost() from None
    if found is None:
        raise Refusal(404, "no_report", f"There is no report on this {_words(output)}.", remedy="Look at its rows, or download it.")
    return found


def file_of(output: Output, scope: str, as_: str, *, raw: bool = False) -> tuple[Path, str, bool]:
    """A file for download, its media type, and whether it is to be deleted afterwards.

    Raises:
        Refusal: 400 for a format that does not suit the output.
    """
    kind = kinds().get(output.kind)
    downloads = kind.downloads if kind else {}
    if download := downloads.get(as_):
        if download.write is None:
            return _stored(output, scope), download.media_type, False
        return _written(output, scope, partial(download.write, raw=raw)), download.media_type, True
    if as_ == "json" and output.kind != TABLE:
        file = flow.store(scope).scratch()
        file.write_bytes(msgspec.json.encode(report_of(output, scope)))
        return file, "application/json", True
    fits = sorted(downloads if output.kind == TABLE else {*downloads, "json"})
    raise Refusal(
        400, "unknown_format", f"This {_words(output)} cannot be saved as {as_[:20]!r}.", remedy=f"Choose one of {', '.join(fits)}."
    )


def _written(output: Output, scope: str, write: Callable[[Any, Path], None]) -> Path:
    file = flow.store(scope).scratch()
    try:
        write(flow.value(output, scope), file)
    except Damaged:
        raise _lost() from None
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return file


def _of_table(output: Output, scope: str, look: Callable[[Table], T]) -> T:
    if output.kind != TABLE:
        raise Refusal(400, "not_a_table", f"This is a {_words(output)}, not a table.", remedy="Look at its report instead.")
    try:
        return look(flow.table(output, scope))
    except Damaged:
        raise _lost() from None


def _stored(output: Output, scope: str) -> Path:
    try:
        return flow.store(scope).path(output.digest)
    except Damaged:
        raise _lost() from None


def _lost() -> Refusal:
    return Refusal(410, "result_lost", "The stored result is gone or damaged.", remedy="Run the pipeline again to compute it once more.")


def _words(output: Output) -> str:
    return output.kind.replace("_", " ")
