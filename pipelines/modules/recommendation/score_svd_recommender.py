"""Score SVD Recommender: predicted ratings, or the items to recommend to each user."""

from __future__ import annotations

from pipelines.catalogue.module import module
from pipelines.catalogue.ports import Table
from pipelines.kinds.recommender import Recommender
from pipelines.modules.recommendation._scoring import LINEAGE, Wanted, columns_of, scored


def _before(recommender: Recommender | None, table: Table, training: Table | None, *, wanted: Wanted) -> Table | None:
    return columns_of(recommender, table, wanted)


@module(
    "Score SVD Recommender",
    icon="list-check",
    columns=_before,
    aliases=("recommend", "recommendations", "rating prediction", "item recommendation", "top n"),
    libraries=("numpy",),
    lineage=LINEAGE,
)
def score_svd_recommender(
    recommender: Recommender,
    table: Table,
    training: Table | None = None,
    *,
    wanted: Wanted,
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

    Returns:
        The rows with predicted ratings, or the recommended items.
    """
    return scored(recommender, table, training, wanted)
