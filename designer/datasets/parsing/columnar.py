"""Parquet and Arrow files: their own description is read first, then rows stream through."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.header import check_width, column_names
from designer.datasets.parsing.limits import MOST_CELLS, MOST_TABLE_BYTES

AGAIN = "Write it again, or, if it was downloaded, download it again."


def read_parquet(path: Path) -> tuple[pl.LazyFrame, list[str]]:
    """The rows of a Parquet file, and notes.

    Raises:
        Unreadable: When it is damaged or holds too much.
    """
    try:
        facts = pq.read_metadata(path)
    except (pa.ArrowException, OSError, ValueError) as wrong:
        raise Unreadable(
            "damaged", "The Parquet file is damaged or was cut short: its description at the end cannot be read.", AGAIN
        ) from wrong
    size = sum(facts.row_group(place).total_byte_size for place in range(facts.num_row_groups))
    _check_size(facts.num_rows, facts.num_columns, size)
    return _renamed(pl.scan_parquet(path, glob=False))


def read_arrow(path: Path) -> tuple[pl.LazyFrame, list[str]]:
    """The rows of an Arrow IPC file, and notes.

    Raises:
        Unreadable: When it is damaged or holds too much.
    """
    try:
        with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as file:
            rows = 0
            for place in range(file.num_record_batches):
                batch = file.get_batch(place)
                batch.validate(full=True)
                rows += batch.num_rows
                _check_size(rows, len(file.schema), 0)
    except (pa.ArrowException, OSError, ValueError) as wrong:
        raise Unreadable("damaged", "The Arrow file is damaged or was cut short.", AGAIN) from wrong
    return _renamed(pl.scan_ipc(path, glob=False))


def _renamed(frame: pl.LazyFrame) -> tuple[pl.LazyFrame, list[str]]:
    schema = frame.collect_schema()
    names, notes = column_names(list(schema))
    columns = [_plain(pl.col(old), dtype).alias(new) for (old, dtype), new in zip(schema.items(), names, strict=True)]
    return frame.select(columns), notes


def _plain(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Kinds of column that modules know: decimals become floats, nothing becomes text."""
    if dtype.is_decimal():
        return column.cast(pl.Float64)
    if dtype == pl.Null:
        return column.cast(pl.String)
    return column.cast(pl.String) if isinstance(dtype, (pl.Categorical, pl.Enum)) else column


def _check_size(rows: int, columns: int, size: int) -> None:
    check_width(columns)
    if rows * columns > MOST_CELLS or size > MOST_TABLE_BYTES:
        raise Unreadable(
            "too_large",
            f"The file holds {rows:,} rows of {columns:,} columns; that is more than a dataset may have.",
            "Choose fewer rows or columns.",
        )
    if not columns:
        raise Unreadable("no_rows", "The file has no columns.", "Upload a file with at least one column and row.")
