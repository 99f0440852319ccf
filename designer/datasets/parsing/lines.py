"""Lines and records of a text file, with their byte offset and line number."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.limits import MOST_CELL_BYTES, MOST_ROW_BYTES


class Lines:
    """A UTF-8 file's lines from a byte on, line ends kept; `byte` and `number` are the current position."""

    def __init__(self, path: Path, start: int) -> None:
        self._path = path
        self.byte = start
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        with self._path.open("rb") as raw:
            raw.seek(self.byte)
            text = io.TextIOWrapper(raw, encoding="utf-8", newline="")
            while line := text.readline(MOST_ROW_BYTES):
                if len(line) == MOST_ROW_BYTES:
                    raise too_long(self.number + 1)
                self.byte += len(line.encode())
                self.number += 1
                yield line


def records(lines: Lines, delimiter: str, strict: bool = False) -> Iterator[list[str]]:
    """The records of delimited lines.

    Raises:
        Unreadable: `too_long` for a value of more than 1 MB.
    """
    csv.field_size_limit(MOST_CELL_BYTES)
    try:
        yield from csv.reader(lines, delimiter=delimiter, strict=strict)
    except csv.Error as wrong:
        if "field limit" in str(wrong):
            raise Unreadable(
                "too_long",
                f"A value that ends in line {lines.number:,} is longer than 1 MB.",
                "Shorten it, or check that each quote before it is closed.",
            ) from wrong
        raise


def too_long(line: int) -> Unreadable:
    """The refusal of an endless line."""
    return Unreadable(
        "too_long",
        f"Line {line:,} is longer than {MOST_ROW_BYTES // 1024**2} MB.",
        "Check that it is the right file, that it has line breaks, and that every quote is closed.",
    )
