"""The report of a recommender: what it was trained on, and how its error fell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.ports import Report
from pipelines.kinds.recommender import Recommender
from pipelines.modelling.evaluation.charts import Block, chart, table
from pipelines.modules.recommendation._factorizing import Coded
from pipelines.modules.recommendation._pictures import distribution, most_frequent
from pipelines.modules.recommendation._predictor import Predictor

Facts = Sequence[Sequence[Any]]


def training_report(recommender: Recommender, ratings: Coded, course: tuple[float, ...]) -> Report:
    """Facts, the error after each iteration, how the ratings are distributed, and which items have most."""
    is_explicit = recommender.bounds is not None
    error = "Root mean squared error" if is_explicit else "Weighted squared error"
    facts: list[list[Any]] = []
    if is_explicit:
        facts += [["Mean rating", recommender.mean], ["Root mean squared error of the mean", float(ratings.values.std())]]
    facts += [[f"{error} of the training ratings" if is_explicit else f"{error} with penalties", course[-1]]]
    return report_of(recommender, recommender.settings, ratings, facts, course_chart({"": course}, error, "Iteration"))


def report_of(recommender: Predictor, settings: Mapping[str, Any], ratings: Coded, facts: Facts, course: Block) -> Report:
    """Facts, the course of training, how the ratings are distributed, which items have most, and the settings."""
    pairs = ratings.many_users * ratings.many_items
    known: Facts = [
        ["Ratings", len(ratings.values)],
        ["Users", ratings.many_users],
        ["Items", ratings.many_items],
        ["Share of all pairs that have a rating", len(ratings.values) / pairs],
    ]
    many = np.bincount(ratings.items, minlength=ratings.many_items)
    counts = pl.DataFrame({"item": recommender.items.cast(pl.String), "ratings": many})
    blocks = [
        table("Training", ["What", "Value"], [*known, *facts]),
        course,
        distribution({"": ratings.values}, recommender.rating_column),
        most_frequent(counts, "ratings", "Items with the most ratings", "popularity", "Ratings", recommender.item_column),
        table("Settings", ["Setting", "Value"], [[name.replace("_", " ").capitalize(), value] for name, value in settings.items()]),
    ]
    return Report(recommender.name, blocks)


def course_chart(courses: Mapping[str, Sequence[float]], error: str, step: str) -> Block:
    """A line of errors by iteration or epoch; several lines have names."""
    named = len(courses) > 1
    values = [
        {step.lower(): place + 1, "error": value} | ({"of": name} if named else {})
        for name, course in courses.items()
        for place, value in enumerate(course)
    ]
    spec = {
        "data": {"values": values},
        "mark": {"type": "line", "point": True, "tooltip": True},
        "encoding": {
            "x": {"field": step.lower(), "type": "quantitative", "title": step, "axis": {"tickMinStep": 1}, "scale": {"zero": False}},
            "y": {"field": "error", "type": "quantitative", "title": error, "scale": {"zero": False}},
        }
        | ({"color": {"field": "of", "type": "nominal", "title": "Ratings", "sort": list(courses)}} if named else {}),
    }
    of = "the training ratings and of held-out ones" if named else "the training ratings"
    return chart(f"Error by {step.lower()}", "iterations", f"{error} of {of} after each {step.lower()}.", spec)
