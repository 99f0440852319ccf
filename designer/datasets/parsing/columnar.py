"""Parquet and Arrow files: the metadata is read first, then rows are streamed."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from designer.datasets.parsing.decoded import judge_parquet, letters, shares
from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.flat import pieces
from designer.datasets.parsing.header import check_width, column_names
from designer.datasets.parsing.limits import MOST_CELLS, MOST_PIECE_BYTES
from designer.datasets.parsing.room import Room
from pipelines.execution.memory import in_words

AGAIN = "Create it again; if it was downloaded, download it again."


def read_parquet(path: Path, room: Room) -> tuple[pl.LazyFrame, list[str]]:
    """The rows of a Parquet file, and notes.

    Raises:
        Unreadable: When it is damaged or too large.
    """
    try:
        facts = pq.read_metadata(path)
    except (pa.ArrowException, OSError, ValueError) as wrong:
        raise Unreadable("damaged", "The Parquet file is damaged or incomplete: its footer cannot be read.", AGAIN) from wrong
    _check_size(facts.num_rows, facts.num_columns)
    frame = pl.scan_parquet(path, glob=False)
    copied = [name for name, dtype in frame.collect_schema().items() if isinstance(dtype, (pl.Categorical, pl.Enum))]
    judge_parquet(path, facts, copied, room.judge)
    return _renamed(frame)


def read_arrow(path: Path, room: Room) -> tuple[pl.LazyFrame, list[str]]:
    """The rows of an Arrow IPC file, and notes.

    Raises:
        Unreadable: When it is damaged or too large.
    """
    try:
        with pa.memory_map(str(path)) as source:
            size = _check_pieces(source.read_buffer(), room)
            source.seek(0)
            with pa.ipc.open_file(source) as file:
                _check_batches(file, size, room)
    except (pa.ArrowException, OSError, ValueError) as wrong:
        raise Unreadable("damaged", "The Arrow file is damaged or incomplete.", AGAIN) from wrong
    return _renamed(pl.scan_ipc(path, glob=False))


def _check_pieces(data: pa.Buffer, room: Room) -> int:
    """Check an Arrow file by the unpacked size of its batches and dictionaries; returns that size."""
    size = 0
    for piece in pieces(memoryview(data).cast("B")):
        if piece.packed and piece.bytes > MOST_PIECE_BYTES:
            words = f"The file has a compressed block of {in_words(piece.bytes)}; the maximum is {in_words(MOST_PIECE_BYTES)}."
            raise Unreadable("too_large", words, "Write it in smaller batches, or as Parquet.")
        size += piece.bytes
        room.judge(size)
    return size


def _check_batches(file: pa.RecordBatchFileReader, size: int, room: Room) -> None:
    """Check the batches, one at a time, for damage and for texts that many rows share."""
    rows = decoded = copied = 0
    shared = [place for place, field in enumerate(file.schema) if shares(field.type)]
    for place in range(file.num_record_batches):
        batch = file.get_batch(place)
        batch.validate(full=True)
        rows += batch.num_rows
        _check_size(rows, len(file.schema))
        for column in map(batch.column, shared):
            more = letters(column)
            decoded += more
            copied += more if pa.types.is_dictionary(column.type) else 0
        room.judge(size + copied, size + decoded)


def _renamed(frame: pl.LazyFrame) -> tuple[pl.LazyFrame, list[str]]:
    schema = frame.collect_schema()
    names, notes = column_names(list(schema))
    columns = [_plain(pl.col(old), dtype).alias(new) for (old, dtype), new in zip(schema.items(), names, strict=True)]
    return frame.select(columns), notes


def _plain(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Column types that modules support: decimals become floats, null columns become text."""
    if dtype.is_decimal():
        return column.cast(pl.Float64)
    if dtype == pl.Null:
        return column.cast(pl.String)
    return column.cast(pl.String) if isinstance(dtype, (pl.Categorical, pl.Enum)) else column


def _check_size(rows: int, columns: int) -> None:
    check_width(columns)
    if rows * columns > MOST_CELLS:
        raise Unreadable(
            "too_large",
            f"The file has {rows:,} rows and {columns:,} columns; a dataset can have {MOST_CELLS:,} cells.",
            "Upload fewer rows or columns.",
        )
    if not columns:
        raise Unreadable("no_rows", "The file has no columns.", "Upload a file with at least one column and row.")
