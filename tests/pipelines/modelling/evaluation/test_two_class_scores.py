"""Figures of two classes: as scikit-learn's, with weights, and at several thresholds at once."""

import numpy as np
import pytest
from sklearn import metrics

from pipelines.modelling.evaluation.influences import influences_of_probabilities
from pipelines.modelling.evaluation.two_class_scores import AT_THRESHOLD, OF_PROBABILITIES, Cells, cells, figure, figures

BY_SCIKIT_LEARN = {
    "accuracy": metrics.accuracy_score,
    "balanced_accuracy": metrics.balanced_accuracy_score,
    "precision": metrics.precision_score,
    "recall": metrics.recall_score,
    "f1": metrics.f1_score,
    "mcc": metrics.matthews_corrcoef,
    "auc": metrics.roc_auc_score,
    "average_precision": metrics.average_precision_score,
    "log_loss": metrics.log_loss,
    "brier": metrics.brier_score_loss,
}


def drawn(seed, rows=300, places=12):
    """Truth, probabilities of which many are equal, and weights of which some are 0."""
    dice = np.random.default_rng(seed)
    truth = dice.integers(0, 2, rows)
    chance = np.round(np.clip(0.3 * truth + dice.random(rows) * 0.7, 0.01, 0.99) * places) / (places + 1)
    return truth, np.clip(chance, 0.01, 0.99), np.round(dice.random(rows) * 3)


@pytest.mark.parametrize("weighed", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_every_figure_is_that_of_scikit_learn(seed, weighed):
    truth, chance, weight = drawn(seed)
    known = weight if weighed else None
    assert set(BY_SCIKIT_LEARN) == {*AT_THRESHOLD, *OF_PROBABILITIES}
    for key, of in BY_SCIKIT_LEARN.items():
        predicted = chance >= 0.5 if key in AT_THRESHOLD else chance
        assert figure(key, truth, chance, known) == pytest.approx(of(truth, predicted, sample_weight=known), rel=1e-12, abs=1e-12), key
    together = figures(truth, chance, known)
    assert {key: together[key] for key in BY_SCIKIT_LEARN} == {key: figure(key, truth, chance, known) for key in BY_SCIKIT_LEARN}


def test_figures_of_several_thresholds_are_those_of_each():
    truth, chance, _ = drawn(5)
    thresholds = [0.0, 0.2, 0.5, 0.9, 1.0]
    each = [cells(truth, chance >= threshold, None) for threshold in thresholds]
    together = Cells(*(np.array(column) for column in zip(*each, strict=True)))
    for key, of in AT_THRESHOLD.items():
        assert of(together).tolist() == [figure(key, truth, chance, None, chance >= threshold) for threshold in thresholds], key


@pytest.mark.parametrize("only", [0, 1])
def test_of_one_class_alone_only_what_compares_both_is_unknown(only):
    truth, chance = np.full(4, only), np.array([0.2, 0.6, 0.7, 0.9])
    found = figures(truth, chance, None)
    assert {key for key, value in found.items() if value is None} == {"auc", "average_precision"}
    assert found["balanced_accuracy"] == found["accuracy"] and found["mcc"] == 0
    assert figures(truth, chance, np.array([1.0, 0, 2, 1]))["auc"] is None


@pytest.mark.parametrize("key", ["accuracy", "balanced_accuracy", "precision", "recall", "f1", "mcc", "auc", "log_loss", "brier"])
def test_a_figure_moves_with_a_row_as_its_influence_says(key):
    truth, chance, weight = drawn(1)
    weight = weight + 1
    moved = influences_of_probabilities(truth, chance, weight)[key]
    moved = (moved - np.average(moved, weights=weight)) / weight.sum()
    for row in range(0, 300, 37):
        more = weight.astype(float)
        more[row] += 1e-4
        change = (figure(key, truth, chance, more) - figure(key, truth, chance, weight)) / 1e-4
        assert change == pytest.approx(moved[row], rel=1e-2, abs=1e-7)
