"""From a table of ratings to a recommender."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.kinds.recommender import ARRAYS, Recommender
from pipelines.modules.recommendation._factorizing import Asked, Coded, Factors
from pipelines.modules.recommendation._ratings import ITEM, RANK, RATING, RATINGS, USER, check_once, read_ratings
from pipelines.modules.recommendation._training_report import training_report

NAME = "SVD Recommender"


def check_names(table: Table, named: dict[str, str]) -> None:
    """Check that the columns are there and have no name of the results.

    Raises:
        ModuleError: `unknown_column` or `reserved_name`.
    """
    for param, column in named.items():
        require(column, table, param=param)
        if column in (RATINGS, RANK):
            raise ModuleError(
                "reserved_name",
                f"A column is named “{column}”, like one that scoring adds.",
                port="table",
                param=param,
                column=column,
                remedy="Rename it with Edit Metadata.",
            )


def known_ratings(table: Table, user: str, item: str, rating: str, feedback: str) -> pl.DataFrame:
    """Return the complete ratings of a table, one of each pair.

    Raises:
        ModuleError: `no_rows` or `rated_twice`.
    """
    ratings = read_ratings(table, "table", user, item, rating)
    ratings = _added_up(ratings) if feedback == "implicit" else ratings
    if not ratings.height:
        raise ModuleError("no_rows", "The table has no complete rating.", port="table", remedy="Use rows with user, item and rating.")
    check_once(ratings, user, item, "table")
    return ratings


def _added_up(ratings: pl.DataFrame) -> pl.DataFrame:
    """Counts of each pair; the sums are in the order of the values, so that they do not depend on that of the rows."""
    if lost := ratings.height - (ratings := ratings.filter(pl.col(RATING) > 0)).height:
        log(f"{counted(lost, 'row')} with a count of 0 or less {'was' if lost == 1 else 'were'} left out.", "warning")
    added = ratings.group_by(USER, ITEM).agg(pl.col(RATING).sort().sum())
    if less := ratings.height - added.height:
        log(f"{counted(less, 'row')} of the same user and item {'was' if less == 1 else 'were'} added to another one.")
    return added


def coded_ratings(ratings: pl.DataFrame, users: int, items: int) -> Coded:
    """Return ratings as places in the order of the values."""
    coded = ratings.select(pl.col(USER, ITEM).rank("dense").cast(pl.Int64) - 1, RATING).sort(USER, ITEM)
    user, item, rating = (np.ascontiguousarray(coded[column].to_numpy()) for column in (USER, ITEM, RATING))
    return Coded(user, item, rating, users, items)


def recommender_of(
    columns: tuple[str, str, str], ids: tuple[pl.Series, pl.Series], ratings: Coded, found: Factors, asked: Asked
) -> Recommender:
    """Return the recommender with its report."""
    unused = "confidence" if asked.feedback == "explicit" else "bias_regularization"
    settings = {name: value for name, value in asdict(asked).items() if name != unused}
    known = Recommender(NAME, *columns, *ids, *found.biases, *found.factors, mean=found.mean, settings=settings)
    recommender = _with_unknown(replace(known, bounds=_bounds(ratings) if asked.feedback == "explicit" else None))
    return replace(recommender, report=training_report(recommender, ratings, found.course))


def _bounds(ratings: Coded) -> tuple[float, float]:
    return float(ratings.values.min()), float(ratings.values.max())


def _with_unknown(known: Recommender) -> Recommender:
    """A recommender with an unknown user and item: their biases and factors are 0, since nothing is known of them; of counts the mean of all."""
    last: dict[str, Any] = {
        name: getattr(known, name).mean(axis=0) if known.bounds is None else 0 * getattr(known, name)[0] for name in ARRAYS
    }
    arrays: dict[str, Any] = {name: np.concatenate([getattr(known, name), np.asarray(row)[None]]) for name, row in last.items()}
    return replace(known, **arrays)
