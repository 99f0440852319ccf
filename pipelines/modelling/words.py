"""Columns of text, and the words in them."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from pipelines.catalogue.columns import Selector, kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log


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
