"""Train Best Model for a metric of labels: the threshold is searched, stored, and in the winner's pipeline, which gives the same figures to the bit."""

import numpy as np
import polars as pl

from pipelines.catalogue.fan_out import run_by
from pipelines.catalogue.ports import Table
from pipelines.modelling.automl.judge import Judge
from pipelines.modelling.tasks import label_tasks
from pipelines.modules.training._automl_metrics import metric_of
from pipelines.modules.training._automl_opened import opened
from tests.pipelines.modules.training.test_train_best_model import block, reopened, search
from tests.support.kept_trials import Kept
from tests.support.module_runner import run


def rare(many, seed=0):
    """A table with a class that one row in eight has."""
    draw = np.random.default_rng(seed)
    x, z = draw.normal(size=many), draw.normal(size=many)
    return Table(pl.DataFrame({"x": x, "z": z, "rare": x + z + draw.normal(size=many) > 2.0}))


def test_the_reopened_winner_has_the_threshold_and_the_figures_of_the_search(monkeypatch):
    table = rare(300)
    kept = Kept()
    with run_by(kept):
        found = search(table, "rare", metric="f1", trials=2, learners="linear, boosted_trees")
    told, at = found["report"].metrics[0], found["model"].threshold
    assert at != 0.5 and told["search"]["threshold"] == at and "0.5" not in told["search"]["metric"]
    assert ["Threshold", f"{at:g}, the best one for F1 on left-out rows"] in block(found["report"], "Search")["rows"]
    board = found["leaderboard"].frame
    assert board["Settings"][0].endswith(f"threshold {at:g}") and board["Score"][0] == told["metrics"]["mean_over_folds"]
    for row in board.filter(pl.col("Learner") != "training.voting").iter_rows(named=True):  # each candidate has its own
        own = opened(told, kept.trials, row["Name"])["pipeline"]["nodes"]["threshold"]["params"]["threshold"]
        assert row["Settings"].endswith(f"threshold {own:g}")
    left = reopened(found["report"], monkeypatch, table)
    assert left["validate"]["report"].metrics[0]["metrics"]["f1"] == told["metrics"]["mean_over_folds"]
    same = [run("scoring.score_model", model=model, table=table)["table"].frame for model in (found["model"], left["train"]["model"])]
    assert same[0].equals(same[1]) and (same[0]["Scored Labels"]).equals(same[0]["Scored Probabilities"] >= at)
    guesses = found["predictions"]
    assert (guesses.frame["Scored Labels"]).equals(guesses.frame["Scored Probabilities"] >= at)
    assert guesses.role("Scored Probabilities").threshold == at
    assert told["metrics"]["f1"] <= told["metrics"]["mean_over_folds"] + 1e-12  # left-out folds have thresholds of the others


def test_kept_rows_are_judged_at_the_stored_threshold(monkeypatch):
    table = rare(6_000)
    found = search(table, "rare", metric="mcc", trials=2, learners="linear")
    figures = found["report"].metrics[0]["metrics"]
    left = reopened(found["report"], monkeypatch, table)
    assert left["evaluate"]["report"].metrics[0]["metrics"]["mcc"] == figures["kept_rows"]


def test_metrics_of_probabilities_and_of_several_classes_have_no_threshold():
    truth = np.array([0, 1, 1, 0])
    for task, metric in (("two_class", "auc"), ("two_class", "precision"), ("two_class", "recall"), ("multi_class", "accuracy")):
        known = label_tasks()[task]
        assert Judge(known, metric_of(known, metric), truth, None, ("a", "b")).threshold_of(np.arange(4), np.zeros(4)) is None


def test_losses_of_rows_that_others_chose_the_threshold_for_are_no_better():
    draw = np.random.default_rng(0)
    truth = (draw.random(300) < 0.2).astype(int)
    chance = np.clip(0.2 + 0.3 * truth + draw.normal(0, 0.2, 300), 0, 1)
    known = label_tasks()["two_class"]
    judge = Judge(known, metric_of(known, "f1"), truth, None, ("no", "yes"))
    some, others = np.arange(100), np.arange(100, 300)
    at = judge.threshold_of(others, chance[others])
    assert judge.loss_of(some, chance[some]) <= judge.loss_of(some, chance[some], at) <= judge.loss_of(some, chance[some], 0.99)
