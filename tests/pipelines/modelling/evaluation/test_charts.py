"""Pieces of charts."""

import numpy as np
import pytest

from pipelines.modelling.evaluation.charts import bin_edges


def test_bins_are_those_of_numpy():
    values = np.random.default_rng(0).normal(size=200)
    assert bin_edges(values, 30) == pytest.approx(np.histogram_bin_edges(values, 30), abs=1e-12)
    assert bin_edges(np.array([2.0, 2.0]), 4).tolist() == np.histogram_bin_edges([2.0], 4).tolist()


@pytest.mark.parametrize("values", [[3637.0, 3637.0000000000005], [2.0**63, 2.0**63 + 4096], [1e100], [-1e-300, 0.0], [5e-324, 0.0]])
def test_numbers_that_lie_too_close_for_the_bins_have_fewer(values):
    edges = bin_edges(np.array(values), 30)
    assert 2 <= len(edges) <= 31 and (np.diff(edges) > 0).all()
    assert np.histogram(values, edges)[0].sum() == len(values)
