"""Weights of a blend are chosen greedily, hold on rows that did not choose them, and a choice among noise promises nothing."""

import numpy as np
import pytest

from pipelines.modelling.automl.ensemble import blended, chosen_weights, greedy, left_out_losses

DRAW = np.random.default_rng(0)
TRUTH = DRAW.normal(size=400)
PARTS = np.array_split(np.arange(400), 5)


def loss(rows, found):
    return float(np.mean((TRUTH[rows] - found) ** 2))


def with_noise(many, size=1.0):
    return [TRUTH + DRAW.normal(size=400) * size for _ in range(many)]


def test_models_that_err_on_different_rows_are_blended():
    models = with_noise(4)
    weights = chosen_weights(models, PARTS, loss)
    assert len(weights) == 4
    assert loss(np.arange(400), blended(models, weights)) < 0.4 * min(loss(np.arange(400), each) for each in models)


def test_a_copy_or_a_worse_model_gets_no_weight():
    best = TRUTH + DRAW.normal(size=400) * 0.1
    assert chosen_weights([best, best.copy(), best + 3], PARTS, loss) == {0: 1}
    assert chosen_weights([best], PARTS, loss) == {0: 1}


def test_weights_are_at_most_forty_picks_and_one_part_will_do():
    models = with_noise(12)
    assert sum(greedy(models, np.arange(400), loss).values()) <= 40
    assert chosen_weights(models, [np.arange(400)], loss)


def test_a_choice_among_noise_is_not_promised():
    noise = [DRAW.normal(size=400) * 0.3 for _ in range(60)]
    chosen = chosen_weights(noise, PARTS, loss)
    promised = loss(np.arange(400), blended(noise, chosen))
    honest = float(np.mean(left_out_losses(noise, PARTS, loss)))
    assert promised < honest and honest == pytest.approx(loss(np.arange(400), np.zeros(400)), rel=0.1)


def test_probabilities_of_several_classes_are_blended():
    first, second = np.full((4, 3), 1 / 3), np.eye(3)[[0, 1, 2, 0]]
    assert blended([first, second], {0: 1, 1: 1}).sum(axis=1) == pytest.approx(1)
