"""The items with the highest predictions for each user, without a matrix of all users and items."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log, progress
from pipelines.kinds.recommender import MOST_NUMBERS
from pipelines.modules.recommendation._predicting import limited, of_pairs, read_pairs, user_places
from pipelines.modules.recommendation._predictor import Predictor
from pipelines.modules.recommendation._ratings import ITEM, RANK, RATINGS, ROW, USER, as_ids, need_columns, places, read_ratings

FIRST = "first"  # the row in which a user comes first


def among_rated(recommender: Predictor, table: Table, fewest: int, most: int) -> pl.DataFrame:
    """Rank the items of each user's own rows; a pair that is there twice counts once."""
    pairs = read_pairs(recommender, table).unique([USER, ITEM], keep="first", maintain_order=True)
    pool = pairs.with_columns(pl.len().over(USER).alias("pool"), pl.col(ROW).min().over(USER).alias(FIRST))
    kept = pool.filter(pl.col("pool") >= fewest)
    if lost := pool[USER].n_unique() - kept[USER].n_unique():
        was = "was" if lost == 1 else "were"
        log(f"{counted(lost, 'user')} with fewer than {counted(fewest, 'rated item')} {was} left out.", "warning")
    scored = kept.with_columns(pl.Series(RATINGS, of_pairs(recommender, kept), pl.Float64))
    ranked = scored.sort(FIRST, RATINGS, ROW, descending=[False, True, False])
    ranked = ranked.with_columns((pl.int_range(pl.len()).over(USER) + 1).alias(RANK)).filter(pl.col(RANK) <= most)
    return _finished(recommender, ranked)


def need_training(recommender: Predictor, training: Table | None) -> pl.DataFrame:
    """Return the pairs that were rated already.

    Raises:
        ModuleError: `no_training`, when no table is connected.
    """
    if training is None:
        raise ModuleError(
            "no_training",
            "No training ratings are connected, so it is not known which items users have not rated.",
            port="training",
            remedy="Connect the table that the recommender was trained on, or recommend from all items.",
        )
    need_columns(training, [recommender.user_column, recommender.item_column], "training")
    return read_ratings(training, "training", recommender.user_column, recommender.item_column, None)


def among_known(recommender: Predictor, table: Table, rated: pl.DataFrame | None, most: int) -> pl.DataFrame:
    """Rank all items of the training, without those that are rated, for each user of the table."""
    users = _users(table, recommender.user_column)
    places_of_users = user_places(recommender, users)
    taken = _taken(recommender, users, rated)
    rows, items, predictions = [], [], []
    step = max(1, MOST_NUMBERS // max(1, len(recommender.items)))
    for start in range(0, len(users), step):
        progress(start, len(users), "users")
        scores = recommender.of_all_items(places_of_users[start : start + step])
        inside = slice(*np.searchsorted(taken[0], (start, start + step)))
        scores[taken[0][inside] - start, taken[1][inside]] = -np.inf
        row, item = best(scores, most)
        rows.append(row + start)
        items.append(item)
        predictions.append(scores[row, item])
    row, item = (np.concatenate(part) if part else np.empty(0, np.int64) for part in (rows, items))
    if short := len(users) - len(np.unique(row)):
        log(f"{counted(short, 'user')} rated every item already, so there is none to recommend.", "warning")
    chosen = {USER: users.gather(row), ITEM: recommender.items.gather(item), FIRST: row}
    frame = pl.DataFrame(chosen).with_columns(pl.Series(RATINGS, np.concatenate(predictions) if predictions else [], pl.Float64))
    return _finished(recommender, frame.with_columns((pl.int_range(pl.len()).over(FIRST) + 1).alias(RANK)))


def best(scores: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Return row and column of the highest scores of each row, the highest first; of equal ones the first columns. -inf is never among them."""
    most = min(most, scores.shape[1])
    least = np.partition(scores, scores.shape[1] - most, axis=1)[:, scores.shape[1] - most] if most else np.empty(len(scores))
    row, column = np.nonzero((scores >= least[:, None]) & (scores > -np.inf))
    order = np.lexsort((column, -scores[row, column], row))
    row, column = row[order], column[order]
    starts = np.searchsorted(row, row)  # equal scores may be more than asked for
    kept = np.arange(len(row)) - starts < most
    return row[kept], column[kept]


def _users(table: Table, column: str) -> pl.Series:
    """The different users in the order of their first row."""
    values = table.frame[column].alias(USER)
    values = values.set(~values.is_finite(), None) if values.dtype.is_float() else values
    known = values.drop_nulls()
    if lost := len(values) - len(known):
        log(f"{counted(lost, 'row')} without a user {'was' if lost == 1 else 'were'} left out.", "warning")
    return known.unique(maintain_order=True).cast(as_ids(known.dtype))


def _taken(recommender: Predictor, users: pl.Series, rated: pl.DataFrame | None) -> tuple[np.ndarray, np.ndarray]:
    """The rated pairs, as places among these users and all items, in the order of the users."""
    if rated is None:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    user = places(rated[USER], users, recommender.user_column, "training")
    item = places(rated[ITEM], recommender.items, recommender.item_column, "training")
    both = (user >= 0) & (item >= 0)
    order = np.argsort(user[both], kind="stable")
    return user[both][order], item[both][order]


def _finished(recommender: Predictor, ranked: pl.DataFrame) -> pl.DataFrame:
    """The columns of the result."""
    scores = pl.Series(RATINGS, limited(recommender, ranked[RATINGS].to_numpy()), pl.Float64)
    return ranked.select(USER, pl.col(RANK).cast(pl.Int64), ITEM).with_columns(scores)
