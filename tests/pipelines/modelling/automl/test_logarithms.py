"""Learners of the logarithm are tried for a label with a long tail, with what suits the metric."""

import numpy as np
import pytest

from pipelines.modelling.automl import portfolio
from pipelines.modelling.automl.logarithms import LEARNERS, LOGARITHM, is_skewed, with_logarithms


@pytest.mark.parametrize(("metric", "predicts"), [("root_mean_squared_error", "mean"), ("r2", "mean"), ("mean_absolute_error", "median")])
def test_the_first_start_of_some_learners_is_followed_by_the_same_on_the_logarithm(metric, predicts):
    plain = portfolio.starts("regression", metric, 1_000, portfolio.LEARNERS, frozenset(), 0)
    found = with_logarithms(plain, metric)
    of_logarithm = [start for start in found if LOGARITHM in start.settings]
    assert sorted(start.learner.name for start in of_logarithm) == sorted(LEARNERS)
    for start in of_logarithm:
        before = found[found.index(start) - 1]
        assert start.settings == {**before.settings, LOGARITHM: predicts} and start.module == before.module
        assert before == next(each for each in plain if each.learner == start.learner)
    assert [start for start in found if start not in of_logarithm] == plain


@pytest.mark.parametrize(
    ("label", "skewed"),
    [
        ([0, 1, 1, 2, 20], True),
        ([-1, 1, 1, 2, 20], False),
        ([0, 1, 2, 3, 4], False),
        ([0, 9, 10, 10, 11], False),
        ([5, 5, 5], False),
    ],
)
def test_a_label_is_skewed_if_it_has_a_long_tail_of_large_values_from_0_on(label, skewed):
    assert is_skewed(np.array(label, dtype=float)) is skewed
