"""Columns of text, and the words in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.columns import Selector, kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log

# A table has a cell for each text and n-gram, most of them 0; learners and the store take no sparse tables.
MOST_BYTES = 2 * 1024**3
MOST_COLUMNS = 10_000


def need_texts(frame: pl.DataFrame, columns: Iterable[str], *, param: str = "columns") -> None:
    """Check that the columns hold text.

    Raises:
        ModuleError: `not_a_text`, naming the first that does not.
    """
    schema = frame.schema
    for column in columns:
        if schema[column] != pl.Null and kind_of(schema[column]) != "text":
            raise ModuleError(
                "not_a_text",
                f"“{column}” holds {schema[column]} values, not text.",
                column=column,
                param=param,
                port="table",
                remedy="Select a text column, or change the type with Edit Metadata.",
            )


def chosen_texts(table: Table, columns: Selector) -> list[str]:
    """Return the selected columns, after a check that there are some and that they hold text.

    Raises:
        ModuleError: `not_a_text` or `no_columns`.
    """
    chosen = columns.pick(table)
    need_texts(table.frame, chosen)
    if not chosen:
        raise ModuleError("no_columns", "No text column is selected.", param="columns", port="table", remedy="Select a text column.")
    return chosen


def documents(frame: pl.DataFrame, column: str) -> list[str]:
    """Return the texts of a column as a vectorizer takes them: a missing one is empty; the log counts them."""
    texts = frame[column].cast(pl.String)
    if missing := texts.null_count():
        log(f"“{column}” is missing in {counted(missing, 'row')}, which {'counts' if missing == 1 else 'count'} as without words.", "info")
    return texts.fill_null("").to_list()


def new_columns(frame: pl.DataFrame, made: Iterable[pl.Series]) -> pl.DataFrame:
    """Return the frame with columns appended.

    Raises:
        ModuleError: `duplicate_column`, when the frame has one of them.
    """
    series = list(made)
    present = set(frame.columns)
    if taken := next((each.name for each in series if each.name in present), None):
        raise ModuleError(
            "duplicate_column",
            f"The table has a column “{taken}”, as a new one is called.",
            column=taken,
            port="table",
            remedy="Rename it with Edit Metadata, or do not keep it.",
        )
    return pl.concat([frame, pl.DataFrame(series)], how="horizontal") if series else frame


def wide(matrix: Any, names: Sequence[str], dtype: type[pl.DataType]) -> list[pl.Series]:
    """Return the columns of a sparse matrix as dense series.

    Raises:
        ModuleError: `too_many_columns` or `too_large`, when they take more than MOST_BYTES.
    """
    rows, columns = matrix.shape
    if columns > MOST_COLUMNS:
        words = f"{counted(columns, 'new column')} would be added; the maximum is {MOST_COLUMNS:,}."
        raise ModuleError("too_many_columns", words, port="table", remedy="Reduce their number, or use Feature Hashing.")
    kinds: dict[type[pl.DataType], type[np.number[Any]]] = {pl.UInt8: np.uint8, pl.Int32: np.int32, pl.Float64: np.float64}
    kind = kinds[dtype]
    if (size := rows * columns * np.dtype(kind).itemsize) > MOST_BYTES:
        taken, most = (f"{bytes / 1024**3:.3g} GB" for bytes in (size, MOST_BYTES))
        words = f"{counted(rows, 'row')} and {counted(columns, 'new column')} take {taken}; the maximum is {most}."
        raise ModuleError("too_large", words, port="table", remedy="Reduce the number of new columns, or use fewer rows.")
    turned = matrix.tocsc()
    made = []
    for at, name in enumerate(names):
        values = np.zeros(rows, dtype=kind)
        part = slice(turned.indptr[at], turned.indptr[at + 1])
        values[turned.indices[part]] = turned.data[part]
        made.append(pl.Series(name, values, dtype=dtype))
    return made
