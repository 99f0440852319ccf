"""Learners to train, a table with every type of column, and what training logs."""

from datetime import datetime, timedelta

import polars as pl

from pipelines.catalogue.reporting import reporting_to
from tests.support.module_runner import only

LEARNERS = {
    "regression": ("regression.linear_regression", "regression.boosted_trees"),
    "two_class": ("classification.two_class_logistic_regression", "classification.two_class_boosted_trees"),
}
ALL = [id for ids in LEARNERS.values() for id in ids]
MESSY = pl.DataFrame(
    {
        "n": [1, None, 3, 4] * 10,
        "x": [0.5, float("nan"), float("inf"), 2.0] * 10,
        "t": ["a", None, "b", "a"] * 10,
        "b": [True, None, False, True] * 10,
        "when": [datetime(2024, 1, 1) + timedelta(hours=hour) for hour in range(40)],
        "c": pl.Series(["u", "v", None, "u"] * 10, dtype=pl.Categorical),
        "empty": [None] * 40,
        "y": [1.0, 2.0, 1.0, 2.0] * 10,
    }
).with_columns(day=pl.col("when").dt.date(), list=pl.concat_list("n"))


class Heard:
    def __init__(self):
        self.notes, self.steps = [], []

    def progress(self, done, total, words):
        self.steps.append((done, total, words))

    def log(self, line, level):
        self.notes.append(line)


def train(learner, table, label="y", **settings):
    return only("training.train_model", {"label": label}, untrained=only(learner, settings), table=table)


def heard(learner, table, **settings):
    listener = Heard()
    with reporting_to(listener):
        model = train(learner, table, **settings)
    return model, " ".join(listener.notes)


def said(model, title):
    return [row for block in model.report.blocks if block["title"] == title for row in block["rows"]]
