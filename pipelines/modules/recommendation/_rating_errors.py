"""How far predicted ratings are from those that users gave."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from pipelines.catalogue.ports import Report
from pipelines.modelling.evaluation.charts import Sure, figures
from pipelines.modelling.evaluation.intervals import around
from pipelines.modules.recommendation._judging import Judged, Row, Truth, many_of, rows_of, together
from pipelines.modules.recommendation._pictures import by_band, distribution
from pipelines.modules.recommendation._ratings import ITEM, RATING, USER

MAE, RMSE = "Mean absolute error", "Root mean squared error"
COLUMNS = (("mean_absolute_error", MAE, "low"), ("root_mean_squared_error", RMSE, "low"))
BASELINE = "Means of user and item (baseline)"


def rating_report(truth: Truth, judged: Sequence[Judged]) -> tuple[Report, list[Row]]:
    """Return errors, and charts of them; of means of the training too, so that it is seen what a recommender adds."""
    tables = {one.name: together(truth, one, "inner") for one in judged}
    if truth.trained:
        tables[BASELINE] = _baseline(truth, next(iter(tables.values())))
    metrics, sure = [], []
    for name, both in tables.items():
        off = np.abs(both["said"].to_numpy() - both[RATING].to_numpy())
        values, known = _errors(name, off)
        metrics.append({"name": name, "metrics": values})
        sure += known
    many = many_of(truth, USER)
    bands = [_of_user(both, many) for both in tables.values()]
    groups = {
        "given by users": next(iter(tables.values()))[RATING],
        **{f"{name}, predicted": both["said"] for name, both in tables.items()},
    }
    groups.pop(f"{BASELINE}, predicted", None)
    blocks = [
        figures("Predicted ratings", COLUMNS, metrics, sure),
        by_band(list(tables), bands, "Error by number of ratings of a user", f"{truth.of.capitalize()} of the user", RMSE, root=True),
        distribution({name: ratings.to_numpy() for name, ratings in groups.items()}, truth.rating),
    ]
    rows = rows_of(sure, "Ratings")
    return Report("Evaluation of predicted ratings", blocks, metrics), rows


def _errors(name: str, off: np.ndarray) -> tuple[dict[str, float], list[Sure]]:
    weight = np.ones(len(off))
    mae, rmse = float(off.mean()), float(np.sqrt((off**2).mean()))
    sure: list[Sure] = [
        (name, "Rows", len(off), None),
        (name, MAE, mae, around(mae, off, weight, low=0)),
        (name, RMSE, rmse, around(rmse, off**2 / (2 * rmse), weight, low=0) if rmse else None),
    ]
    return {"mean_absolute_error": mae, "root_mean_squared_error": rmse}, sure


def _baseline(truth: Truth, both: pl.DataFrame) -> pl.DataFrame:
    """The same pairs, predicted by the means of the training: that of the user plus that of the item minus that of all ratings."""
    rating, known = pl.col(RATING), truth.counted
    whole = float(known[RATING].sort().mean())  # type: ignore[arg-type]
    bounds = (known.select(rating.min()).item(), known.select(rating.max()).item())
    for side in (USER, ITEM):
        means = known.group_by(side).agg(rating.sort().mean().alias(f"{side} mean"))
        both = both.join(means, on=side, how="left", maintain_order="left")
    means_of_both = (pl.col(f"{side} mean").fill_null(whole) for side in (USER, ITEM))
    return both.with_columns(said=(pl.sum_horizontal(*means_of_both) - whole).clip(*bounds))


def _of_user(both: pl.DataFrame, many: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The number of ratings of each row's user, and the row's squared error; a user without any is not drawn."""
    joined = both.join(many, on=USER, how="left", maintain_order="left")
    return joined["many"].fill_null(0).to_numpy(), ((joined["said"] - joined[RATING]) ** 2).to_numpy()
