"""Excel workbooks: the first visible sheet that is not empty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl

from designer.datasets.parsing.archives import DAMAGED, check_workbook
from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.header import column_names, is_header

WHOLE = 2.0**53
PEEK = 20
MIDNIGHT = time()


def read_workbook(path: Path, words: Sequence[str] = ()) -> tuple[pl.LazyFrame, list[str]]:
    """The rows of a workbook's first sheet, and notes.

    Args:
        path: The file.
        words: Lower-case texts that mean a missing value.

    Raises:
        Unreadable: When it is damaged, empty, encrypted or too large when unpacked.
    """
    check_workbook(path)
    try:
        book = fastexcel.read_excel(str(path))
        for name in book.sheet_names:
            head = book.load_sheet(name, header_row=None, n_rows=PEEK, dtypes="string")
            if head.visible == "visible" and head.width and head.total_height:
                return _read_sheet(book, name, head, words)
    except fastexcel.FastExcelError as wrong:
        raise Unreadable("damaged", "The Excel workbook could not be read: it is damaged, or not a workbook.", DAMAGED) from wrong
    raise Unreadable("empty_file", "The workbook has no visible sheet with data.", "Upload a workbook with the table on the first sheet.")


def _read_sheet(book: Any, name: str, head: Any, words: Sequence[str]) -> tuple[pl.LazyFrame, list[str]]:
    peek = [["" if cell is None else str(cell) for cell in row] for row in head.to_polars().iter_rows()]
    named = is_header(peek[0], peek[1:], words)
    notes = [] if len(book.sheet_names) == 1 else [f"The workbook has {len(book.sheet_names)} sheets; only sheet “{name[:60]}” was read."]
    if named:
        names, repairs = column_names(peek[0])
    else:
        names, repairs = column_names([f"column_{place}" for place in range(1, len(peek[0]) + 1)])
        repairs.append("The first row contains values, not names, so the columns were named column_1, column_2 and so on.")
    if named and head.total_height < 2:
        raise Unreadable("no_rows", f"Sheet “{name[:60]}” has a header but no rows below it.", "Upload a sheet with at least one row.")
    sheet = book.load_sheet(name, header_row=0 if named else None, schema_sample_rows=None)
    frame: pl.DataFrame = sheet.to_polars()
    if gaps := _columns_with_words(frame):
        as_text = book.load_sheet(name, header_row=0 if named else None, use_columns=gaps, dtypes="string").to_polars()
        kept = [place for place, text in zip(gaps, as_text, strict=True) if (text.is_not_null() & _is_lost(frame[:, place])).any()]
        frame = frame.with_columns(as_text[:, gaps.index(place)].alias(frame.columns[place]) for place in kept)
    frame.columns = names
    return _plain(frame).lazy(), notes + repairs


def _columns_with_words(frame: pl.DataFrame) -> list[int]:
    """Number columns with gaps: the library silently makes some words, such as NA, missing. Our own rules read these columns."""
    return [place for place, column in enumerate(frame) if column.dtype.is_numeric() and _is_lost(column).any()]


def _is_lost(column: pl.Series) -> pl.Series:
    return column.is_null() | column.is_nan() if column.dtype.is_float() else column.is_null()


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Excel has one number type and one time type: columns without a fraction become integers, columns of midnights become dates."""
    whole = [name for name, dtype in frame.schema.items() if dtype.is_float() and _is_whole(frame[name])]
    moments = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Datetime)]
    days = [name for name in moments if (frame[name].dt.time() == MIDNIGHT).all()]
    return frame.with_columns(
        pl.col(whole).cast(pl.Int64),
        pl.col(days).cast(pl.Date),
        pl.col([name for name in moments if name not in days]).cast(pl.Datetime("us")),
    )


def _is_whole(column: pl.Series) -> bool:
    return column.drop_nulls().len() > 0 and bool(((column == column.round(0)) & (column.abs() < WHOLE)).all())
