"""Score SVD Recommender: predicted ratings, or the items to recommend to each user."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Title, Titles, When
from pipelines.catalogue.ports import Table
from pipelines.kinds.recommender import Recommender
from pipelines.modules.recommendation._predicting import predicted_ratings
from pipelines.modules.recommendation._ranking import among_known, among_rated, need_training
from pipelines.modules.recommendation._ratings import check_ids, need_columns
from pipelines.modules.recommendation._results import listed_table, no_list, rated_table

Kind = Annotated[Literal["items", "ratings"], Titles(items="Item recommendation", ratings="Rating prediction")]
Among = Annotated[
    Literal["rated", "all", "unrated"],
    Titles(rated="From rated items (for evaluation)", all="From all items", unrated="From unrated items"),
]


def _before(
    recommender: Recommender | None, table: Table, training: Table | None, *, kind: str, among: str, **settings: object
) -> Table | None:
    if recommender is None or recommender.user_column not in table.frame.columns:
        return None
    if kind == "ratings":
        return rated_table(recommender, table, np.empty(0))
    if among == "rated" and recommender.item_column not in table.frame.columns:
        return None
    return listed_table(recommender, no_list(recommender, table, among), bool(settings["predicted"]))


@module(
    "Score SVD Recommender",
    icon="list-check",
    columns=_before,
    aliases=("recommend", "recommendations", "rating prediction", "item recommendation", "top n"),
    libraries=("numpy",),
)
def score_svd_recommender(
    recommender: Recommender,
    table: Table,
    training: Table | None = None,
    *,
    kind: Kind = "items",
    among: Annotated[Among, When("kind", "items")] = "rated",
    fewest: Annotated[int, Title("Minimum pool"), Range(1), When("among", "rated")] = 2,
    most: Annotated[int, Title("Maximum items"), Range(1, 10_000), When("kind", "items")] = 5,
    predicted: Annotated[bool, Title("Return predicted ratings"), When("kind", "items")] = False,
) -> Table:
    """Predict ratings, or recommend to each user the items with the highest predictions.

    Rating prediction: each row gets the column Scored Ratings, within the range of the training ratings; the log says how many were limited to it. A
    rating column that is named as in training becomes the label, so that Evaluate Model also accepts the table. A row without user or item has no
    prediction.

    Item recommendation: a row for each recommended item, with the user, the rank from 1 on and the item. Users are in the order of their first row.
    Of equally good items the first in the table comes first, or, from all items, the first in order. From rated items: each user's rows are
    ranked, to compare the order with that of the user's own ratings. From all items: all of the training. From unrated items: all but those that
    the user rated in the table at Training, for new recommendations. Pivot makes a column of each rank.

    Users and items that were not in training are predicted by what is known: the mean rating plus the other side's bias; of counts, the
    mean factors. An unknown user gets what all users like. The log says how many there are.

    When to use:
        To predict ratings of a test, or to list for each user what to offer next.

    Example:
        kind: "ratings"
        table: {"data.dataset": {"dataset": "movie_ratings"}}

    Args:
        recommender: The trained recommender.
        table: The users, or pairs of user and item, in columns that are named as in training.
        training: The ratings that users gave already, for unrated items.
        kind: What is predicted.
        among: The items to choose from.
        fewest: The number of rated items that a user needs; users with fewer are left out.
        most: The largest number of items to recommend to a user.
        predicted: Add the column Scored Ratings to the recommended items.

    Returns:
        The rows with predicted ratings, or the recommended items.
    """
    _check_columns(recommender, table, [recommender.item_column] if kind == "ratings" or among == "rated" else [])
    if kind == "ratings":
        return rated_table(recommender, table, predicted_ratings(recommender, table))
    if among == "rated":
        found = among_rated(recommender, table, fewest, most)
    else:
        rated = need_training(recommender, training) if among == "unrated" else None
        found = among_known(recommender, table, rated, most)
    return listed_table(recommender, found, predicted)


def _check_columns(recommender: Recommender, table: Table, more: list[str]) -> None:
    columns = [recommender.user_column, *more]
    need_columns(table, columns, "table")
    for column in columns:
        check_ids(table.frame[column], column, "table")
