"""Train Wide and Deep Recommender: a neural network of users, items and their features, from ratings."""

from __future__ import annotations

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column
from pipelines.catalogue.ports import Table
from pipelines.kinds.wide_and_deep_recommender import WideAndDeepRecommender
from pipelines.modules.recommendation._network import Asked
from pipelines.modules.recommendation._wide_training import train_recommender, untrained_recommender


def _before(table: Table, *_: Table | None, user: str, item: str, rating: str, **__: object) -> WideAndDeepRecommender | None:
    return untrained_recommender(table, (user, item, rating)) if {user, item} <= set(table.frame.columns) else None


@module(
    "Train Wide and Deep Recommender",
    icon="user-bolt",
    columns=_before,
    aliases=("Train Wide & Deep Recommender", "neural recommender", "hybrid recommender", "cold start", "deep learning", "PyTorch"),
    libraries=("torch",),
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
    return train_recommender(table, (user_features, item_features), (user, item, rating), asked)
