"""The key columns by which two tables are joined."""

from __future__ import annotations

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError


def check(left: pl.DataFrame, right: pl.DataFrame, ours: list[str], theirs: list[str]) -> None:
    """Make sure that two tables can be joined by these columns; their frames need no rows.

    Raises:
        ModuleError: `wrong_number_of_keys` or `key_types_differ`.
    """
    if not ours or len(ours) != len(theirs):
        raise ModuleError(
            "wrong_number_of_keys",
            f"Key columns selected: {len(ours)} on the left, {len(theirs)} on the right; select the same number on both sides, at least one.",
            param="right_keys",
            port="right",
            remedy="Select matching key columns on both sides, in the same order.",
        )
    for our, their in zip(ours, theirs, strict=True):
        one, other = left.schema[our], right.schema[their]
        if kind_of(one) != kind_of(other) or (kind_of(one) in ("datetime", "other") and one != other):
            raise ModuleError(
                "key_types_differ",
                f"The keys “{our}” ({one}) and “{their}” ({other}) have different types, so no values can match.",
                param="right_keys",
                port="right",
                column=their,
                remedy="Convert one of them with Edit Metadata.",
            )


def keys_of(frame: pl.DataFrame, columns: list[str], other: pl.DataFrame, others: list[str], match_case: bool) -> list[pl.Expr]:
    """The key columns of one table, of types in which they match those of the other."""
    keys = []
    for place, (column, partner) in enumerate(zip(columns, others, strict=True)):
        key, dtype = pl.col(column), frame.schema[column]
        if kind_of(dtype) == "text":
            key = key.cast(pl.String) if match_case else key.cast(pl.String).str.to_lowercase()
        elif kind_of(dtype) == "number":
            key = key.cast(pl.Int64 if dtype.is_integer() and other.schema[partner].is_integer() else pl.Float64)
        keys.append(key.alias(f"__key_{place}"))
    return keys
