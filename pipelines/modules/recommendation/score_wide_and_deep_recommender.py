"""Score Wide and Deep Recommender: predicted ratings, or the items to recommend to each user, also of new users and items."""

from __future__ import annotations

from pipelines.catalogue.module import module
from pipelines.catalogue.ports import Table
from pipelines.kinds.wide_and_deep_recommender import WideAndDeepRecommender
from pipelines.modules.recommendation._features import with_new_ones
from pipelines.modules.recommendation._scoring import LINEAGE, Wanted, columns_of, scored


def _before(recommender: WideAndDeepRecommender | None, table: Table, *_: Table | None, wanted: Wanted) -> Table | None:
    return columns_of(recommender, table, wanted)


@module(
    "Score Wide and Deep Recommender",
    icon="list-tree",
    columns=_before,
    aliases=("Score Wide & Deep Recommender", "neural recommendations", "new users", "new items"),
    libraries=("numpy",),
    lineage=LINEAGE,
)
def score_wide_and_deep_recommender(
    recommender: WideAndDeepRecommender,
    table: Table,
    user_features: Table | None = None,
    item_features: Table | None = None,
    training: Table | None = None,
    *,
    wanted: Wanted,
) -> Table:
    """Predict ratings, or recommend to each user the items with the highest predictions, also for users and items that nobody rated yet.

    Users and items that were not in training are predicted by their features, where a table at User features or Item features has them: it
    has the columns that the recommender was trained with. Of users and items in training, the features from training count. One that is in neither
    is predicted like the mean user or the mean item. The log says how many there are. Everything else is as in Score SVD Recommender.

    Rating prediction: each row gets the column Scored Ratings, within the range of the training ratings. A rating column that is named as in training
    becomes the label, so that Evaluate Model also accepts the table. A row without user or item has no prediction.

    Item recommendation: a row for each recommended item, with the user, the rank from 1 on and the item. Of equally good items the first in the
    table comes first, or, from all items, the first in order. From rated items: each user's rows are ranked. From all items: all of
    the training and those at Item features. From unrated items: all but those that the user rated in the table at Training.

    When to use:
        To predict ratings of a test, or to list for each user what to offer next, with new items among them.

    Example:
        kind: "ratings"
        table: {"data.dataset": {"dataset": "movie_ratings"}}

    Args:
        recommender: The trained recommender.
        table: The users, or pairs of user and item, in columns that are named as in training.
        user_features: Features of users who were not in training.
        item_features: Features of items that were not in training.
        training: The ratings that users gave already, for unrated items.

    Returns:
        The rows with predicted ratings, or the recommended items.
    """
    return scored(with_new_ones(recommender, (user_features, item_features)), table, training, wanted)
