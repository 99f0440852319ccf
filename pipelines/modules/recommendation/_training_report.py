"""The report of a recommender: what it was trained on, and how its error fell."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.ports import Report
from pipelines.kinds.recommender import Recommender
from pipelines.modelling.evaluation.charts import Block, chart, table
from pipelines.modules.recommendation._factorizing import Coded
from pipelines.modules.recommendation._pictures import distribution, most_frequent


def training_report(recommender: Recommender, ratings: Coded, course: tuple[float, ...]) -> Report:
    """Facts, the error after each iteration, how the ratings are distributed, and which items have most."""
    is_explicit = recommender.bounds is not None
    error = "Root mean squared error" if is_explicit else "Weighted squared error"
    pairs = ratings.many_users * ratings.many_items
    facts: list[list[Any]] = [["Ratings", len(ratings.values)], ["Users", ratings.many_users], ["Items", ratings.many_items]]
    facts += [["Share of all pairs that have a rating", len(ratings.values) / pairs]]
    if is_explicit:
        facts += [["Mean rating", recommender.mean], ["Root mean squared error of the mean", float(ratings.values.std())]]
    facts += [[f"{error} of the training ratings" if is_explicit else f"{error} with penalties", course[-1]]]
    many = np.bincount(ratings.items, minlength=ratings.many_items)
    counts = pl.DataFrame({"item": recommender.items.cast(pl.String), "ratings": many})
    blocks = [
        table("Training", ["What", "Value"], facts),
        _course(course, error),
        distribution({"": ratings.values}, recommender.rating_column),
        most_frequent(counts, "ratings", "Items with the most ratings", "popularity", "Ratings", recommender.item_column),
        table(
            "Settings", ["Setting", "Value"], [[name.replace("_", " ").capitalize(), value] for name, value in recommender.settings.items()]
        ),
    ]
    return Report(recommender.name, blocks)


def _course(course: tuple[float, ...], error: str) -> Block:
    values = [{"iteration": place + 1, "error": value} for place, value in enumerate(course)]
    spec = {
        "data": {"values": values},
        "mark": {"type": "line", "point": True, "tooltip": True},
        "encoding": {
            "x": {"field": "iteration", "type": "quantitative", "title": "Iteration", "axis": {"tickMinStep": 1}, "scale": {"zero": False}},
            "y": {"field": "error", "type": "quantitative", "title": error, "scale": {"zero": False}},
        },
    }
    return chart("Error by iteration", "iterations", f"{error} of the training ratings after each iteration.", spec)
