"""The portfolio names modules and settings that exist, with values that their forms accept."""

import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.modelling.automl.portfolio import CALIBRATED, CLASS_WEIGHT, LEARNERS, patience, starts, stopping

MODULES = catalogue().modules


@pytest.mark.parametrize("task", ["two_class", "multi_class", "regression"])
def test_every_start_and_the_ends_of_every_range_are_settings_of_its_module(task):
    ids = {learner.module[task] for learner in LEARNERS if task in learner.module}
    seeded = frozenset(id for id in ids if any(param.name == "seed" for param in MODULES[id].params))
    found = starts(task, "auc", 1_000, LEARNERS, seeded, 7)
    assert [start.learner.name for start in found[:2]] == ["linear", "boosted_trees"]
    for start in found:
        module = MODULES[start.module]
        known = {param.name for param in module.params}
        for settings in (start.settings, stopping(start.settings) if start.learner.stops else {}):
            assert set(settings) <= known
            module.read_settings(settings)
        for place in (0, 1):
            module.read_settings({**start.settings, **{name: span.at(place) for name, span in start.learner.spans.items()}})
        assert {*start.learner.spans, *start.learner.switches} <= known
        for name, values in start.learner.switches.items():
            for value in values:
                module.read_settings({**start.settings, name: value})
        assert start.module not in seeded or start.settings["seed"] == 7
        assert not start.learner.estimator or start.settings["parameters"]["random_state"] == 7


def test_learners_that_are_slow_on_many_rows_are_left_out():
    names = {start.learner.name for start in starts("regression", "r2", 60_000, LEARNERS, frozenset(), 0)}
    assert names.isdisjoint({"neural_network", "nearest_neighbors"})


def test_a_network_passes_more_often_over_few_rows():
    only = [learner for learner in LEARNERS if learner.name == "neural_network"]
    few, many = (
        [start.settings["iterations"] for start in starts("two_class", "auc", rows, only, frozenset(), 0)] for rows in (1_000, 40_000)
    )
    assert few == [200, 300] and many == [5, 15]


def test_a_slow_rate_is_more_patient():
    assert patience({"learning_rate": 0.01}) == 100
    assert patience({"learning_rate": 0.2}) == 20


def test_means_of_many_trees_are_calibrated_where_probabilities_count():
    def calibrated(metric, rarest=100):
        found = starts("multi_class", metric, 1_000, LEARNERS, frozenset(), 0, rarest=rarest)
        return {start.learner.name for start in found if start.settings.get(CALIBRATED) == "temperature"}

    assert calibrated("log_loss") == {"extra_trees", "decision_forest", "nearest_neighbors"}
    assert not calibrated("accuracy")
    assert not calibrated("log_loss", rarest=2)  # it would fail in a fold


def test_a_number_is_first_fitted_by_a_plane_that_is_hardly_bent():
    only = [learner for learner in LEARNERS if learner.name == "linear"]
    weights = {
        task: [each.settings["l2_weight"] for each in starts(task, "r2", 500, only, frozenset(), 0)] for task in ("regression", "two_class")
    }
    assert weights == {"regression": [0.001, 1.0, 30.0], "two_class": [1.0, 30.0]}


@pytest.mark.parametrize(
    ("task", "metric", "starts_with", "switches"),
    [
        ("multi_class", "f1_macro", True, True),
        ("two_class", "auc", False, True),
        ("two_class", "log_loss", False, False),
        ("regression", "r2", False, False),
    ],
)
def test_classes_are_weighted_where_the_metric_gains_by_it(task, metric, starts_with, switches):
    found = starts(task, metric, 1_000, LEARNERS, frozenset(), 0)
    weighted = {start.learner.name for start in found if start.settings.get(CLASS_WEIGHT) == "balanced"}
    assert bool(weighted) == starts_with and weighted <= {"linear", "boosted_trees", "catboost", "xgboost", "decision_forest"}
    assert any(CLASS_WEIGHT in start.learner.switches for start in found) == switches


def test_many_rows_are_tried_with_large_trees_first_which_enter_the_race_late():
    def boosted(rows):
        found = starts("regression", "r2", rows, LEARNERS, frozenset(), 0)
        return [(start.settings["leaves"], start.is_large) for start in found if start.learner.name == "boosted_trees"]

    assert boosted(5_000)[:3] == [(500, True), (127, True), (20, False)]
    assert boosted(4_999)[0] == (20, False)
