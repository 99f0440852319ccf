"""Train Wide and Deep Recommender: a neural network of users, items and their features, from ratings."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np
import polars as pl

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.kinds.wide_and_deep_recommender import WideAndDeepRecommender
from pipelines.modelling.wide_and_deep import Network, Side
from pipelines.modules.recommendation._factorizing import Coded
from pipelines.modules.recommendation._features import learn_features, no_features
from pipelines.modules.recommendation._network import Asked, Trained, train_network
from pipelines.modules.recommendation._ratings import ITEM, RATING, USER, as_ids
from pipelines.modules.recommendation._training import check_names, coded_ratings, known_ratings
from pipelines.modules.recommendation._training_report import course_chart, report_of

NAME, ERROR = "Wide and Deep Recommender", "Root mean squared error"


def _before(
    table: Table, user_features: Table | None, item_features: Table | None, *, user: str, item: str, rating: str, **_: object
) -> WideAndDeepRecommender | None:
    if not {user, item} <= set(table.frame.columns):
        return None
    users, items = (pl.Series(dtype=as_ids(table.frame.schema[column])) for column in (user, item))
    nobody = Side(np.zeros(1, np.float32), np.zeros((1, 0), np.float32), 0)
    network = Network(nobody, nobody, np.zeros(0, np.float32), ((np.zeros((0, 1)), np.zeros(1)),), "linear")
    return WideAndDeepRecommender(NAME, user, item, rating, users, items, network)


@module(
    "Train Wide and Deep Recommender",
    icon="user-bolt",
    columns=_before,
    aliases=("Train Wide & Deep Recommender", "neural recommender", "hybrid recommender", "cold start", "deep learning", "PyTorch"),
    libraries=("torch", "numpy"),
    extra="recommender",
)
def train_wide_and_deep_recommender(
    table: Table,
    user_features: Table | None = None,
    item_features: Table | None = None,
    *,
    user: Column,
    item: Column,
    rating: Column,
    asked: Asked,
) -> WideAndDeepRecommender:
    """Learn what users like from their ratings, and from what is known of users and items.

    The predicted rating is the sum of two parts that are trained together. The wide part is a weight of the user, of the item and, if the crossed
    feature dimension is not 0, of the bucket of the pair. The deep part is a network of layers on the embeddings of user and item and on their
    features. Ratings are standardized first, so that the same settings suit stars and points. The loss is the mean squared error.

    Feature tables have a row for each user or item, in a column that is named as in the ratings, and features in all other columns. Numbers and dates
    are standardized; a missing one counts as the mean. Each text is a category with an embedding. Missing texts and those that only one row has share
    one, which is also that of texts that are new when the recommender scores. Make several columns of a text that holds several categories,
    such as “Comedy|Drama”, with Extract N-Gram Features. Change roles with Edit Metadata to leave columns out.

    Some ratings are held out. The error on them says when more epochs only learn the training ratings by heart: the epoch with the lowest one is kept,
    and training stops three epochs after it. Without held-out ratings all epochs are done and the last one is kept. A pair's bucket, which many pairs
    share, mostly learns noise where each pair has one rating, so there are none by default. Dropout is the probability of being dropped:
    0.8 would keep one node in five. The order of rows does not matter. Rows with a missing or infinite value are left out. A rating
    of the same user and item twice is an error. PyTorch runs in one thread, with a generator of its own. The model is stored as plain arrays, and
    scoring needs no PyTorch.

    Source: H.-T. Cheng et al., "Wide & deep learning for recommender systems", DLRS (2016).

    When to use:
        To recommend where features of users or items are known, above all to new users or of new items. With ratings alone, Train SVD
        Recommender is faster and as good.

    Example:
        item_features: {"data.dataset": {"dataset": "movies"}}
        table: {"data.dataset": {"dataset": "movie_ratings"}}
        user: "userId"
        item: "movieId"
        rating: "rating"
        epochs: 1
        batch: 1024

    Args:
        table: The training ratings, a row for each.
        user_features: What is known of users, a row for each.
        item_features: What is known of items, a row for each.
        user: The column of users, numbers or texts.
        item: The column of items, numbers or texts.
        rating: The column of ratings.

    Returns:
        The trained recommender.
    """
    check_names(table, {USER: user, ITEM: item, RATING: rating})
    ratings = known_ratings(table, user, item, rating, "explicit")
    users, items = (ratings[side].unique().sort() for side in (USER, ITEM))
    log(f"Training on {counted(ratings.height, 'rating')} of {counted(len(users), 'user')} and {counted(len(items), 'item')}.")
    features = (
        learn_features(user_features, "user_features", user, users) if user_features else no_features(len(users)),
        learn_features(item_features, "item_features", item, items) if item_features else no_features(len(items)),
    )
    coded = coded_ratings(ratings, len(users), len(items))
    mean, spread = float(coded.values.mean()), float(coded.values.std()) or 1.0
    found = train_network(coded, features, mean, spread, asked)
    codings = (features[0].coding, features[1].coding)
    bounds = (float(coded.values.min()), float(coded.values.max()))
    recommender = WideAndDeepRecommender(
        NAME, user, item, rating, users, items, found.network, codings, found.embeddings, mean, spread, bounds, asdict(asked)
    )
    return _with_report(recommender, coded, found)


def _with_report(recommender: WideAndDeepRecommender, ratings: Coded, found: Trained) -> WideAndDeepRecommender:
    error, held = found.course[found.best]
    columns = [name for coding in recommender.codings for name in (*coding.categories, *coding.numbers)]
    facts = [
        ["Features of users and items", len(columns)],
        ["Epochs", len(found.course)],
        ["Kept epoch", found.best + 1],
        ["Mean rating", recommender.mean],
        [f"{ERROR} of the mean", float(ratings.values.std())],
        [f"{ERROR} of the training ratings", error],
    ]
    courses = {"Training": [each[0] for each in found.course]}
    if held is not None:
        facts.append([f"{ERROR} of the held-out ratings", held])
        courses["Held out"] = [each for _, each in found.course if each is not None]
    report = report_of(recommender, recommender.settings, ratings, facts, course_chart(courses, ERROR, "Epoch"))
    return replace(recommender, report=report)
