"""The tables that scoring returns, with the roles of their columns."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.modules.recommendation._predictor import Predictor
from pipelines.modules.recommendation._ratings import PREDICTING, RANK, RANKING, RATINGS, as_ids


def rated_table(recommender: Predictor, table: Table, predictions: np.ndarray) -> Table:
    """Return the table with predicted ratings; they replace those of an earlier recommender."""
    frame = table.frame.drop(RATINGS, strict=False).with_columns(pl.Series(RATINGS, predictions, pl.Float64).fill_nan(None))
    scored = table.with_frame(frame)
    if recommender.rating_column in frame.columns:
        for column in scored.columns_with("label"):
            scored = scored.with_role(column, role="ignored")
        scored = scored.with_role(recommender.rating_column, role="label")
    return Table(frame, {**scored.roles, RATINGS: ColumnRole("score", model=recommender.name, task=PREDICTING)})


def no_list(recommender: Predictor, table: Table, among: str) -> pl.DataFrame:
    """Return the columns of recommended items, without rows."""
    item = table.frame.schema[recommender.item_column] if among == "rated" else recommender.items.dtype
    user = table.frame.schema[recommender.user_column]
    return pl.DataFrame(schema={"user": as_ids(user), RANK: pl.Int64(), "item": as_ids(item), RATINGS: pl.Float64()})


def listed_table(recommender: Predictor, found: pl.DataFrame, predicted: bool) -> Table:
    """Return recommended items as a table."""
    frame = found.rename({"user": recommender.user_column, "item": recommender.item_column})
    roles = {RANK: ColumnRole("score", model=recommender.name, task=RANKING)}
    if not predicted:
        return Table(frame.drop(RATINGS), roles)
    return Table(frame, {**roles, RATINGS: ColumnRole("score", model=recommender.name, task=PREDICTING)})
