"""A loaded version: its scorer with the columns of requests and answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol

from designer.endpoints.serving.replies import Refused
from pipelines.monitoring.profile import Profile
from pipelines.serving.checking import BadRows, RowError
from pipelines.serving.converting import INTEGER
from pipelines.serving.isolated import Unavailable
from pipelines.serving.signature import Column, Signature

Row = Mapping[str, Any]


class Answer(Protocol):
    """What a scorer gives: a result per row, the reasons of rows without one, and sentences about the inputs."""

    @property
    def rows(self) -> Sequence[Any]: ...
    @property
    def reasons(self) -> Mapping[int, str]: ...
    @property
    def warnings(self) -> Sequence[str]: ...


class Scorer(Protocol):
    """What a version needs of a scorer."""

    @property
    def signature(self) -> Signature: ...
    @property
    def mode(self) -> str: ...
    @property
    def slower(self) -> str: ...
    def score(self, rows: Sequence[Row], on_error: Literal["raise", "null"], seconds: float | None) -> Answer: ...


class Scored(NamedTuple):
    """Results by row, null for a row without one; the reasons of these rows; and sentences about the inputs."""

    rows: list[Any]
    reasons: Mapping[int, str]
    warnings: Sequence[str]


class Model:
    """A version of an endpoint, loaded. `fast` says that a row takes microseconds, and `slower` what is executed in a sandbox; empty for nothing.

    Args:
        number: The number of the version.
        scorer: Its scorer.

    `profile` is the reference that its rows are counted by; None without one.
    """

    def __init__(self, number: int, scorer: Scorer) -> None:
        self.number, self.signature, self.fast = number, scorer.signature, scorer.mode == "compiled"
        self.columns: tuple[Column, ...] = scorer.signature.inputs
        self.outputs: tuple[Column, ...] = scorer.signature.outputs
        self.profile: Profile | None = None
        self.slower = scorer.slower
        self._scorer, self._lock = scorer, threading.Lock()  # one thread uses a scorer at a time, and large requests are scored by threads
        self._readers = {column.name: read for column in self.columns if (read := READERS.get(column.type))}

    def score(self, rows: Sequence[Row], *, null_on_error: bool = False, seconds: float | None = None) -> Scored:
        """Score rows.

        Args:
            rows: Values by column.
            null_on_error: Give null and a reason for a row that does not follow the signature, instead of refusing all.
            seconds: How long a script may take.

        Raises:
            Refused: 422 naming the first row and column that do not follow the signature; 408 or 503 when the sandbox of a script was stopped or ended.
        """
        try:
            with self._lock:
                found = self._scorer.score(rows, "null" if null_on_error else "raise", seconds)
        except BadRows as wrong:
            raise refused(wrong.errors) from None
        except Unavailable as gone:
            status = 408 if gone.code == "took_too_long" else 503
            raise Refused(status, gone.code, gone.words, remedy=gone.remedy, headers=((b"retry-after", b"1"),)) from None
        results, reasons = list(found.rows), found.reasons
        for place in reasons:
            results[place] = None
        return Scored(results, reasons, found.warnings)

    def from_texts(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Convert the texts of a CSV file to the types of the columns; what is none stays a text, and is refused by the check."""
        readers, names = self._readers, self._names(rows[0] if rows else ())
        return [
            {
                names[name]: value if value is None or names[name] not in readers else readers[names[name]](value)
                for name, value in row.items()
            }
            for row in rows
        ]

    def _names(self, header: Collection[str]) -> dict[str, str]:
        """The names of the columns for those of a file: an upload has left out spaces at their ends, so the same file has them here."""
        known = {column.name for column in self.columns} - {*header}
        bare = {name: " ".join(name.split()) for name in header}
        return {name: bare[name] if bare[name] in known else name for name in header}


def refused(errors: Sequence[RowError]) -> Refused:
    """The 422 of rows that do not follow the signature."""
    first, more = errors[0], len(errors) - 1
    place = None if first.row < 0 else f"rows[{first.row}]" + (f".{first.column}" if first.column else "")
    words = first.words + (f" {more} more {'place is' if more == 1 else 'places are'} wrong." if more else "")
    return Refused(422, "wrong_row", words, remedy=first.remedy, field=place, column=first.column)


def _number(text: str) -> Any:
    try:
        return text if "_" in text else float(text)  # Python reads 1_000 as a number
    except ValueError:
        return text


def _whole(text: str) -> Any:
    found = INTEGER.fullmatch(text)  # monitoring counts 111.0 as 111
    return int(found[1]) if found else text


TRUTH = {"true": True, "1": True, "false": False, "0": False}
# Dates and times are read from text by the check itself.
READERS: Mapping[str, Callable[[str], Any]] = {
    "integer": _whole,
    "number": _number,
    "boolean": lambda text: TRUTH.get(text.strip().lower(), text),
}
