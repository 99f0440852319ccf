"""Join Data: put together rows of two tables that share key values."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Of, Range, Titles, When
from pipelines.catalogue.ports import Query
from pipelines.modules.transform._matching import check, crossed, matched
from pipelines.modules.transform._naming import free

How = Annotated[
    Literal["inner", "left", "right", "full", "semi", "anti", "cross"],
    Titles(
        inner="Rows with a partner", left="All left rows", right="All right rows", full="All rows of both",
        semi="Left rows with a partner, left columns only", anti="Left rows without a partner, left columns only",
        cross="Every left row with every right row",
    ),
]  # fmt: skip
Partners = Annotated[
    Literal["any", "one_to_one", "many_to_one", "one_to_many"],
    Titles(
        any="Any number of partners", one_to_one="Keys come once in both tables", many_to_one="Keys come once in the right table",
        one_to_many="Keys come once in the left table",
    ),
]  # fmt: skip
BY_KEYS = ("inner", "left", "right", "full", "semi", "anti")
WIDE = ("inner", "left", "right", "full")
ALIASES = (
    "merge",
    "lookup",
    "inner join",
    "left outer join",
    "right outer join",
    "semi-join",
    "anti-join",
    "cross join",
    "cartesian product",
)


@module("Join Data", icon="arrow-merge", aliases=ALIASES)
def join(
    left: Query,
    right: Query,
    *,
    left_keys: Annotated[Columns | None, Of("left"), When("how", *BY_KEYS)],
    right_keys: Annotated[Columns | None, Of("right"), When("how", *BY_KEYS)],
    how: How = "inner",
    match_case: Annotated[bool, When("how", *BY_KEYS)] = True,
    keep_right_keys: Annotated[bool, When("how", *WIDE)] = True,
    partners: Annotated[Partners, When("how", *BY_KEYS)] = "any",
    most_rows: Annotated[int, Range(1), When("how", "cross")] = 10_000_000,
) -> Query:
    """Join two tables on key columns.

    Missing key values match nothing. A right column whose name is taken gets _right after its name. Rows keep the order of the left table; with
    all right rows, that of the right table. A key that comes several times in both tables gives every pair of its rows, which can be many
    more rows than either table has: say how many partners you expect, and such keys are an error.

    Args:
        left: The first table. Its columns come first.
        right: The second table.
        left_keys: The key columns of the left table, in the order of the right ones.
        right_keys: The key columns of the right table, in the same order.
        how: Which rows to keep.
        match_case: Whether capital and small letters differ in text keys.
        keep_right_keys: Keep the right key columns as well.
        partners: How many partners a row may have. Any but the first choice is checked before joining; the log then says how many keys of either
            table have no partner.
        most_rows: More rows than this are refused.

    Returns:
        The joined rows.
    """
    one, other = left.head.frame, right.head.frame
    taken = set(one.columns)
    new = {column: free(column, taken) for column in other.columns}
    roles = {**{new[column]: role for column, role in right.roles.items()}, **left.roles}
    if how == "cross":
        product = crossed(left, right, new, most_rows)
        return Query(product, roles).with_frame(product)
    ours, theirs = left_keys.ordered(left.head) if left_keys else [], right_keys.ordered(right.head) if right_keys else []
    check(one, other, ours, theirs)
    joined = matched(left, right, (ours, theirs), new, how, match_case, partners)
    if how in ("semi", "anti"):
        return left.with_frame(joined)
    if not keep_right_keys:
        if how in ("right", "full"):
            joined = joined.with_columns(_either(one, our, other, their, new) for our, their in zip(ours, theirs, strict=True))
        joined = joined.drop(new[their] for their in theirs)
    return Query(joined, roles).with_frame(joined)


def _either(left: pl.DataFrame, our: str, right: pl.DataFrame, their: str, new: dict[str, str]) -> pl.Expr:
    ours, theirs = pl.col(our), pl.col(new[their])
    ours = ours.cast(pl.String) if kind_of(left.schema[our]) == "text" else ours
    return pl.coalesce(ours, theirs.cast(pl.String) if kind_of(right.schema[their]) == "text" else theirs).alias(our)
