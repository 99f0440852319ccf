"""Ratings of a table: who rated what, and how; users and items are found again by their values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of, require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted, listed
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.numbers import is_number, numbers_of

RATINGS, RANK = "Scored Ratings", "Rank"
RANKING, PREDICTING = "ranking", "regression"  # the tasks that columns of ranks and of predicted ratings record
LARGEST = 1e100  # the sum of many squares must stay a finite number
USER, ITEM, RATING, ROW = "user", "item", "rating", "row"


def read_ratings(table: Table, port: str, user: str, item: str, rating: str | None) -> pl.DataFrame:
    """Return the columns `user`, `item` and, where a table has ratings, `rating` of the rows in which all have a value, and the `row` of each.

    Raises:
        ModuleError: When a column is not there, is named twice, or has values of another kind.
    """
    named = {USER: user, ITEM: item} | ({} if rating is None else {RATING: rating})
    for param, column in named.items():
        require(column, table, param=param, port=port)
    if len(set(named.values())) < len(named):
        twice = next(column for column in named.values() if list(named.values()).count(column) > 1)
        words = f"“{twice}” is selected more than once."
        raise ModuleError("same_column", words, port=port, param=ITEM, column=twice, remedy="Select different columns.")
    frame = table.frame.select(pl.col(column).alias(param) for param, column in named.items())
    for param, column in list(named.items())[:2]:
        check_ids(frame[param], column, port, param)
    frame = frame.with_columns(_without_gaps(frame[param]) for param in (USER, ITEM))
    if rating is not None:
        frame = frame.with_columns(_numbers(frame[RATING], rating, port))
    known = frame.with_row_index(ROW).drop_nulls()
    if lost := frame.height - known.height:
        log(f"{counted(lost, 'row')} with a missing value in {listed(list(named.values()))} {_was(lost)} left out.", "warning")
    return known


def check_ids(values: pl.Series, column: str, port: str, param: str | None = None) -> None:
    """Check that values can name users or items.

    Raises:
        ModuleError: `not_an_id`.
    """
    if kind_of(values.dtype) not in ("number", "text", "boolean") and values.dtype != pl.Null:
        raise ModuleError(
            "not_an_id",
            f"“{column}” has {kind_of(values.dtype)} values, which cannot name users or items.",
            port=port,
            param=param,
            column=column,
            remedy="Select a column of numbers or texts.",
        )


def check_once(frame: pl.DataFrame, user: str, item: str, port: str) -> None:
    """Check that no user rated an item twice.

    Raises:
        ModuleError: `rated_twice`, with one of the pairs.
    """
    twice = frame.lazy().group_by(USER, ITEM).len().filter(pl.col("len") > 1).sort(USER, ITEM).collect()
    if twice.height:
        who, what, times = twice.row(0)
        raise ModuleError(
            "rated_twice",
            f"{counted(twice.height, 'pair')} of user and item {'is' if twice.height == 1 else 'are'} there more than once,"
            f" such as user “{who}” and item “{what}” {times} times.",
            port=port,
            column=item,
            remedy=f"Keep one row for each with Remove Duplicate Rows, or take a mean of each “{user}” and “{item}” with Group and Summarize.",
        )


def as_ids(dtype: pl.DataType) -> pl.DataType:
    """Return the type in which a recommender keeps the names of users and items."""
    return pl.String() if kind_of(dtype) == "text" or dtype == pl.Null else dtype


def places(values: pl.Series, known: pl.Series, column: str, port: str) -> np.ndarray:
    """Return where each value is among the known ones; -1 where it is not. A number is the same in every type, such as 1 and 1.0.

    Raises:
        ModuleError: `other_type`, for texts where numbers are known, or the other way round.
    """
    check_same(values, known, column, port)
    index = pl.DataFrame({"key": keys(known), "place": np.arange(len(known))})
    found = pl.DataFrame({"key": keys(values)}).join(index, on="key", how="left", maintain_order="left")
    return found["place"].fill_null(-1).to_numpy()


def check_same(values: pl.Series, known: pl.Series, column: str, port: str) -> None:
    """Check that ids of two tables are of one kind.

    Raises:
        ModuleError: `other_type`.
    """
    if len(values) and len(known) and values.dtype != pl.Null and kind_of(values.dtype) != kind_of(known.dtype):
        raise ModuleError(
            "other_type",
            f"“{column}” has {kind_of(values.dtype)} values here, but {kind_of(known.dtype)} values in the other ratings.",
            port=port,
            column=column,
            remedy="Change its type with Edit Metadata.",
        )


def keys(values: pl.Series) -> pl.Series:
    """Return ids as texts."""
    if not (values.dtype.is_float() or values.dtype.is_decimal()):
        return values.cast(pl.String)
    value = pl.col("value").cast(pl.Float64)
    whole = pl.when((value % 1 == 0) & (value.abs() < 2**53)).then(value.cast(pl.Int64, strict=False).cast(pl.String))
    return values.alias("value").to_frame().select(whole.otherwise(value.cast(pl.String)))["value"]


def need_columns(table: Table, columns: Sequence[str], port: str) -> None:
    """Check that a table has the columns of a recommender.

    Raises:
        ModuleError: `missing_columns`.
    """
    if absent := [column for column in columns if column not in table.frame.columns]:
        raise ModuleError(
            "missing_columns",
            f"The table has no column {listed(absent)}, which the recommender was trained with.",
            port=port,
            column=absent[0],
            remedy="Rename the column with Edit Metadata.",
        )


def _was(many: int) -> str:
    return "was" if many == 1 else "were"


def _without_gaps(values: pl.Series) -> pl.Series:
    finite = values.set(~values.is_finite(), None) if values.dtype.is_float() else values
    return finite.cast(as_ids(values.dtype)) if values.dtype != pl.Null else finite.cast(pl.String)


def _numbers(values: pl.Series, column: str, port: str) -> pl.Series:
    if not is_number(values.dtype) and values.dtype != pl.Null:
        raise ModuleError(
            "not_a_number",
            f"“{column}” has {kind_of(values.dtype)} values, not numbers.",
            port=port,
            param=RATING,
            column=column,
            remedy="Select a numeric column, or change the type with Edit Metadata.",
        )
    found = numbers_of(values)
    if bool((found.abs() > LARGEST).any()):
        words = f"“{column}” has values beyond ±1e100, which are too large to square."
        raise ModuleError("too_large", words, port=port, param=RATING, column=column, remedy="Divide the column with Add Column first.")
    return found
