"""Thresholds that are best for a figure, beside scikit-learn's figures at every cut; and the threshold that rows were labelled with."""

import numpy as np
import polars as pl
import pytest
from sklearn import metrics

from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.modelling.evaluation.scored import read_scored
from pipelines.modelling.evaluation.thresholds import Aim, best_threshold, between, decided

FIGURES = {
    "f1": metrics.f1_score,
    "balanced_accuracy": metrics.balanced_accuracy_score,
    "mcc": metrics.matthews_corrcoef,
    "accuracy": metrics.accuracy_score,
}


def drawn(rows=300, seed=0):
    dice = np.random.default_rng(seed)
    truth = (dice.random(rows) < 0.2).astype(int)
    chance = np.round(np.clip(0.2 + 0.3 * truth + dice.normal(0, 0.2, rows), 0, 1), 2)  # with ties
    return truth, chance, dice.integers(1, 5, rows).astype(float)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("metric", FIGURES)
def test_no_cut_is_better(metric, weighted):
    truth, chance, weight = drawn()
    weight = weight if weighted else None
    found = best_threshold(truth, chance, weight, Aim(metric))
    of = lambda at: FIGURES[metric](truth, chance >= at, sample_weight=weight)  # noqa: E731
    assert found.value == pytest.approx(of(found.threshold), abs=1e-12)
    assert found.usual == pytest.approx(of(0.5), abs=1e-12)
    assert found.value == pytest.approx(max(of(at) for at in [*np.unique(chance), 1.1]), abs=1e-12)


def test_the_lowest_cost():
    truth, chance, weight = drawn()
    found = best_threshold(truth, chance, weight, Aim("cost", 1, 7))
    of = lambda at: np.average(np.where(truth == 1, 7 * (chance < at), chance >= at), weights=weight)  # noqa: E731
    assert found.value == pytest.approx(min(of(at) for at in [*np.unique(chance), 1.1]), abs=1e-12)
    assert found.value == pytest.approx(of(found.threshold), abs=1e-12) and found.usual == pytest.approx(of(0.5), abs=1e-12)


def test_of_equal_cuts_the_one_closest_to_a_half_and_a_half_itself_where_it_will_do():
    assert best_threshold(np.array([0, 0, 1, 1]), np.array([0.1, 0.2, 0.8, 0.9]), None, Aim("f1")).threshold == 0.5
    assert best_threshold(np.array([0, 1]), np.array([0.611, 0.645]), None, Aim("mcc")).threshold == 0.63
    assert best_threshold(np.array([0, 0, 0]), np.array([0.2, 0.7, 0.1]), None, Aim("accuracy")).threshold == 0.8  # none is positive
    assert best_threshold(np.array([1, 1, 0]), np.array([0.0, 0.0, 0.0]), None, Aim("accuracy")).threshold == 0.0  # all are


def test_scores_that_rounding_would_mix_are_not_cut_between():
    chance = np.array([0.3, 0.3 * (1 + 1e-8), 0.9])
    found = best_threshold(np.array([0, 1, 1]), chance, None, Aim("accuracy"))
    assert {*(chance >= found.threshold)[:2]} in ({True}, {False})
    assert (chance.astype(np.float32) >= found.threshold).tolist() == (chance >= found.threshold).tolist()


@pytest.mark.parametrize(
    ("low", "high", "wanted", "found"), [(0.2, 0.9, 0.5, 0.5), (0.61, 0.65, 0.5, 0.63), (0.3, 0.3, 0.5, 0.3), (0.0, 0.0, 0.5, 0.0)]
)
def test_between_two_numbers(low, high, wanted, found):
    assert between(low, high, wanted) == found


def test_the_threshold_of_a_scored_table():
    def of(labels, threshold=None, model="m"):
        frame = pl.DataFrame({"y": ["a", "b", "b"], "Scored Labels": labels, "Scored Probabilities": [0.2, 0.4, 0.8]})
        score = ColumnRole("score", positive="b", model=model, task="two_class")
        roles = {
            "y": ColumnRole("label"),
            "Scored Labels": score,
            "Scored Probabilities": ColumnRole("score", False, "b", model, "two_class", threshold),
        }
        at, guess = decided(read_scored(Table(frame, roles)), "b")
        return at, None if guess is None else guess.tolist()

    assert of(["a", "a", "b"]) == (0.5, None)
    assert of(["a", "b", "b"], 0.3) == (0.3, None)
    assert of(["b", "b", "b"], 0.3) == (None, [True, True, True])  # such as groups with thresholds of their own
    assert of(["b", None, "b"]) == (0.5, None)
    assert of(["b", "b", "b"], model=None) == (0.5, None)  # of another tool: a column that is called so is no answer
