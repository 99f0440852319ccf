"""Enter Data Manually: a small table typed or pasted as text."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Multiline, Titles, When
from pipelines.catalogue.ports import Frame, Table
from pipelines.catalogue.reporting import log
from pipelines.modules.data._arff import read_arff
from pipelines.modules.data._svmlight import read_svmlight
from pipelines.texts.typed import typed

Format = Annotated[
    Literal["csv", "tsv", "arff", "svmlight"], Titles(csv="Comma-separated", tsv="Tab-separated", arff="ARFF", svmlight="SVMLight")
]


@module(
    "Enter Data Manually",
    icon="table-plus",
    columns=PROBE,
    aliases=("Enter Data", "paste", "inline table", "csv", "tsv", "arff", "weka", "svmlight", "libsvm"),
)
def enter_data(
    *, text: Annotated[str, Multiline()], format: Format = "csv", header: Annotated[bool, When("format", "csv", "tsv")] = True
) -> Table:
    """Type or paste a small table.

    Of comma-separated and tab-separated values, numbers, Booleans (true, false) and dates (2024-12-31, 31/12/2024) are detected as in uploads. An
    empty cell is a missing value; so is NA, NaN, null or ? in a column of numbers, Booleans or dates. The log lists how ambiguous values were read.

    ARFF states the type of each column: numeric, integer, string, date with a pattern, or a list of values, which makes a categorical column. A ?
    without quotes is missing. In a sparse row, a number that is left out is 0, a value of a list is the first of the list, a text or date is missing.

    SVMLight has a label and the features that are not 0 in each line, such as "1 3:0.5 7:2". Columns are named Col1, Col2 and so on, whether places
    start at 0 or at 1 (they start at 0 if any feature has the place 0); "qid:" makes a column Query. The column Labels has the role label.

    Source: ARFF, Weka (https://waikato.github.io/weka-wiki/formats_and_processing/arff/); SVMLight, T. Joachims (https://www.cs.cornell.edu/people/tj/svm_light/).

    When to use:
        For small tables that belong to the pipeline: a mapping, a list of stop words, a few rows to try something on.

    Args:
        text: The rows, one per line. Put a value that contains the delimiter in double quotes.
        format: The delimiter between values, or a format of machine learning tools.
        header: Use the first line as column names. If off, columns are named Col1, Col2 and so on.

    Returns:
        The entered rows.

    Example:
        text: "city,people\\nBern,134000\\nLyon,522000\\nOslo,709000\\n"
    """
    lines = text.strip("\r\n")
    if not lines.strip():
        raise ModuleError("no_data", "No data was entered.", param="text", remedy="Enter at least one line.")
    if format == "arff":
        return read_arff(lines)
    return read_svmlight(lines) if format == "svmlight" else Table(_read_delimited(lines, "," if format == "csv" else "\t", header))


def _read_delimited(lines: str, separator: str, header: bool) -> Frame:
    _check_lines(lines, separator)
    if header:
        _tell_twins(next(csv.reader(StringIO(lines), delimiter=separator)))
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


def _tell_twins(names: Sequence[str]) -> None:
    """Polars renames the second column of a name in silence."""
    for name in dict.fromkeys(name for place, name in enumerate(names) if name in names[:place]):
        log(f"Several columns are named “{name}”; the later ones are named “{name}_duplicated_0” and so on.", "warning")


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
