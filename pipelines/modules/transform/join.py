"""Join Data: put together rows of two tables that share key values."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Columns, Of, Titles, When
from pipelines.catalogue.ports import Table

How = Annotated[
    Literal["inner", "left", "full", "semi"],
    Titles(inner="Rows with a partner", left="All left rows", full="All rows of both", semi="Left rows with a partner, left columns only"),
]


@module("Join Data", columns=PROBE, aliases=("merge", "lookup", "inner join", "left outer join", "semi-join"))
def join(
    left: Table,
    right: Table,
    *,
    left_keys: Annotated[Columns, Of("left")],
    right_keys: Annotated[Columns, Of("right")],
    how: How = "inner",
    match_case: bool = True,
    keep_right_keys: Annotated[bool, When("how", "inner", "left", "full")] = True,
) -> Table:
    """Put together the rows of two tables that have the same values in the key columns.

    Missing key values match nothing. A right column whose name is taken gets _right after its name. Rows keep the order of the left table.

    Args:
        left: The first table, whose columns come first.
        right: The second table.
        left_keys: The key columns of the left table, named in the order of the right ones.
        right_keys: The key columns of the right table, in the same order.
        how: Which rows to keep.
        match_case: Whether capital and small letters differ in text keys.
        keep_right_keys: Keep the right key columns as well.

    Returns:
        The joined rows.
    """
    ours, theirs = left_keys.ordered(left), right_keys.ordered(right)
    _check(left, right, ours, theirs)
    keys = [f"__key_{place}" for place in range(len(ours))]
    taken = set(left.frame.columns)
    new = {column: _free(column, taken) for column in right.frame.columns}
    left_frame = left.frame.with_columns(_keys(left.frame, ours, right.frame, theirs, match_case))
    right_frame = right.frame.with_columns(_keys(right.frame, theirs, left.frame, ours, match_case)).rename(new)
    order: Literal["left", "left_right"] = "left_right" if how == "full" else "left"
    joined = left_frame.join(right_frame, on=keys, how=how, coalesce=True if how != "semi" else None, maintain_order=order).drop(keys)
    roles = {**({new[column]: role for column, role in right.roles.items()} if how != "semi" else {}), **left.roles}
    if how != "semi" and not keep_right_keys:
        if how == "full":
            joined = joined.with_columns(_either(joined, our, new[their]) for our, their in zip(ours, theirs, strict=True))
        joined = joined.drop(new[their] for their in theirs)
    return Table(joined, roles).with_frame(joined)


def _check(left: Table, right: Table, ours: list[str], theirs: list[str]) -> None:
    if not ours or len(ours) != len(theirs):
        raise ModuleError(
            "wrong_number_of_keys",
            f"Key columns chosen: {len(ours)} on the left, {len(theirs)} on the right; they must be as many, and at least one.",
            param="right_keys",
            port="right",
            remedy="Choose the same number of key columns on both sides, in the same order.",
        )
    for our, their in zip(ours, theirs, strict=True):
        one, other = left.frame.schema[our], right.frame.schema[their]
        if kind_of(one) != kind_of(other) or (kind_of(one) in ("datetime", "other") and one != other):
            raise ModuleError(
                "key_types_differ",
                f"The keys '{our}' ({one}) and '{their}' ({other}) are of different types, so no values can match.",
                param="right_keys",
                port="right",
                column=their,
                remedy="Give both the same type with Edit Metadata.",
            )


def _keys(frame: pl.DataFrame, columns: list[str], other: pl.DataFrame, others: list[str], match_case: bool) -> list[pl.Expr]:
    keys = []
    for place, (column, partner) in enumerate(zip(columns, others, strict=True)):
        key, dtype = pl.col(column), frame.schema[column]
        if kind_of(dtype) == "text":
            key = key.cast(pl.String) if match_case else key.cast(pl.String).str.to_lowercase()
        elif kind_of(dtype) == "number":
            key = key.cast(pl.Int64 if dtype.is_integer() and other.schema[partner].is_integer() else pl.Float64)
        keys.append(key.alias(f"__key_{place}"))
    return keys


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name = f"{name}_right"
    taken.add(name)
    return name


def _either(frame: pl.DataFrame, our: str, their: str) -> pl.Expr:
    ours = pl.col(our).cast(pl.String) if kind_of(frame.schema[our]) == "text" else pl.col(our)
    return pl.coalesce(ours, pl.col(their).cast(pl.String) if kind_of(frame.schema[their]) == "text" else pl.col(their)).alias(our)
