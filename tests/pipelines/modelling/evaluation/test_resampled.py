"""Figures of folds: the corrected standard error, and the corrected resampled t-test."""

import numpy as np
import polars as pl
import pytest
from scipy import stats
from sklearn.metrics import r2_score

from pipelines.modelling.evaluation.resampled import standard_error
from tests.pipelines.modelling.evaluation.judged import evaluate, rows_of
from tests.support.module_runner import only, run

TITLE = "Differences over"


def cross(learner, frame, **settings):
    found = run("training.cross_validate", {"label": "y", "folds": 5, "split_by": "rows", **settings}, untrained=only(learner), table=frame)
    return found["table"]


def frame(rows=200, curve=0.0):
    x = np.random.default_rng(0).uniform(-2, 2, rows)
    return pl.DataFrame({"x": x, "y": x + curve * x**2 + np.random.default_rng(1).normal(size=rows)})


def by_hand(one, two, metric=r2_score):
    """The test as its paper has it."""
    off = []
    for name in one.frame["Fold"].unique(maintain_order=True):
        mine = (one.frame["Fold"] == name).to_numpy()
        a, b = (metric(each.frame["y"].to_numpy()[mine], each.frame["Scored Labels"].to_numpy()[mine]) for each in (one, two))
        off.append(b - a)
    score = np.mean(off) / np.sqrt(np.var(off, ddof=1) * (1 / len(off) + 1 / (len(off) - 1)))
    return np.mean(off), score, 2 * stats.t.sf(abs(score), len(off) - 1)


@pytest.mark.parametrize(("curve", "word"), [(2.0, "yes"), (0.0, "no")])
def test_one_learner_is_better_than_another_if_its_folds_say_so(curve, word):
    one, two = (cross(learner, frame(curve=curve)) for learner in ("regression.linear_regression", "regression.boosted_trees"))
    (row,) = (row for row in rows_of(evaluate(one, two), TITLE) if row["Metric"] == "R²")
    mean, score, chance = by_hand(one, two)
    assert (row["Mean difference"], row["t"], row["p"]) == pytest.approx((mean, score, chance), rel=1e-9)
    assert row["Better"] == (word if chance < 0.05 else "not certain")
    assert word == "no" or row["Better"] == "yes"


def test_the_same_model_is_not_better():
    one = cross("regression.linear_regression", frame())
    rows = rows_of(evaluate(one, one), TITLE)
    assert rows and {row["Better"] for row in rows} == {"not certain"} and {row["p"] for row in rows} == {None}


def test_other_folds_and_tables_without_folds_are_not_compared(notes):
    one, other = (cross("regression.linear_regression", frame(), seed=seed) for seed in (0, 1))
    assert not any(block["title"].startswith(TITLE) for block in evaluate(one, other).blocks)
    assert any("different folds" in line for line in notes)
    plain = other.with_frame(other.frame.drop("Fold"))
    assert not any(block["title"].startswith(TITLE) for block in evaluate(one, plain).blocks)


def test_the_standard_error_counts_the_rows_that_folds_share():
    assert standard_error([1.0], [5], [10]) is None
    found = standard_error([1.0, 2.0, 3.0], [10, 10, 10], [20, 20, 20])
    assert found == pytest.approx(np.sqrt(1.0 * (1 / 3 + 1 / 2)))
