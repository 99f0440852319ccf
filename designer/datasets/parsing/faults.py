"""Error location in a delimited file: a second, slow pass finds the line."""

from __future__ import annotations

import csv

from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.lines import Lines, records
from designer.datasets.parsing.text import Text

CHUNK = 1 << 20
TITLES = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}


def check_quotes(text: Text, start: int, delimiter: str) -> None:
    """Reject a file with an unclosed quote, or a quote inside a quoted value.

    Raises:
        Unreadable: `unclosed_quote`, naming the line.
    """
    _walk(text, start, delimiter, None)


def explain(text: Text, start: int, delimiter: str, width: int, said: str) -> Unreadable:
    """The error of a file whose rows could not be parsed, with its line."""
    try:
        _walk(text, start, delimiter, width)
    except Unreadable as found:
        return found
    if "straddl" in said:
        return Unreadable("too_long", "A row is longer than 4 MB.", "Check that every quote is closed and that the file has line breaks.")
    return Unreadable(
        "unreadable", "The rows could not be read.", "Open the file in a spreadsheet program and save it again as CSV in UTF-8."
    )


def _walk(text: Text, start: int, delimiter: str, width: int | None) -> None:
    lines = Lines(text.path, start)
    above = _lines_before(text, start)
    line = above + 1
    try:
        for record in records(lines, delimiter, strict=True):
            if record and width is not None and len(record) != width:
                raise _ragged(line, len(record), width, delimiter)
            line = above + lines.number + 1
    except csv.Error as wrong:
        if "unexpected end" in str(wrong):
            raise Unreadable(
                "unclosed_quote",
                f'The quote (") opened in line {line:,} is not closed.',
                "Close it, or double it if it is part of the value.",
            ) from wrong
        raise Unreadable(
            "unclosed_quote",
            f'Line {above + lines.number:,} has a quote (") inside a quoted value.',
            "Double it, or remove the quotes around the value.",
        ) from wrong


def _lines_before(text: Text, start: int) -> int:
    with text.path.open("rb") as file:
        head = file.read(start)
    return head.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")


def _ragged(line: int, count: int, width: int, delimiter: str) -> Unreadable:
    values = f"{count:,} value" + ("s" if count != 1 else "")
    remedy = (
        f"Put values that contain {TITLES.get(delimiter, 'the delimiter')} in quotes, or remove the line."
        if count > width
        else "Complete or remove the line, and remove titles above the header and notes below the rows."
    )
    return Unreadable("ragged_rows", f"Line {line:,} has {values}, but the table has {width:,} column{'s' if width != 1 else ''}.", remedy)
