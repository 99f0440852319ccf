"""Ratings to train on, and what a module says in its log."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import polars as pl

from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import Level, reporting_to
from pipelines.kinds.recommender import Recommender
from tests.support.module_runner import dataset, only, run

COLUMNS = {"user": "userId", "item": "movieId", "rating": "rating"}
SMALL = {"user": "who", "item": "make", "rating": "stars"}


@cache
def movies(users: int = 60) -> pl.DataFrame:
    """The ratings of some users."""
    return dataset("movie_ratings").frame.filter(pl.col("userId") <= users)


@cache
def parts(users: int = 60) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Training and test ratings: every fourth rating is of the test."""
    rated = movies(users).with_row_index("row")
    is_test = pl.col("row") % 4 == 3
    return rated.filter(~is_test).drop("row"), rated.filter(is_test).drop("row")


def small() -> Table:
    """Who likes which make of cars."""
    who = ["Ada", "Ada", "Ada", "Ben", "Ben", "Cleo", "Cleo", "Cleo", "Dörte"]
    make = ["audi", "bmw", "volvo", "audi", "bmw", "bmw", "volvo", "fiat", "fiat"]
    return Table(pl.DataFrame({"who": who, "make": make, "stars": [5, 4, 1, 4, 5, 1, 5, 4, 2]}))


def train(table: Any = None, **settings: Any) -> Recommender:
    """A recommender, of the cars unless a table is given."""
    named = SMALL if table is None else COLUMNS
    trained = only(
        "recommendation.train_svd_recommender",
        {**named, "factors": 4, "iterations": 5, **settings},
        table=small() if table is None else table,
    )
    assert isinstance(trained, Recommender)
    return trained


def score(recommender: Recommender, table: Any, training: Any = None, **settings: Any) -> Table:
    """What a recommender says of a table."""
    more = {} if training is None else {"training": training}
    scored = only("recommendation.score_svd_recommender", settings, recommender=recommender, table=table, **more)
    assert isinstance(scored, Table)
    return scored


def evaluate(test: Any, *scored: Any, training: Any = None, **settings: Any) -> tuple[dict[tuple[str, str], tuple[Any, ...]], Any]:
    """Figures by model and name, and the report."""
    more = {} if training is None else {"training": training}
    found = run("recommendation.evaluate_recommender", {**COLUMNS, **settings}, test=test, scored=list(scored), **more)
    return {(row[0], row[1]): row[2:] for row in found["table"].frame.rows()}, found["report"]


class Heard:
    """Keeps the lines of a log."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def progress(self, done: float, total: float, words: str) -> None: ...

    def log(self, line: str, level: Level) -> None:
        self.lines.append(line)


@contextmanager
def hearing() -> Iterator[Heard]:
    """The log of what runs inside."""
    heard = Heard()
    with reporting_to(heard):
        yield heard
