"""Distances against what the raw values give, and their probabilities."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import betabinom, ks_2samp, mannwhitneyu, wasserstein_distance

from pipelines.monitoring.drift import Drift, chance_of, compare
from pipelines.monitoring.profile import column_profile
from pipelines.monitoring.tally import Tally


def pair(shift: float, m: int = 5000, n: int = 2000) -> tuple[Drift, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    reference, window = rng.normal(size=m), rng.normal(shift, 1, n)
    column = column_profile("x", "input", "number", reference.tolist())
    found = compare(column, column.count(window.tolist()))
    assert found is not None
    return found, reference, window


@pytest.mark.parametrize("shift", [0.0, 0.3, 1.0])
def test_distances_of_bins_are_close_to_those_of_values(shift: float):
    found, reference, window = pair(shift)
    assert found.ks is not None and found.wasserstein is not None
    assert 0 <= ks_2samp(reference, window).statistic - found.ks <= 0.02
    assert found.wasserstein == pytest.approx(wasserstein_distance(reference, window) / reference.std(), abs=0.02, rel=0.07)


def test_psi_is_the_sum_over_deciles():
    found, reference, window = pair(0.5)
    edges = np.quantile(reference, np.arange(1, 10) / 10, method="inverted_cdf")
    shares = np.bincount(np.searchsorted(edges, window), minlength=10) / len(window)
    assert found.psi == pytest.approx(float(np.sum((shares - 0.1) * np.log(shares / 0.1))))


def test_the_probability_is_that_of_the_rank_test_for_a_shift():
    found, reference, window = pair(0.1)
    assert np.log(found.p) == pytest.approx(np.log(3 * mannwhitneyu(reference, window).pvalue), rel=0.15)


def test_gaps_count_in_psi_and_an_empty_window_has_no_distance():
    column = column_profile("x", "input", "number", [*range(1000)])
    found = compare(column, column.count([*range(0, 1000, 2)] + [None] * 500))
    assert found is not None and found.psi > 1 and found.ks is not None and found.ks < 0.02
    empty = compare(column, column.count([None] * 500))
    assert empty is not None and (empty.ks, empty.wasserstein) == (None, None) and empty.p < 1e-100
    assert compare(column, Tally(invalid=3)) is None


def test_columns_without_a_distribution_are_not_compared():
    assert compare(column_profile("x", "input", "date", ["2026-01-01"]), Tally(bins=[1])) is None
    constant = column_profile("x", "input", "number", [5.0] * 100)
    same = compare(constant, constant.count([5.0] * 300))
    assert same is not None and (same.psi, same.ks, same.wasserstein, same.p) == (0, 0, None, 1)


@pytest.mark.parametrize(("rows", "of", "a", "b"), [(3, 200, 0.5, 999.5), (40, 1000, 2, 60), (1, 200, 2, 5000), (900, 1000, 30, 70)])
def test_the_chance_of_a_share_is_the_tail_of_the_beta_binomial(rows: int, of: int, a: float, b: float):
    assert chance_of(rows, of, a, b) == pytest.approx(betabinom.sf(rows - 1, of, a, b), rel=1e-6)
    assert chance_of(0, of, a, b) == 1
