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

    Numbers, Booleans (true, false) and dates (2024-12-31, 31/12/2024) are detected as in uploads. An empty cell is a missing value; so is NA, NaN,
    null or ? in a column of numbers, Booleans or dates. The log lists how ambiguous values were read.

    When to use:
        For small tables that belong to the pipeline: a mapping, a list of stop words, a few rows to try something on.

    Args:
        text: The rows, one per line. Put a value that contains the delimiter in double quotes.
        format: The delimiter between values.
        header: Use the first line as column names. If off, columns are named Col1, Col2 and so on.

    Returns:
        The entered rows.

    Example:
        text: "city,people\\nBern,134000\\nLyon,522000\\nOslo,709000\\n"
    """
    lines = text.strip("\r\n")
    if not lines.strip():
        raise ModuleError("no_data", "No data was entered.", param="text", remedy="Enter at least one line.")
    separator = "," if format == "csv" else "\t"
    _check_lines(lines, separator)
    try:
        frame = pl.read_csv(StringIO(lines), separator=separator, has_header=header, infer_schema=False)
    except pl.exceptions.PolarsError as wrong:
        words = f"The text is not a table: {str(wrong).splitlines()[0]}."
        raise ModuleError(
            "unreadable_text", words, param="text", remedy="Put values that contain the delimiter in double quotes."
        ) from wrong
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
                remedy="Give every line as many values as the first, and put values that contain the delimiter in double quotes.",
            )
