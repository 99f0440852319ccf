"""Join Data: put together rows of two tables that share key values."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Of, Title, Titles, When
from pipelines.catalogue.ports import Query
from pipelines.modules.transform._matching import check, keys_of

How = Annotated[
    Literal["inner", "left", "full", "semi"],
    Title("Join type"),
    Titles(inner="Inner join", left="Left outer join", full="Full outer join", semi="Left semi join"),
]


@module("Join Data", icon="arrow-merge", aliases=("merge", "lookup", "inner join", "left outer join", "semi-join"))
def join(
    left: Query,
    right: Query,
    *,
    left_keys: Annotated[Columns, Of("left")],
    right_keys: Annotated[Columns, Of("right")],
    how: How = "inner",
    match_case: bool = True,
    keep_right_keys: Annotated[bool, When("how", "inner", "left", "full")] = True,
) -> Query:
    """Join two tables on key columns.

    Missing keys match nothing. A right column whose name is already in the left table gets the suffix _right. Rows keep the order of the left
    table.

    Args:
        left: The first table. Its columns come first.
        right: The second table.
        left_keys: The key columns of the left table, in the order of the right ones.
        right_keys: The key columns of the right table, in the same order.
        how: Which rows to keep.
        match_case: Whether text keys are case-sensitive.
        keep_right_keys: Keep the key columns of the right table as well.

    Returns:
        The joined rows.
    """
    ours, theirs = left_keys.ordered(left.head), right_keys.ordered(right.head)
    one, other = left.head.frame, right.head.frame
    check(one, other, ours, theirs)
    keys = [f"__key_{place}" for place in range(len(ours))]
    taken = set(one.columns)
    new = {column: _free(column, taken) for column in other.columns}
    left_frame = left.frame.with_columns(keys_of(one, ours, other, theirs, match_case))
    right_frame = right.frame.with_columns(keys_of(other, theirs, one, ours, match_case)).rename(new)
    order: Literal["left", "left_right"] = "left_right" if how == "full" else "left"
    joined = left_frame.join(right_frame, on=keys, how=how, coalesce=True if how != "semi" else None, maintain_order=order).drop(keys)
    if how == "semi":
        return left.with_frame(joined)
    roles = {**{new[column]: role for column, role in right.roles.items()}, **left.roles}
    if not keep_right_keys:
        if how == "full":
            joined = joined.with_columns(_either(one, our, other, their, new) for our, their in zip(ours, theirs, strict=True))
        joined = joined.drop(new[their] for their in theirs)
    return Query(joined, roles).with_frame(joined)


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name = f"{name}_right"
    taken.add(name)
    return name


def _either(left: pl.DataFrame, our: str, right: pl.DataFrame, their: str, new: dict[str, str]) -> pl.Expr:
    ours, theirs = pl.col(our), pl.col(new[their])
    ours = ours.cast(pl.String) if kind_of(left.schema[our]) == "text" else ours
    return pl.coalesce(ours, theirs.cast(pl.String) if kind_of(right.schema[their]) == "text" else theirs).alias(our)
