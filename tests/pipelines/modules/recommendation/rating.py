"""Ratings to train on, and what a module says in its log."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import Level, reporting_to
from pipelines.kinds.recommender import Recommender
from pipelines.kinds.wide_and_deep_recommender import Coding, WideAndDeepRecommender
from pipelines.modelling.wide_and_deep import Network, Side
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


def score(recommender: Any, table: Any, training: Any = None, module: str = "score_svd_recommender", **settings: Any) -> Table:
    """What a recommender says of a table."""
    more = {} if training is None else {"training": training}
    scored = only(f"recommendation.{module}", settings, recommender=recommender, table=table, **more)
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


DESCRIBED = pl.DataFrame(
    {"make": ["audi", "bmw", "volvo", "fiat", "seat"], "doors": [4, 4, None, 2, 5], "land": ["DE", "DE", "SE", "IT", None]}
)


def deep(table: Any = None, features: Any = None, **settings: Any) -> WideAndDeepRecommender:
    """A wide and deep recommender, of the cars unless a table is given."""
    named = SMALL if table is None else COLUMNS
    more = {} if features is None else {"item_features": features}
    trained = only(
        "recommendation.train_wide_and_deep_recommender",
        {**named, "epochs": 3, "hidden": "8, 4", "user_size": 3, "item_size": 3, "category_size": 2, **settings},
        table=small() if table is None else table,
        **more,
    )
    assert isinstance(trained, WideAndDeepRecommender)
    return trained


def made(seed: int = 0, crossed: int = 5) -> WideAndDeepRecommender:
    """A wide and deep recommender of the cars whose arrays are drawn: it needs no PyTorch. Items have the features doors and land."""
    dice = np.random.default_rng(seed)

    def drawn(*shape: int) -> np.ndarray:
        return dice.normal(size=shape).astype(np.float32)

    users, items = pl.Series("user", ["Ada", "Ben", "Cleo", "Dörte"]), pl.Series("item", ["audi", "bmw", "fiat", "volvo"])
    coding = Coding([("doors", "Int64"), ("land", "String")], {"doors": (3.5, 1.25)}, {"land": ["DE", "IT"]})
    network = Network(
        Side(drawn(5), drawn(5, 3), 4),
        Side(drawn(5), drawn(5, 6), 4),
        drawn(crossed),
        ((drawn(9, 7), drawn(7)), (drawn(7, 1), drawn(1))),
        "tanh",
    )
    return WideAndDeepRecommender(
        "Drawn",
        *SMALL.values(),
        users,
        items,
        network,
        (Coding(), coding),
        ({}, {"land": drawn(3, 2)}),
        3.0,
        0.5,
        (1.0, 5.0),
        {"epochs": 1},
    )
