"""Gaussian Mixture Clustering."""

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import pairwise_distances
from sklearn.mixture import GaussianMixture

from tests.pipelines.modules.distances import assignments, by_size, cars, clustered, distance_matrix, distances
from tests.support.module_runner import only

MIXTURE = "clustering.gaussian_mixture"


@pytest.mark.parametrize("shape", ["full", "tied", "diag", "spherical"])
def test_clusters_and_probabilities_are_those_of_scikit_learn(shape):
    train, test = cars()
    x, new = (distance_matrix(train, frame) for frame in (train, test))
    fitted = GaussianMixture(3, covariance_type=shape, reg_covar=1e-3, random_state=5).fit(x)
    labels = fitted.predict(x)
    number = by_size(labels.tolist())
    order = sorted(number, key=number.__getitem__)
    found = clustered(MIXTURE, {"clusters": 3, "shape": shape, "smoothing": 1e-3, "seed": 5})
    scored = only("scoring.score_model", model=found["model"], table=test)
    assert assignments(found["table"]) == [number[label] for label in labels]
    assert assignments(scored) == [number[label] for label in fitted.predict(new)]
    chances = scored.frame.select(pl.col("^ClusterProbability no.*$")).to_numpy()
    np.testing.assert_allclose(chances, fitted.predict_proba(new)[:, order], atol=1e-9)
    np.testing.assert_allclose(distances(scored), pairwise_distances(new, fitted.means_)[:, order], atol=1e-9, rtol=1e-9)
    table = next(block for block in found["model"].report.blocks if block["title"].startswith("Separation"))
    assert dict(table["rows"])["BIC"] == pytest.approx(fitted.bic(x), rel=1e-9)


def test_probabilities_can_be_left_out():
    assert not [name for name in clustered(MIXTURE, {"probabilities": False})["table"].frame.columns if "Probability" in name]
