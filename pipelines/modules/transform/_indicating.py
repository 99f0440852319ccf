"""Indicator columns by fitted values; shared by Convert to Indicator Values and Apply Transformation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import some_values
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.catalogue.transforms import applies
from pipelines.modelling.fitted import needed
from pipelines.modules.transform._cleaning import finite


@applies("convert_to_indicator")
def indicate(table: Table, state: Mapping[str, Any]) -> Table:
    """Add the fitted indicator columns."""
    names = [column["name"] for column in state["columns"]]
    needed(table, names)
    made = [indicator for column in state["columns"] for indicator in _indicators(table.frame, column)]
    wide = table.frame.with_columns(made)
    return table.with_frame(wide.drop(names) if state["replace"] else wide)


def as_texts(values: pl.Series) -> pl.Series:
    """The values of a column as categories; what is no finite number is missing."""
    return values.dt.to_string() if values.dtype == pl.Duration else finite(values).cast(pl.String)


def categories_of(table: Table, column: str) -> pl.Series:
    """The values of a column to fit categories on, as `as_texts`.

    Raises:
        ModuleError: `wrong_type`, when it holds lists or objects.
    """
    if kind_of(table.frame[column].dtype) == "other":
        raise ModuleError(
            "wrong_type",
            f"“{column}” contains lists or objects, which cannot be categories.",
            column=column,
            param="columns",
            port="table",
            remedy="Select other columns.",
        )
    return as_texts(table.frame[column])


def _tell_strangers(texts: pl.Series, places: pl.Series, column: Mapping[str, Any]) -> None:
    """Note the rows that get 0 in every column, since their value was not there when the columns were fitted."""
    strange = places.null_count() > texts.null_count()
    new = texts.filter(places.is_null() & texts.is_not_null()) if strange else texts.clear()
    gaps = 0 if column["missing"] else texts.null_count()
    for rows, what, some in (
        (len(new), "a value that did not occur", f" ({some_values(new)})"),
        (gaps, "a missing value, although none was missing", ""),
    ):
        if rows:
            told = "1 row has" if rows == 1 else f"{rows:,} rows have"
            log(f"“{column['name']}”: {told} {what} when the columns were fitted{some}; all indicators are 0 in those rows.", "warning")


def _indicators(frame: pl.DataFrame, column: Mapping[str, Any]) -> Iterator[pl.Series]:
    name, values = column["name"], column["values"]
    texts = as_texts(frame[name])
    places = texts.cast(pl.Enum(values), strict=False).to_physical()  # texts are looked up once, and numbers compared for each column
    _tell_strangers(texts, places, column)
    place = places.cast(pl.UInt32).fill_null(len(values))
    wanted = [(f"{name}-{text}", place == at) for at, text in enumerate(values)]
    wanted += [(f"{name}-Missing", texts.is_null())] if column["missing"] else []
    titles = [title for title, _ in wanted]
    for title, holds in wanted:
        if title in frame.columns or titles.count(title) > 1:
            raise ModuleError(
                "duplicate_column",
                f"Two columns would be named “{title}”.",
                column=title,
                port="table",
                remedy="Rename it with Edit Metadata.",
            )
        yield holds.cast(pl.UInt8).alias(title)
