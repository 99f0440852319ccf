"""Trials: trees stop by the rows that are judged, the first trees of a long model are those of a short one, and what is clearly worse is given up."""

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.items import Item
from pipelines.catalogue.ports import Table
from pipelines.modelling.automl.ensemble import is_worse
from pipelines.modelling.automl.history import ALL
from pipelines.modelling.automl.portfolio import LEARNERS
from pipelines.modelling.family import Watched
from pipelines.modules.training import _automl_trials
from pipelines.modules.training._automl_problem import problem_of
from pipelines.modules.training._automl_trials import Trials, best_trees, predictions_in

DRAW = np.random.default_rng(0)
NUMBERS, KINDS = DRAW.normal(size=(300, 2)), DRAW.choice(["a", "b", "c", None], 300)
SUM = NUMBERS[:, 0] + (KINDS == "a") + DRAW.normal(size=300)
LABELS = {"two_class": SUM > 0, "multi_class": np.array(["low", "middle", "high"])[np.digitize(SUM, [-1, 1])], "regression": 1e7 + SUM}
GROWING = [(each.module[task], task) for each in LEARNERS if each.stops for task in each.module]


def trials_of(task):
    table = Table(pl.DataFrame({"x": NUMBERS[:, 0], "z": NUMBERS[:, 1], "kind": KINDS, "label": LABELS[task]}))
    return Trials(problem_of(table, "label", "automatic", "", "automatic", "label", None, 0, None))


def about(module, settings, *, stops, share=ALL, beat=()):
    return Item("one", {"module": module, "settings": settings, "stops": stops, "share": share, "~beat": list(beat), "~most_seconds": 60.0})


@pytest.mark.parametrize(("module", "task"), GROWING)
def test_the_first_trees_of_a_long_model_are_those_of_a_short_one(module, task):
    if not catalogue().modules[module].is_installed:
        pytest.skip("its extra is not installed")
    trials = trials_of(task)
    settings = {"learning_rate": 0.1, "seed": 3} | ({"category_means": True, "random_splits": True} if "boosted_trees" in module else {})
    found = trials.each(about(module, settings, stops=True))
    trees = found.figures["trees"]
    assert 1 < trees < 200
    again = trials_of(task).each(about(module, {**settings, "trees": trees}, stops=False))
    assert np.array_equal(predictions_in(found.blob), predictions_in(again.blob))
    assert again.figures["losses"] == found.figures["losses"]


def test_a_candidate_is_given_up_between_folds_where_it_is_clearly_worse():
    trials, linear = trials_of("two_class"), "classification.two_class_logistic_regression"
    whole = trials.each(about(linear, {}, stops=False))
    better = [loss - 0.1 for loss in whole.figures["losses"]]
    stopped = trials.each(about(linear, {}, stops=False, beat=better))
    assert stopped.figures["stopped"] < len(better) and "loss" not in stopped.figures and not stopped.blob
    assert "loss" in trials.each(about(linear, {}, stops=False, beat=whole.figures["losses"])).figures


def test_what_is_worse_by_chance_is_not_given_up():
    assert is_worse([0.2, 0.2], [0.1, 0.1]) and is_worse([0.3, 0.32, 0.29], [0.2, 0.25, 0.21])
    assert not is_worse([0.2], [0.1])
    assert not is_worse([0.2, 0.1], [0.1, 0.19]) and not is_worse([0.1, 0.1], [0.2, 0.2])


def test_the_trees_are_those_with_the_lowest_mean_loss():
    assert best_trees([[3, 2, 1, 2], [3, 1, 4]]) == 2
    assert best_trees([(), ()]) is None


def test_growing_goes_on_longer_where_many_trees_were_useful():
    def grown(falling):
        watched = Watched(pl.DataFrame(), None, None, 5)
        return next(count for count in range(1, 1_000) if watched.add(float(max(falling - count, 0))))

    assert Watched(pl.DataFrame(), None, None, 5, seconds=0.0).add(1.0)
    assert grown(1) == 6
    assert grown(100) == 100 + 5 + 99 // 5


def test_a_trial_that_takes_longer_than_its_seconds_fails_and_says_which_setting():
    problem = trials_of("regression").problem
    item = about("regression.linear_regression", {}, stops=False)
    with pytest.raises(ModuleError) as caught:
        Trials(problem, 1e-9).each(item)
    assert (caught.value.code, caught.value.param) == ("trial_too_long", "trial_seconds")
    told = Trials(problem, 600.0).each(item).figures
    assert told["rows"] == 270 and told["score"] > 0


def test_trees_grow_in_a_part_of_the_seconds_of_a_trial():
    problem, folds = trials_of("regression").problem, about("", {}, stops=True).content
    assert Trials(problem)._most_seconds(folds) == 60.0
    assert Trials(problem, 10.0)._most_seconds(folds) == pytest.approx(_automl_trials.GROWING * 10.0 / 10)
    assert Trials(problem, 10.0)._most_seconds({**folds, "share": 0.25}) == pytest.approx(_automl_trials.GROWING * 10.0)
