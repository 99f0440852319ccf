"""CSV and other delimited text: delimiter, header, and rows as text, written to an Arrow file batch by batch."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.faults import check_quotes, explain
from designer.datasets.parsing.header import check_width, column_names, is_header
from designer.datasets.parsing.limits import MOST_CELL_BYTES, MOST_ROW_BYTES
from designer.datasets.parsing.lines import Lines, records
from designer.datasets.parsing.room import Room, Writing
from designer.datasets.parsing.text import Text

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_LINES = 200
Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of a delimited file; `body` is the byte at which its rows begin."""

    delimiter: str
    names: tuple[str, ...]
    body: int
    notes: tuple[str, ...]


def find_layout(text: Text, words: Sequence[str] = ()) -> Layout:
    """The delimiter and header of a file, from its beginning.

    Args:
        text: The file.
        words: Lower-case texts that mean a missing value.

    Raises:
        Unreadable: `empty_file`, `too_many_columns` or `too_long`.
    """
    start, said = _after_separator_line(text)
    sample = list(islice(Lines(text.path, start), SAMPLE_LINES))
    delimiter = said or max(DELIMITERS, key=lambda one: _score(sample, one))
    if text.quotes % 2:
        check_quotes(text, start, delimiter)
    records = list(islice(_filled_records(text.path, start, delimiter), SAMPLE_LINES))
    if not records:
        raise Unreadable("empty_file", "The file has only empty lines.", "Upload a file with a header and rows.")
    first, end = records[0]
    check_width(len(first))
    rest = [row for row, _ in records[1:]]
    if is_header(first, rest, words):
        names, notes = column_names(first)
        return Layout(delimiter, tuple(names), end, tuple(notes))
    names = [f"column_{place}" for place in range(1, len(first) + 1)]
    return Layout(
        delimiter,
        tuple(names),
        start,
        ("The first row contains values, not names, so the columns were named column_1, column_2 and so on.",),
    )


def write_text_rows(text: Text, layout: Layout, out: Path, tell: Tell, room: Room) -> int:
    """Write the rows as an Arrow file of text columns; returns how many there are.

    Raises:
        Unreadable: `ragged_rows`, `unclosed_quote`, `too_long` or `no_rows`, naming the line.
    """
    schema = pa.schema([(name, pa.string()) for name in layout.names])
    rows = 0
    try:
        with text.path.open("rb") as file, Writing(out, room) as sink, pa.ipc.new_file(sink, schema) as writer:
            file.seek(layout.body)
            if not file.read(1):
                raise _no_rows()
            file.seek(layout.body)
            for batch in _batches(file, text, layout):
                _check_cells(batch, layout, rows)
                writer.write_batch(batch)
                rows += batch.num_rows
                tell(min(file.tell(), text.path.stat().st_size))
    except pa.ArrowInvalid as wrong:
        raise explain(text, layout.body, layout.delimiter, len(layout.names), str(wrong)) from wrong
    if not rows:
        raise _no_rows()
    return rows


def _batches(file: object, text: Text, layout: Layout) -> Iterator[pa.RecordBatch]:
    types = {name: pa.string() for name in layout.names}
    try:
        reader = pacsv.open_csv(
            file,
            read_options=pacsv.ReadOptions(column_names=list(layout.names), block_size=MOST_ROW_BYTES),
            parse_options=pacsv.ParseOptions(delimiter=layout.delimiter, newlines_in_values=text.quotes > 0),
            convert_options=pacsv.ConvertOptions(column_types=types, strings_can_be_null=True, null_values=[""], check_utf8=False),
        )
    except pa.ArrowInvalid as wrong:
        if "Empty CSV" in str(wrong):
            raise _no_rows() from wrong
        raise
    yield from reader


def _after_separator_line(text: Text) -> tuple[int, str | None]:
    """Skip a first line such as `sep=;`, which Excel may write and which is not part of the table."""
    with text.path.open("rb") as file:
        file.seek(text.start)
        line = file.readline(16)
    said = line.decode("utf-8", "replace").strip()
    if said.lower().startswith("sep=") and len(said) == 5 and line.endswith(b"\n"):
        return text.start + len(line), said[4]
    return text.start, None


def _filled_records(path: Path, start: int, delimiter: str) -> Iterator[tuple[list[str], int]]:
    """Records that are not empty, each with the byte at which it ends."""
    lines = Lines(path, start)
    for record in records(lines, delimiter):
        if any(cell.strip() for cell in record):
            yield record, lines.byte


def _score(sample: Sequence[str], delimiter: str) -> tuple[float, int]:
    """The score of a delimiter at a file's beginning: the share of records as wide as the first, then the width."""
    try:
        widths = [len(record) for record in csv.reader(sample, delimiter=delimiter) if record]
    except csv.Error:  # a value is too long: the delimiter is wrong, or every one is
        return (0.0, 0)
    if len(sample) == SAMPLE_LINES:
        widths.pop()
    if not widths or widths[0] < 2:
        return (0.0, 0)
    return (widths.count(widths[0]) / len(widths), widths[0])


def _check_cells(batch: pa.RecordBatch, layout: Layout, before: int) -> None:
    for name, column in zip(layout.names, batch.columns, strict=True):
        lengths = pc.binary_length(column)
        if (longest := pc.max(lengths).as_py() or 0) > MOST_CELL_BYTES:
            row = before + pc.index(lengths, longest).as_py() + 1
            raise Unreadable(
                "too_long",
                f"Row {row:,} has a value of {longest:,} bytes in column “{name[:60]}”; the maximum is 1 MB.",
                "Shorten it, or check that each quote in that row is closed.",
            )


def _no_rows() -> Unreadable:
    return Unreadable("no_rows", "The file has a header but no rows below it.", "Upload a file with at least one row.")
