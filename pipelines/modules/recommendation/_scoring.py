"""Scoring as all recommenders do it: predicted ratings, or lists of items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np

from pipelines.catalogue.lineage import Lineage, Settings
from pipelines.catalogue.params import Range, Title, Titles, When
from pipelines.catalogue.ports import Table
from pipelines.modules.recommendation._predicting import predicted_ratings
from pipelines.modules.recommendation._predictor import Predictor
from pipelines.modules.recommendation._ranking import among_known, among_rated, need_training
from pipelines.modules.recommendation._ratings import check_ids, need_columns
from pipelines.modules.recommendation._results import listed_table, no_list, rated_table

Kind = Annotated[Literal["items", "ratings"], Titles(items="Item recommendation", ratings="Rating prediction")]
Among = Annotated[
    Literal["rated", "all", "unrated"],
    Titles(rated="From rated items (for evaluation)", all="From all items", unrated="From unrated items"),
]


@dataclass(frozen=True)
class Wanted:
    """What a recommender is asked for.

    Args:
        kind: What is predicted.
        among: The items to choose from.
        fewest: The number of rated items that a user needs; users with fewer are left out.
        most: The largest number of items to recommend to a user.
        predicted: Add the column Scored Ratings to the recommended items.
    """

    kind: Kind = "items"
    among: Annotated[Among, When("kind", "items")] = "rated"
    fewest: Annotated[int, Title("Minimum pool"), Range(1), When("among", "rated")] = 2
    most: Annotated[int, Title("Maximum items"), Range(1, 10_000), When("kind", "items")] = 5
    predicted: Annotated[bool, Title("Return predicted ratings"), When("kind", "items")] = False

    @property
    def needs_items(self) -> bool:
        """Whether the table must have a column of items."""
        return self.kind == "ratings" or self.among == "rated"


def _rates(settings: Settings) -> bool:
    """Whether each row gets a predicted rating; otherwise the rows are other ones, of recommended items."""
    return bool(settings["kind"] == "ratings")


LINEAGE = Lineage(rows=lambda settings: "same" if _rates(settings) else "new", of=("table",), tests=_rates)


def columns_of(recommender: Predictor | None, table: Table, wanted: Wanted) -> Table | None:
    """Return the table that `scored` gives, without rows; None if it is not known."""
    if recommender is None or recommender.user_column not in table.frame.columns:
        return None
    if wanted.needs_items and recommender.item_column not in table.frame.columns:
        return None
    if wanted.kind == "ratings":
        return rated_table(recommender, table, np.empty(0))
    return listed_table(recommender, no_list(recommender, table, wanted.among), wanted.predicted)


def scored(recommender: Predictor, table: Table, training: Table | None, wanted: Wanted) -> Table:
    """Return the rows with predicted ratings, or the recommended items.

    Raises:
        ModuleError: When the table has not the columns that the recommender was trained with, or `no_training`.
    """
    columns = [recommender.user_column, *([recommender.item_column] if wanted.needs_items else [])]
    need_columns(table, columns, "table")
    for column in columns:
        check_ids(table.frame[column], column, "table")
    if wanted.kind == "ratings":
        return rated_table(recommender, table, predicted_ratings(recommender, table))
    if wanted.among == "rated":
        found = among_rated(recommender, table, wanted.fewest, wanted.most)
    else:
        rated = need_training(recommender, training) if wanted.among == "unrated" else None
        found = among_known(recommender, table, rated, wanted.most)
    return listed_table(recommender, found, wanted.predicted)
