"""Predicted ratings of pairs of user and item, with words on what is not known."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.catalogue.phrases import counted, some_values
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modules.recommendation._predictor import Predictor
from pipelines.modules.recommendation._ratings import ITEM, ROW, USER, check_same, places, read_ratings


def predicted_ratings(recommender: Predictor, table: Table) -> np.ndarray:
    """Return the predicted rating of each row; NaN without user or item."""
    pairs = read_pairs(recommender, table)
    predictions = np.full(table.frame.height, np.nan)
    predictions[pairs[ROW].to_numpy()] = limited(recommender, of_pairs(recommender, pairs))
    return predictions


def read_pairs(recommender: Predictor, table: Table) -> pl.DataFrame:
    """Return the pairs of user and item of a table.

    Raises:
        ModuleError: `other_type`, when they are not of the kind that the recommender was trained with.
    """
    pairs = read_ratings(table, "table", recommender.user_column, recommender.item_column, None)
    check_same(pairs[USER], recommender.users, recommender.user_column, "table")
    check_same(pairs[ITEM], recommender.items, recommender.item_column, "table")
    return pairs


def of_pairs(recommender: Predictor, pairs: pl.DataFrame) -> np.ndarray:
    """Return the prediction of each pair, after words on users and items that are not known."""
    return recommender.of_pairs(user_places(recommender, pairs[USER]), item_places(recommender, pairs[ITEM]))


def limited(recommender: Predictor, predictions: np.ndarray) -> np.ndarray:
    """Return predictions within the range of the training ratings; says how many were not."""
    bounded = recommender.bounded(predictions)
    if recommender.bounds is not None and (many := int((predictions != bounded).sum())):
        low, high = recommender.bounds
        log(f"{counted(many, 'prediction')} beyond the ratings in training {'was' if many == 1 else 'were'} limited to {low:g}–{high:g}.")
    return bounded


def user_places(recommender: Predictor, users: pl.Series) -> np.ndarray:
    """Return the places of users; says how many are not known."""
    found = places(users, recommender.users, recommender.user_column, "table")
    _tell(users, found, "user", "the mean user")
    return found


def item_places(recommender: Predictor, items: pl.Series) -> np.ndarray:
    """Return the places of items; says how many are not known."""
    found = places(items, recommender.items, recommender.item_column, "table")
    _tell(items, found, "item", "the mean item")
    return found


def _tell(values: pl.Series, found: np.ndarray, one: str, like: str) -> None:
    strange = values.filter(pl.Series(found == -1))
    if many := strange.n_unique():
        was = f"{one} was" if many == 1 else f"{one}s were"
        log(
            f"{many:,} {was} not in the training ratings and {'is' if many == 1 else 'are'} predicted like {like}: {some_values(strange)}.",
            "warning",
        )
