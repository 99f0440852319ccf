"""Exported files: CSV, Parquet and Excel, written to a scratch file without holding the table in memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.preview.cells import Cell, cells

FORMATS = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
EXCEL_ROWS, EXCEL_COLUMNS, EXCEL_TEXT, EXCEL_CELLS = 1_048_575, 16_384, 32_767, 5_000_000
EXCEL_FIRST_YEAR, EXCEL_DIGITS = 1900, 10**15
EXCEL_CREATED = datetime(2000, 1, 1)  # the same table gives the same bytes
CHUNK_ROWS = 20_000
# The characters that begin a formula in spreadsheets (OWASP ASVS 1.2.10).
FORMULA = r"^[=+\-@\t\r\x00]"


def export(frame: pl.DataFrame | pl.LazyFrame, as_: str, path: Path, *, raw: bool = False) -> None:
    """Write a table as `csv`, `parquet` or `xlsx`.

    In CSV, a text that begins like a formula gets an apostrophe in front, so that no spreadsheet executes it; `raw` leaves it unchanged.
    Excel files store every text as text, so nothing is changed there.

    Raises:
        ModuleError: `unknown_format`, or `too_many_rows` or `too_many_columns` for Excel.
    """
    match as_:
        case "csv":
            _write_csv(frame.lazy(), path, raw)
        case "parquet":
            frame.lazy().sink_parquet(path)
        case "xlsx":
            _write_xlsx(frame.lazy(), path)
        case _:
            raise ModuleError(
                "unknown_format", f"A table cannot be downloaded as “{as_[:20]}”.", remedy=f"Use one of {', '.join(FORMATS)}."
            )


def _write_csv(frame: pl.LazyFrame, path: Path, raw: bool) -> None:
    schema = frame.collect_schema()
    columns = [_csv_cell(name, dtype, raw).alias(name if raw else _harmless(name)) for name, dtype in schema.items()]
    frame.select(columns).sink_csv(path, check_extension=False)


def _csv_cell(name: str, dtype: pl.DataType, raw: bool) -> pl.Expr:
    column, kind = pl.col(name), kind_of(dtype)
    if kind == "other" or dtype == pl.Duration:
        column = column.map_batches(lambda values: pl.Series(_as_texts(cells(values)), dtype=pl.String), return_dtype=pl.String)
    elif kind == "text":
        column = column.cast(pl.String)
    elif dtype.is_float():
        return column.fill_nan(None)
    elif isinstance(dtype, pl.Datetime):
        return column.dt.to_string("iso:strict")
    else:
        return column
    return column if raw else pl.when(column.str.contains(FORMULA)).then("'" + column).otherwise(column)


def _harmless(name: str) -> str:
    return "'" + name if name[:1] in tuple("=+-@\t\r\0") else name


def _as_texts(values: list[Cell]) -> list[str | None]:
    return [None if value is None else str(value) for value in values]


def _write_xlsx(frame: pl.LazyFrame, path: Path) -> None:
    schema = frame.collect_schema()
    rows = int(frame.select(pl.len()).collect().item())
    _check_fits(rows, len(schema))
    import xlsxwriter  # heavy, and needed for this format only

    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss", "tmpdir": str(path.parent)}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": EXCEL_CREATED})
        sheet = book.add_worksheet()
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for place, name in enumerate(schema):
            sheet.write_string(0, place, name[:EXCEL_TEXT], bold)
        sheet.freeze_panes(1, 0)
        # A value's writer depends on its type alone: no text is interpreted as a formula, a link or a number.
        writers = {
            str: sheet.write_string,
            bool: sheet.write_boolean,
            int: sheet.write_number,
            float: sheet.write_number,
            datetime: sheet.write_datetime,
            date: partial(sheet.write_datetime, cell_format=day),
        }
        for number, row in enumerate(_excel_rows(frame, rows), 1):
            for place, value in enumerate(row):
                if value is not None:
                    writers[type(value)](number, place, value)


def _check_fits(rows: int, columns: int) -> None:
    if rows > EXCEL_ROWS:
        raise ModuleError(
            "too_many_rows",
            f"An Excel sheet can have {EXCEL_ROWS:,} rows below the header; this table has {rows:,}.",
            remedy="Download it as CSV or Parquet, or keep fewer rows with Split Data.",
        )
    if columns > EXCEL_COLUMNS:
        raise ModuleError(
            "too_many_columns",
            f"An Excel sheet can have {EXCEL_COLUMNS:,} columns; this table has {columns:,}.",
            remedy="Download it as CSV or Parquet, or select fewer columns.",
        )
    if rows * columns > EXCEL_CELLS:
        raise ModuleError(
            "too_many_cells",
            f"This table has {rows * columns:,} cells; an Excel download can have {EXCEL_CELLS:,}.",
            remedy="Download it as CSV or Parquet, or select fewer columns or rows.",
        )


def _excel_rows(frame: pl.LazyFrame, rows: int) -> Iterator[tuple[Any, ...]]:
    for start in range(0, rows, CHUNK_ROWS):
        part = frame.slice(start, CHUNK_ROWS).collect()
        yield from zip(*(_excel_cells(column) for column in part.get_columns()), strict=True)


def _excel_cells(column: pl.Series) -> list[Any]:
    """Convert to values that Excel supports: others become text, so that nothing is rounded or refused."""
    kind, dtype = kind_of(column.dtype), column.dtype
    if kind == "boolean":
        return column.to_list()
    if kind == "text":
        return [value if value is None else value[:EXCEL_TEXT] for value in column.cast(pl.String).to_list()]
    if kind == "number":
        return [value if not isinstance(value, int) or abs(value) < EXCEL_DIGITS else str(value) for value in cells(column)]
    if isinstance(dtype, pl.Datetime) or dtype == pl.Date:
        zoned = isinstance(dtype, pl.Datetime) and dtype.time_zone
        plain = column.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if zoned else column
        return [value if value is None or value.year >= EXCEL_FIRST_YEAR else value.isoformat() for value in plain.to_list()]
    return list(cells(column))
