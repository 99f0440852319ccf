"""Train SVD Recommender: factors of users and items from ratings."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.kinds.recommender import Recommender
from pipelines.modules.recommendation._factorizing import Asked, factorize
from pipelines.modules.recommendation._ratings import ITEM, RATING, USER, as_ids
from pipelines.modules.recommendation._training import NAME, check_names, coded_ratings, known_ratings, recommender_of


def _before(table: Table, *, user: str, item: str, rating: str, **_: object) -> Recommender | None:
    if not {user, item} <= set(table.frame.columns):
        return None
    users, items = (pl.Series(dtype=as_ids(table.frame.schema[column])) for column in (user, item))
    none, no_factors = np.zeros(1), np.zeros((1, 0))
    return Recommender(NAME, user, item, rating, users, items, none, none, no_factors, no_factors)


@module(
    "Train SVD Recommender",
    icon="user-star",
    columns=_before,
    aliases=("recommender", "recommendation", "collaborative filtering", "matrix factorization", "ALS", "Matchbox", "implicit feedback"),
    libraries=("numpy", "scipy"),
)
def train_svd_recommender(
    table: Table,
    *,
    user: Column,
    item: Column,
    rating: Column,
    factorization: Asked,
) -> Recommender:
    """Learn what users like from the ratings that they gave, without knowing anything else of users and items.

    A rating is predicted as the mean of all ratings, plus how much the user and the item are above it (their biases), plus the product of the user's
    and the item's factors. Training minimizes the squared errors plus the regularization times the squared factors and biases. Ratings are divided by
    their standard deviation first, so that the same regularization suits stars from 1 to 5 and points from 1 to 100.

    Counts are what users did but did not rate, such as purchases. Every pair of user and item counts as liked if it is there and as not liked if it
    is not, with a confidence of 1 + confidence × count. There are no biases, and the prediction is a preference of about 0 to 1. Rows of the
    same user and item are added up; counts of 0 or less are left out.

    Both are solved by alternating least squares: all items with the users held fixed, then all users, and so on. Each step is exact, so there is no
    learning rate, and 10 iterations are mostly enough: the report shows the error after each. The order of rows does not matter. Rows
    with a missing or infinite value are left out. A rating of the same user and item twice is an error. Other columns are not used. If the error of
    new ratings is far above that of the training ratings, raise the regularization.

    Source: Y. Koren et al., "Matrix factorization techniques for recommender systems", Computer 42 (2009); for counts Y. Hu,
    Y. Koren, C. Volinsky, "Collaborative filtering for implicit feedback datasets", ICDM (2008).

    When to use:
        To recommend items by what similar users rated, when nothing else is known of users or items.

    Example:
        user: "userId"
        item: "movieId"
        rating: "rating"
        table: {"data.dataset": {"dataset": "movie_ratings"}}

    Args:
        table: The training ratings, a row for each.
        user: The column of users, numbers or texts.
        item: The column of items, numbers or texts.
        rating: The column of ratings or counts.

    Returns:
        The trained recommender.
    """
    check_names(table, {USER: user, ITEM: item, RATING: rating})
    ratings = known_ratings(table, user, item, rating, factorization.feedback)
    users, items = (ratings[side].unique().sort() for side in (USER, ITEM))
    log(f"Training on {counted(ratings.height, 'rating')} of {counted(len(users), 'user')} and {counted(len(items), 'item')}.")
    coded = coded_ratings(ratings, len(users), len(items))
    found = factorize(coded, factorization)
    return recommender_of((user, item, rating), (users, items), coded, found, factorization)
