"""Join Data: put together rows of two tables that share key values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Of, Range, Title, Titles, When
from pipelines.catalogue.ports import Query, Table
from pipelines.modules.transform._matching import check, crossed, matched
from pipelines.modules.transform._naming import free

How = Annotated[
    Literal["inner", "left", "right", "full", "semi", "anti", "cross"],
    Title("Join type"),
    Titles(
        inner="Inner join", left="Left outer join", right="Right outer join", full="Full outer join", semi="Left semi join",
        anti="Left anti join", cross="Cross join",
    ),
]  # fmt: skip
Partners = Annotated[
    Literal["any", "one_to_one", "many_to_one", "one_to_many"],
    Title("Expected keys"),
    Titles(
        any="Not checked", one_to_one="Unique in both tables (one to one)", many_to_one="Unique in the right table (many to one)",
        one_to_many="Unique in the left table (one to many)",
    ),
]  # fmt: skip
BY_KEYS = ("inner", "left", "right", "full", "semi", "anti")
WIDE = ("inner", "left", "right", "full")
MAIN = {"right": ("right",), "full": ("left", "right")}  # the inputs whose rows are returned; of the other joins it is the left one
ALIASES = ("merge", "lookup", "inner join", "left outer join", "right outer join", "semi-join", "anti-join", "cross join", "cartesian")


def _right_columns(settings: Mapping[str, Any], left: Table, right: Table) -> Mapping[str, list[tuple[int, str]]]:
    taken = set(left.frame.columns)
    new = {column: free(column, taken) for column in right.frame.columns}
    return {**{name: [(1, column)] for column, name in new.items()}, **{column: [(0, column)] for column in left.frame.columns}}


@module(
    "Join Data",
    icon="arrow-merge",
    aliases=ALIASES,
    lineage=Lineage(rows="some", of=lambda settings: MAIN.get(settings["how"], ("left",)), derives=_right_columns),
)
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
    most_rows: Annotated[int, Title("Maximum rows"), Range(1), When("how", "cross")] = 10_000_000,
) -> Query:
    """Join two tables on key columns.

    Missing keys match nothing. A right column whose name is already in the left table gets the suffix _right. Rows keep the order of the left
    table; in a right outer join, that of the right table. A semi join keeps the left rows with a match, an anti join those without, both with the left
    columns only. A key that occurs several times in both tables gives every pair of its rows, which can be far more rows than either table has; set the
    expected keys to get an error instead.

    When to use:
        To add the columns of another table by a key, or to keep rows with or without a partner there.

    Args:
        left: The first table. Its columns come first.
        right: The second table.
        left_keys: The key columns of the left table, in the order of the right ones.
        right_keys: The key columns of the right table, in the same order.
        how: Which rows to keep.
        match_case: Whether text keys are case-sensitive.
        keep_right_keys: Keep the key columns of the right table as well.
        partners: Where each key may occur only once. This is checked before joining, and the log shows how many keys of each table have no match.
        most_rows: The maximum number of rows of a cross join; more are an error.

    Returns:
        The joined rows.

    Example:
        left: {"data.dataset": {"dataset": "movie_ratings"}}
        right: {"data.dataset": {"dataset": "movies"}}
        left_keys: ["movieId"]
        right_keys: ["movieId"]
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
