"""Evaluate Recommender: how good predicted ratings or recommended items are."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import polars as pl

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Range, Title, Titles
from pipelines.catalogue.ports import Report, Table
from pipelines.modules.recommendation._judging import RESULT, named_apart, read_judged, read_truth, task_of
from pipelines.modules.recommendation._lists import list_report
from pipelines.modules.recommendation._rating_errors import rating_report
from pipelines.modules.recommendation._ratings import RANKING

Kind = Annotated[
    Literal["recorded", "ratings", "lists"],
    Titles(recorded="As the scored table says", ratings="Predicted ratings", lists="Recommended items"),
]


class Evaluated(NamedTuple):
    """How good the recommendations are.

    Args:
        table: A row for each model and figure, with its 95 % confidence interval.
        report: The figures side by side, and charts.
    """

    table: Table
    report: Report


def _columns(*_: object, **__: object) -> tuple[Table, None]:
    return Table(pl.DataFrame(schema=RESULT)), None


@module(
    "Evaluate Recommender",
    icon="stars",
    columns=_columns,
    aliases=("ndcg", "precision at k", "recall at k", "rmse of ratings", "recommender metrics", "popularity bias"),
    libraries=("numpy",),
)
def evaluate_recommender(
    test: Table,
    training: Table | None = None,
    *scored: Table,
    user: Column,
    item: Column,
    rating: Column,
    kind: Kind = "recorded",
    relevant: Annotated[float | None, Title("Relevant from a rating of")] = None,
    length: Annotated[int | None, Title("List length"), Range(1)] = None,
) -> Evaluated:
    """Compare predicted ratings or recommended items with ratings that users gave, for one recommender or several.

    Predicted ratings: mean absolute and root mean squared error, beside that of the means of user and item where training ratings are connected.

    Recommended items: means over the users with a list and test ratings. NDCG compares a list with the best one of the same length; an item
    counts with its rating, divided by log2(1 + rank), or 0 without one. Precision is the share of the list that is relevant, recall the share
    of the user's relevant items that are in it; users without any are left out. Coverage is the share of all items that are in a list. Items that nobody
    rated count as not relevant: compare recommenders by these figures rather than with 1. From rated items use NDCG, since there all items were chosen.

    Intervals are normal approximations, over users or over ratings. Score SVD Recommender records what its columns hold; a table of another tool needs the
    role score (Edit Metadata), and a choice at Kind. Rows with a missing value are left out. A rating twice is an error.

    Source: K. Järvelin, J. Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20 (2002).

    When to use:
        To compare recommenders on ratings that they were not trained on.

    Example:
        user: "userId"
        item: "movieId"
        rating: "rating"
        test: {"data.dataset": {"dataset": "movie_ratings"}}
        scored: {"recommendation.score_svd_recommender": {"kind": "ratings"}}

    Args:
        test: Ratings that users gave, best not used in training.
        training: The training ratings: for the means, and to count the ratings of users and items; else those of the test are counted.
        scored: Tables from Score SVD Recommender; one for each recommender.
        user: The column of users, in all tables.
        item: The column of items, in all tables.
        rating: The column of ratings.
        kind: What the scored tables hold.
        relevant: The lowest rating of a relevant item; if empty, the median of the test ratings.
        length: How many items of a list are judged; if empty, all.
    """
    truth = read_truth(test, training, user, item, rating)
    task = task_of(scored, kind)
    judged = named_apart([read_judged(table, truth, task) for table in scored])
    report, rows = list_report(truth, judged, relevant, length) if task == RANKING else rating_report(truth, judged)
    return Evaluated(Table(pl.DataFrame(rows, schema=RESULT, orient="row")), report)
