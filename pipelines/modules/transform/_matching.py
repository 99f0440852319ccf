"""The key columns by which two tables are joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import polars as pl

from pipelines.catalogue.allowance import memory_allowance
from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted, listed
from pipelines.catalogue.ports import Query
from pipelines.catalogue.reporting import log
from pipelines.modules.transform._naming import unused

How = Literal["inner", "left", "right", "full", "semi", "anti"]
Partners = Literal["any", "one_to_one", "many_to_one", "one_to_many"]


def check(left: pl.DataFrame, right: pl.DataFrame, ours: Sequence[str], theirs: Sequence[str]) -> None:
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


def keys_of(frame: pl.DataFrame, columns: Sequence[str], other: pl.DataFrame, others: Sequence[str], match_case: bool) -> list[pl.Expr]:
    """The key columns of one table, of types in which they match those of the other."""
    keys = []
    for column, partner in zip(columns, others, strict=True):
        key, dtype = pl.col(column), frame.schema[column]
        if kind_of(dtype) == "text":
            key = key.cast(pl.String) if match_case else key.cast(pl.String).str.to_lowercase()
        elif kind_of(dtype) == "number" and not (dtype.is_integer() and dtype == other.schema[partner]):
            key = key.cast(pl.Int64 if dtype.is_integer() and other.schema[partner].is_integer() else pl.Float64)
        keys.append(key)
    return keys


def matched(
    left: Query,
    right: Query,
    named: tuple[Sequence[str], Sequence[str]],
    new: Mapping[str, str],
    how: How,
    match_case: bool,
    partners: Partners,
) -> pl.LazyFrame:
    """The joined rows: the left columns, then the right ones by their new names. A right outer join keeps the order of the right table.

    Raises:
        ModuleError: `keys_repeat`, when keys come more often than expected.
    """
    (ours, theirs), one, other = named, left.head.frame, right.head.frame
    mine, yours = keys_of(one, ours, other, theirs, match_case), keys_of(other, theirs, one, ours, match_case)
    keys = [f"{unused([*one.columns, *other.columns, *new.values()])}{place}" for place in range(len(ours))]
    left_frame, right_frame = (
        table.frame.with_columns(key.alias(name) for key, name in zip(compared, keys, strict=True))
        for table, compared in ((left, mine), (right, yours))
    )
    if partners != "any":
        check_partners(Query(left_frame), Query(right_frame), keys, {"left": ours, "right": theirs}, partners)
    # the order of the other side too: else the rows that match one row come in another order each time
    order: Literal["right_left", "left_right"] = "right_left" if how == "right" else "left_right"
    coalesce = None if how in ("semi", "anti") else False
    if all(
        one.schema[our] == other.schema[their] and _as_it_is(one.schema[our], match_case) for our, their in zip(ours, theirs, strict=True)
    ):
        renamed = right.frame.rename(new)  # no copies of the keys, which cost as much as the join
        on = [new[their] for their in theirs]
        return left.frame.join(renamed, left_on=list(ours), right_on=on, how=how, coalesce=coalesce, maintain_order=order)
    right_frame = right_frame.rename(new)
    return left_frame.join(right_frame, on=keys, how=how, coalesce=None if coalesce is None else True, maintain_order=order).drop(keys)


def _as_it_is(kind: pl.DataType, match_case: bool) -> bool:
    """Whether keys of this type are compared as they are."""
    return kind.is_integer() or kind in (pl.Float64, pl.Boolean) or (kind == pl.String and match_case) or kind_of(kind) == "datetime"


def crossed(left: Query, right: Query, new: Mapping[str, str], most_rows: int) -> pl.LazyFrame:
    """Every left row beside every right row.

    Raises:
        ModuleError: `too_many_rows`, before any row is made.
    """
    counts = [int(each.with_frame(each.frame.select(pl.len())).collect().frame.item()) for each in (left, right)]
    rows, width = counts[0] * counts[1], len(left.head.frame.columns) + len(new)
    held, allowed = rows * width * 8, memory_allowance()
    if rows > most_rows or held > allowed:
        limit = f"the maximum is {most_rows:,}" if rows > most_rows else f"it needs about {held / 2**20:,.0f}\u00a0MB"
        raise ModuleError(
            "too_many_rows",
            f"The cross join of {counts[0]:,} and {counts[1]:,} rows has {rows:,} rows; {limit}.",
            port="right",
            param="most_rows",
            remedy="Filter or sample the tables first, join on key columns, or raise the maximum.",
        )
    # a cross join of a stream gives its rows in another order each time; a join by a constant key keeps it
    key = unused([*left.head.frame.columns, *new.values()])
    ones = [frame.with_columns(pl.lit(0, pl.Int8).alias(key)) for frame in (left.frame, right.frame.rename(new))]
    return ones[0].join(ones[1], on=key, how="inner", maintain_order="left_right").drop(key)


def check_partners(left: Query, right: Query, keys: list[str], named: Mapping[str, Sequence[str]], partners: Partners) -> None:
    """Make sure that a row has at most one partner where that is expected; missing keys have none.

    Args:
        left: The left table, with the key columns as they are compared.
        right: The right table, likewise.
        keys: Those key columns.
        named: The key columns as the user named them, by port.
        partners: What is expected: `one_to_one`, `one_to_many` or `many_to_one`.

    Raises:
        ModuleError: `keys_repeat`.
    """
    rows = {port: Query(table.frame.select(keys)).collect().frame for port, table in (("left", left), ("right", right))}
    different = {port: _different(frame).drop_nulls() for port, frame in rows.items()}
    for port, sort in (("left", "one_to_many"), ("right", "many_to_one")):
        if partners in ("one_to_one", sort) and different[port].height < (known := rows[port].drop_nulls()).height:
            raise _repeated(port, known, named[port])
    for port, other in (("left", "right"), ("right", "left")):
        alone = different[port].join(different[other], on=keys, how="anti").height
        log(f"{port.capitalize()} keys without a match: {alone:,} of {different[port].height:,}.")


def _different(rows: pl.DataFrame) -> pl.DataFrame:
    """Each row once, in any order; of a single column, which is sooner done by itself."""
    return rows.to_series().unique().to_frame() if rows.width == 1 else rows.unique()


def _repeated(port: str, rows: pl.DataFrame, named: Sequence[str]) -> ModuleError:
    again = rows.group_by(pl.all(), maintain_order=True).agg(pl.len().alias(unused(rows.columns))).filter(pl.last() > 1)
    *values, times = again.row(0)
    return ModuleError(
        "keys_repeat",
        f"{counted(again.height, 'key')} of the {port} table {'occurs' if again.height == 1 else 'occur'} more than once;"
        f" the first is {listed(named)} = {', '.join(map(str, values))}, in {times:,} rows.",
        port=port,
        param=f"{port}_keys",
        column=named[0],
        remedy="Remove the duplicates with Remove Duplicate Rows, select more key columns, or change the expected keys.",
    )
