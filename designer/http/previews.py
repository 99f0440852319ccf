"""Previews of stored results, of steps and of datasets: rows, profile, report and downloads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from drf_spectacular.utils import OpenApiParameter

from designer.http.errors import Refusal
from pipelines import flow
from pipelines.catalogue.kind import kinds
from pipelines.catalogue.ports import TABLE, Table
from pipelines.flow import Damaged, Output
from pipelines.preview.profile import Profile, profile
from pipelines.preview.query import parse_query
from pipelines.preview.rows import Rows, rows

ROWS = [
    OpenApiParameter("offset", int),
    OpenApiParameter("limit", int),
    OpenApiParameter("sort", str, many=True),
    OpenApiParameter("filter", str),
    OpenApiParameter("search", str),
]


@dataclass(frozen=True)
class Preview:
    """A stored result, the scope whose store holds it, and the refusal when its bytes are missing or damaged.

    Raises:
        Refusal: In each method: 400 for what does not suit the result, and `lost`.
    """

    output: Output
    scope: str
    lost: Refusal

    def rows(self, params: dict[str, str], sorts: Sequence[str]) -> Rows:
        """A window of a table's rows, from the query string."""
        question = parse_query(params, sorts)
        table = self._table()
        return rows(table.frame, table.roles, key=self.output.content, **question)

    def profile(self) -> Profile:
        """The profile of each column of a table."""
        table = self._table()
        return profile(table.frame, table.roles, key=self.output.content)

    def report(self) -> Any:
        """The page of a report, a model or a transform."""
        with self._found():
            found = flow.report(self.output, self.scope)
        if found is None:
            raise Refusal(404, "no_report", f"There is no report of this {self._words}.", remedy="View its rows, or download it.")
        return found

    def file(self, as_: str, *, raw: bool = False) -> tuple[Path, str, bool]:
        """A file for download, its media type, and whether it is to be deleted afterwards."""
        kind = kinds().get(self.output.kind)
        downloads = kind.downloads if kind else {}
        if download := downloads.get(as_):
            if download.write is not None:
                return self._written(partial(download.write, raw=raw)), download.media_type, True
            with self._found():
                return flow.store(self.scope).path(self.output.digest), download.media_type, False
        if as_ == "json" and self.output.kind != TABLE:
            file = flow.store(self.scope).scratch()
            file.write_bytes(msgspec.json.encode(self.report()))
            return file, "application/json", True
        fits = sorted(downloads if self.output.kind == TABLE else {*downloads, "json"})
        words = f"This {self._words} cannot be downloaded as {as_[:20]!r}."
        raise Refusal(400, "unknown_format", words, remedy=f"Use one of {', '.join(fits)}.")

    def _written(self, write: Callable[[Any, Path], None]) -> Path:
        file = flow.store(self.scope).scratch()
        try:
            with self._found():
                write(flow.value(self.output, self.scope), file)
        except BaseException:
            file.unlink(missing_ok=True)
            raise
        return file

    def _table(self) -> Table:
        if self.output.kind != TABLE:
            raise Refusal(400, "not_a_table", f"This is a {self._words}, not a table.", remedy="View its report instead.")
        with self._found():
            return flow.table(self.output, self.scope)

    @contextmanager
    def _found(self) -> Iterator[None]:
        try:
            yield
        except Damaged:
            raise self.lost from None

    @property
    def _words(self) -> str:
        return self.output.kind.replace("_", " ")
