"""Indicator columns by fitted values; shared by Convert to Indicator Values and Apply Transformation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import some_values
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.catalogue.transforms import applies, by_column
from pipelines.modelling.fitted import needed
from pipelines.modelling.parallel import parallel_map
from pipelines.modules.transform._cleaning import finite

MOST_COLUMNS = 50_000


@applies("convert_to_indicator", by_column("columns"))
def indicate(table: Table, state: Mapping[str, Any]) -> Table:
    """Add the fitted indicator columns."""
    frame, columns = table.frame, state["columns"]
    names = [column["name"] for column in columns]
    needed(table, names)
    _check_width(state)
    _check_names(frame, (title for column in columns for title in _titles(column)))
    places = parallel_map(lambda column: _places(frame[column["name"]], column), columns, frame.height)
    # texts are looked up once, and numbers compared for each value
    made = pl.DataFrame([place.alias(str(number)) for number, place in enumerate(places)]).select(_indicators(columns))
    wide = frame.with_columns(made.get_columns())
    return table.with_frame(wide.drop(names) if state["replace"] else wide)


def _check_width(state: Mapping[str, Any]) -> None:
    sizes = {column["name"]: len(column["values"]) + column["missing"] for column in state["columns"]}
    if (total := sum(sizes.values())) > MOST_COLUMNS:
        most = max(sizes, key=lambda name: sizes[name])
        raise ModuleError(
            "too_many_columns",
            f"{total:,} indicator columns would be added; at most {MOST_COLUMNS:,} are allowed. The most, {sizes[most]:,}, are of “{most}”.",
            column=most,
            param="columns",
            port="table",
            remedy="Select fewer columns, or only those that hold categories.",
        )


def as_texts(values: pl.Series, param: str | None = None) -> pl.Series:
    """The values of a column as categories; what is no finite number is missing.

    Raises:
        ModuleError: `wrong_type`, when it holds lists or objects.
    """
    if kind_of(values.dtype) == "other" and values.dtype != pl.Null:
        raise ModuleError(
            "wrong_type",
            f"“{values.name}” contains lists or objects, which cannot be categories.",
            column=values.name,
            param=param,
            port="table",
            remedy="Select other columns."
            if param
            else "Change its type with Edit Metadata, or connect rows like those that were fitted on.",
        )
    return values.dt.to_string() if values.dtype == pl.Duration else finite(values).cast(pl.String)


def categories_of(table: Table, column: str) -> pl.Series:
    """The values of a column to fit categories on, as `as_texts`.

    Raises:
        ModuleError: `wrong_type`, when it holds lists or objects.
    """
    return as_texts(table.frame[column], "columns")


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


def _check_names(frame: pl.DataFrame, titles: Iterable[str]) -> None:
    taken = set(frame.columns)
    for title in titles:
        if title in taken:
            raise ModuleError(
                "duplicate_column",
                f"Two columns would be named “{title}”.",
                column=title,
                port="table",
                remedy="Rename it with Edit Metadata.",
            )
        taken.add(title)


def _titles(column: Mapping[str, Any]) -> list[str]:
    values = [*column["values"], "Missing"] if column["missing"] else column["values"]
    return [f"{column['name']}-{value}" for value in values]


def _places(values: pl.Series, column: Mapping[str, Any]) -> pl.Series:
    """Where the value of each row is among the fitted ones; behind them where it is missing and that counts as one."""
    texts = as_texts(values)
    places = texts.cast(pl.Enum(column["values"]), strict=False).to_physical()
    _tell_strangers(texts, places, column)
    return places.cast(pl.UInt32).set(texts.is_null(), len(column["values"])) if column["missing"] else places


def _indicators(columns: Sequence[Mapping[str, Any]]) -> Iterator[pl.Expr]:
    for number, column in enumerate(columns):
        place = pl.col(str(number))
        for at, title in enumerate(_titles(column)):
            yield place.eq_missing(at).cast(pl.UInt8).alias(title)
