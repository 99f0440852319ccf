"""Enter Data Manually: a small table typed or pasted as text."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Multiline, Titles
from pipelines.catalogue.ports import Frame
from pipelines.catalogue.reporting import log
from pipelines.texts.typed import typed


@module("Enter Data Manually", icon="table-plus", columns=PROBE, aliases=("Enter Data", "paste", "inline table", "csv", "tsv"))
def enter_data(
    *,
    text: Annotated[str, Multiline()],
    format: Annotated[Literal["csv", "tsv"], Titles(csv="Comma-separated", tsv="Tab-separated")] = "csv",
    header: bool = True,
) -> Frame:
    """Type or paste a small table.

    Numbers, yes/no values (true, false) and dates (2024-12-31, 31/12/2024) are recognised as in uploads. An empty cell is a missing value; so is
    NA, NaN, null or ? in a column of numbers, dates or yes/no values. The log says what was taken for what.

    Args:
        text: The rows, one a line. Quote a value with "…" when it holds the separator.
        format: What stands between two values of a line.
        header: The first line names the columns; off names them Col1, Col2 and so on.

    Returns:
        The rows that were entered.
    """
    lines = text.strip("\r\n")
    if not lines.strip():
        raise ModuleError("no_data", "No data was entered.", param="text", remedy="Type at least one line.")
    separator = "," if format == "csv" else "\t"
    _check_lines(lines, separator)
    try:
        frame = pl.read_csv(StringIO(lines), separator=separator, has_header=header, infer_schema=False)
    except pl.exceptions.PolarsError as wrong:
        words = f"The text is not a table: {str(wrong).splitlines()[0]}."
        raise ModuleError("unreadable_text", words, param="text", remedy="Quote values that hold the separator.") from wrong
    if not header:
        frame.columns = [f"Col{place + 1}" for place in range(frame.width)]
    read, notes = typed(frame.lazy())
    for line in notes:
        log(line)
    return read.collect()


def _check_lines(lines: str, separator: str) -> None:
    """Polars drops the values of a line that is too long in silence, so lines are counted first."""
    rows = csv.reader(StringIO(lines), delimiter=separator)
    width = len(next(rows))
    for row in rows:
        if len(row) > width:
            words = f"Line {rows.line_num} has {len(row)} values; the first line has {width}."
            raise ModuleError(
                "unreadable_text",
                words,
                param="text",
                remedy="Give every line as many values as the first, and quote values that hold the separator.",
            )
