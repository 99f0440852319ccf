"""Long rows as a wide table: which columns come, and their values."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import class_text, counted, listed
from pipelines.catalogue.reporting import log
from pipelines.modules.transform._figures import grouped
from pipelines.modules.transform._naming import unused

MISSING = "missing"


def texts_of(values: pl.Series) -> pl.Series:
    """The values of a column as names of columns; those that are no number are missing ones."""
    return class_text(values.fill_nan(None) if values.dtype.is_float() else values).fill_null(MISSING)


def typed_headers(typed: str) -> list[str]:
    """The headers that a text names.

    Raises:
        ModuleError: `duplicate_column`.
    """
    wanted = [part.strip() for part in typed.split(",") if part.strip()]
    if twice := next((name for name in wanted if wanted.count(name) > 1), None):
        raise ModuleError("duplicate_column", f"“{twice}” is listed twice.", column=twice, param="headers", remedy="List each value once.")
    return wanted


def tell_left_out(texts: pl.Series, wanted: Sequence[str]) -> None:
    """Note the values of the header column that get no column."""
    strange = texts.filter(~texts.is_in(list(wanted)))
    if len(strange):
        log(
            f"Removed {counted(len(strange), 'row')} with other header values: {listed(strange.unique(maintain_order=True).to_list())}.",
            "warning",
        )


def found_headers(values: pl.Series, most: int) -> list[str]:
    """The values of the header column in order, missing ones last.

    Raises:
        ModuleError: `too_many_values`.
    """
    different = values.unique().sort(nulls_last=True)
    if len(different) > most:
        raise ModuleError(
            "too_many_values",
            f"“{values.name}” has {len(different):,} distinct values; the maximum is {most:,}.",
            column=values.name,
            param="most_columns",
            port="table",
            remedy="Select a column with fewer values, list the header values, or raise the maximum.",
        )
    return list(dict.fromkeys(texts_of(different)))


def names_of(rows: Sequence[str], values: Sequence[str], headers: Sequence[str]) -> dict[tuple[str, str], str]:
    """What the new columns are called, by value column and header: the header alone where one column gives the values.

    Raises:
        ModuleError: `duplicate_column`.
    """
    names = {(value, header): header if len(values) == 1 else f"{value}_{header}" for value in values for header in headers}
    taken = set(rows)
    for name in names.values():
        if name in taken:
            raise ModuleError(
                "duplicate_column",
                f"Two columns would be named “{name}”.",
                column=name,
                param="rows",
                port="table",
                remedy="Rename the row column with Edit Metadata first.",
            )
        taken.add(name)
    return names


def wide(frame: pl.DataFrame, rows: Sequence[str], header: str, names: dict[tuple[str, str], str], aggregate: str) -> pl.DataFrame:
    """One row for each combination of values in the row columns, in the order in which they are met first.

    Header values become texts here unless they are; of numbers, that is sooner done than on all rows.

    Raises:
        ModuleError: `several_values` or `too_large`.
    """
    if not names:
        return frame.select(rows).unique(maintain_order=True)
    values, headers = list(dict.fromkeys(value for value, _ in names)), list(dict.fromkeys(text for _, text in names))
    by, figure = [*rows, header], "first" if aggregate == "only" else aggregate
    groups = grouped(frame, by, {value: (value, figure) for value in values}, "aggregate")
    if aggregate == "only" and groups.height < frame.height:
        raise _several(frame, by)
    groups = groups.with_columns(texts_of(groups[header]))
    places = {value: f"{unused([*by, *values])}{place}" for place, value in enumerate(values)}  # names that no row column has
    numbered = groups.rename(places)
    spread = numbered.pivot(
        header, on_columns=headers, index=rows, values=list(places.values()), aggregate_function=None, maintain_order=True
    )
    spread.columns = [*rows, *names.values()]
    return spread


def _several(frame: pl.DataFrame, by: Sequence[str]) -> ModuleError:
    again = frame.select(by).filter(pl.struct(by).is_duplicated()).row(0, named=True)
    told = ", ".join(f"“{column}” = {value}" for column, value in again.items())
    return ModuleError(
        "several_values",
        f"Several rows have {told}, so the cell has more than one value.",
        column=by[-1],
        param="aggregate",
        port="table",
        remedy="Select an aggregate such as the mean, or remove duplicates with Remove Duplicate Rows.",
    )
