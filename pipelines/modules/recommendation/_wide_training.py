"""From tables of ratings and of features to a wide and deep recommender with its report."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np
import polars as pl

from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.kinds.wide_and_deep_recommender import WideAndDeepRecommender
from pipelines.modelling.wide_and_deep import Network, Side
from pipelines.modules.recommendation._factorizing import Coded
from pipelines.modules.recommendation._features import learn_features, no_features
from pipelines.modules.recommendation._network import Asked, Trained, train_network
from pipelines.modules.recommendation._ratings import ITEM, RATING, USER, as_ids
from pipelines.modules.recommendation._training import check_names, coded_ratings, known_ratings
from pipelines.modules.recommendation._training_report import course_chart, report_of

NAME, ERROR = "Wide and Deep Recommender", "Root mean squared error"
Names = tuple[str, str, str]


def untrained_recommender(table: Table, named: Names) -> WideAndDeepRecommender:
    """Return what is known before training: the columns and their types."""
    users, items = (pl.Series(dtype=as_ids(table.frame.schema[column])) for column in named[:2])
    nobody = Side(np.zeros(1, np.float32), np.zeros((1, 0), np.float32), 0)
    network = Network(nobody, nobody, np.zeros(0, np.float32), ((np.zeros((0, 1), np.float32), np.zeros(1, np.float32)),), "linear")
    return WideAndDeepRecommender(NAME, *named, users, items, network)


def train_recommender(table: Table, described: tuple[Table | None, Table | None], named: Names, asked: Asked) -> WideAndDeepRecommender:
    """Return the trained recommender; `described` are features of users and of items, `named` the columns of user, item and rating."""
    check_names(table, dict(zip((USER, ITEM, RATING), named, strict=True)))
    ratings = known_ratings(table, *named, "explicit")
    users, items = (ratings[side].unique().sort() for side in (USER, ITEM))
    log(f"Training on {counted(ratings.height, 'rating')} of {counted(len(users), 'user')} and {counted(len(items), 'item')}.")
    ports = ("user_features", "item_features")
    users_known, items_known = (
        no_features(len(ids)) if each is None else learn_features(each, port, column, ids)
        for each, port, column, ids in zip(described, ports, named, (users, items), strict=False)
    )
    features = (users_known, items_known)
    coded = coded_ratings(ratings, len(users), len(items))
    mean, spread = float(coded.values.mean()), float(coded.values.std()) or 1.0
    found = train_network(coded, features, mean, spread, asked)
    codings = (features[0].coding, features[1].coding)
    bounds = (float(coded.values.min()), float(coded.values.max()))
    recommender = WideAndDeepRecommender(
        NAME, *named, users, items, found.network, codings, found.embeddings, mean, spread, bounds, asdict(asked)
    )
    return _with_report(recommender, coded, found)


def _with_report(recommender: WideAndDeepRecommender, ratings: Coded, found: Trained) -> WideAndDeepRecommender:
    error, held = found.course[found.best]
    columns = [name for coding in recommender.codings for name in (*coding.categories, *coding.numbers)]
    facts = [
        ["Features of users and items", len(columns)],
        ["Epochs", len(found.course)],
        ["Kept epoch", found.best + 1],
        ["Mean rating", recommender.mean],
        [f"{ERROR} of the mean", float(ratings.values.std())],
        [f"{ERROR} of the training ratings", error],
    ]
    courses = {"Training": [each[0] for each in found.course]}
    if held is not None:
        facts.append([f"{ERROR} of the held-out ratings", held])
        courses["Held out"] = [each for _, each in found.course if each is not None]
    report = report_of(recommender, recommender.settings, ratings, facts, course_chart(courses, ERROR, "Epoch"))
    return replace(recommender, report=report)
