"""Figures of predicted numbers: as scikit-learn's, with weights, and none where they have no value."""

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn import metrics

from pipelines.modelling.evaluation.influences import influences_of_errors
from pipelines.modelling.evaluation.number_scores import KEYS, NORMALIZED, figure

BY_SCIKIT_LEARN = {
    "mean_absolute_error": metrics.mean_absolute_error,
    "root_mean_squared_error": metrics.root_mean_squared_error,
    "r2": metrics.r2_score,
    "median_absolute_error": metrics.median_absolute_error,
    "mean_absolute_percentage_error": metrics.mean_absolute_percentage_error,
    "root_mean_squared_log_error": metrics.root_mean_squared_log_error,
    "poisson_deviance": metrics.mean_poisson_deviance,
    "tweedie_deviance": lambda *pair, **known: metrics.mean_tweedie_deviance(*pair, power=1.5, **known),
}
POSITIVE = ("poisson_deviance", "tweedie_deviance")


def drawn(seed, rows=200):
    """Positive numbers with equal ones among them, predictions, and whole weights of which some are 0."""
    dice = np.random.default_rng(seed)
    truth = np.round(dice.gamma(2, 2, rows) + 0.1, 1)
    return truth, np.round(truth * np.exp(dice.normal(0, 0.4, rows)), 1) + 0.05, dice.integers(0, 4, rows).astype(float)


@pytest.mark.parametrize("weighed", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_every_figure_is_that_of_scikit_learn(seed, weighed):
    truth, guess, weight = drawn(seed)
    known = weight if weighed else None
    for key, of in BY_SCIKIT_LEARN.items():
        assert figure(key, truth, guess, known) == pytest.approx(of(truth, guess, sample_weight=known), rel=1e-12), key
    times = np.repeat(np.arange(len(truth)), weight.astype(int) if weighed else 1)
    assert figure("spearman", truth, guess, known) == pytest.approx(spearmanr(truth[times], guess[times]).statistic, rel=1e-12)
    width = np.ptp(truth[weight > 0] if weighed else truth)
    for key, of in NORMALIZED.items():
        assert figure(key, truth, guess, known) * width == pytest.approx(figure(of, truth, guess, known))


def test_an_even_median_is_between_two_rows():
    truth, guess = np.zeros(4), np.array([1.0, 2, 4, 9])
    assert figure("median_absolute_error", truth, guess, None) == 3
    assert figure("median_absolute_error", truth, guess, np.array([1.0, 1, 0, 2])) == 5.5
    many = np.repeat([1.0, 2.0], 500)
    for weight in (0.1, 0.7, 1e9 / 3):  # sums that are rounded
        assert figure("median_absolute_error", np.zeros(1000), many, np.full(1000, weight)) == 1.5


@pytest.mark.parametrize("key", KEYS)
def test_a_row_without_weight_is_no_row(key):
    truth, guess, weight = np.array([1.0, 2, 4, 7, -3]), np.array([2.0, 2, 3, 9, -9]), np.array([1.0, 2, 1, 1, 0])
    assert figure(key, truth, guess, weight) == figure(key, truth[:4], guess[:4], weight[:4]) is not None


@pytest.mark.parametrize(
    ("key", "truth", "guess"),
    [
        ("mean_absolute_percentage_error", [0.0, 1], [1.0, 2]),
        ("mean_absolute_percentage_error", [1e-308, 1], [9.0, 2]),  # beyond the largest number
        ("root_mean_squared_log_error", [-1.0, 1], [1.0, 2]),
        ("root_mean_squared_log_error", [0.0, 1], [-2.0, 2]),
        *((key, [-0.1, 1], [1.0, 2]) for key in POSITIVE),
        *((key, [0.0, 1], [0.0, 2]) for key in POSITIVE),
        *((key, [2.0, 2], [1.0, 2]) for key in ("r2", "relative_absolute_error", "relative_squared_error", *NORMALIZED)),
        ("spearman", [1.0, 2], [3.0, 3]),
    ],
)
def test_what_has_no_value_is_none(key, truth, guess):
    assert figure(key, np.array(truth), np.array(guess), None) is None
    assert figure("mean_absolute_error", np.array(truth), np.array(guess), None) is not None


def test_a_figure_moves_with_a_row_as_its_influence_says():
    truth, guess, weight = drawn(1)
    weight += 1
    for key, moved in influences_of_errors(truth, guess, weight).items():
        moved = (moved - np.average(moved, weights=weight)) / weight.sum()
        for row in (3, 77, 150):
            more = weight.copy()
            more[row] += 1e-4
            change = (figure(key, truth, guess, more) - figure(key, truth, guess, weight)) / 1e-4
            assert change == pytest.approx(moved[row], rel=1e-2, abs=1e-7), key
    assert set(KEYS) - set(influences_of_errors(truth, guess, weight)) == {"median_absolute_error", "spearman"}
